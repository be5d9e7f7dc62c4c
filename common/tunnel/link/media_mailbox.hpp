#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>

#include "common/tunnel/link/media_link.hpp"

namespace roamdesk::tunnel::link {

// What another thread orders of a MediaLink: its post_* as values.
struct SetSession {
  MediaLink::Session session;
};
struct SetRemoteAddress {
  Endpoint remote;
};
struct SetKeys {
  std::uint16_t epoch;
  EpochKeys keys;
};
struct Remove {};
struct FromStream {
  crypto::Bytes datagram;
};
struct MediaOrder {
  MediaPeer peer;
  std::variant<SetSession, SetRemoteAddress, SetKeys, Remove, FromStream> what;
};

// Where a MediaLink's thread and the others leave things for each other: orders in; notices and figures out. Its lock
// is never taken for a packet that goes by UDP.
class MediaMailbox {
 public:
  MediaMailbox();  // throws std::system_error where the kernel has no descriptor left
  ~MediaMailbox();
  MediaMailbox(const MediaMailbox&) = delete;
  MediaMailbox& operator=(const MediaMailbox&) = delete;

  // ---- media thread
  int descriptor() const { return wake_; }  // readable while orders wait
  std::deque<MediaOrder> take_orders();
  void notify(MediaNotice notice);  // dropped where nobody has read the last 4,096
  void publish(MediaPeer peer, const MediaStats& stats, std::uint64_t unsent);
  void withdraw(MediaPeer peer);  // its figures

  // ---- any thread
  void post(MediaOrder order);
  void set_notify(std::function<void()> notify);
  std::optional<MediaNotice> poll_notice();
  MediaStats stats(MediaPeer peer) const;  // zeros for one that isn't there
  std::uint64_t unsent() const;

 private:
  int wake_ = -1;  // eventfd
  mutable std::mutex mutex_;
  std::deque<MediaOrder> orders_;
  std::deque<MediaNotice> notices_;
  std::unordered_map<MediaPeer, MediaStats> published_;
  std::uint64_t unsent_ = 0;
  std::function<void()> notify_;
};

}  // namespace roamdesk::tunnel::link

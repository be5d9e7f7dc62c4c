#pragma once
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/media/engine.hpp"
#include "common/media/stream.hpp"
#include "common/net/socket_address.hpp"

namespace roamdesk::media {

// The media thread. Everything but post() runs in it; it shares the mailbox, and what it hands to the recorder.
class Engine::Loop : private tunnel::link::PacketSink {
 public:
  Loop(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report);
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void post(Order order, std::optional<tunnel::link::MediaPeer> trunk);

 private:
  using Trunk = std::optional<tunnel::link::MediaPeer>;
  struct Posted {
    Order order;
    Trunk trunk;
  };
  // Packets read in a system call.
  static constexpr unsigned batch = 32;
  // What the tunnel carries; anything longer is dropped.
  static constexpr std::size_t most_bytes = 1500;
  static constexpr std::uint64_t tag_wake = 0, tag_link = 1;

  void ring() const;
  void watch(int fd, std::uint64_t tag) const;
  void run();
  int timeout_ms(TimePoint now) const;
  Stream* find(StreamId id);

  // loop_packets.cpp
  void receive(std::uint64_t tag, TimePoint now);
  void take_errors(std::uint64_t tag, TimePoint now);
  void on_packet(tunnel::link::MediaPeer peer, std::uint32_t id, bool rtcp, std::span<const std::uint8_t> bytes,
                 TimePoint now) override;
  void heard(Stream& stream, bool rtcp, Packet packet, const RtpView* rtp, TimePoint now);
  void listen(Stream& stream, const RtpView& rtp, TimePoint now);
  void deliver(Stream& stream, bool rtcp, Packet packet, TimePoint now);
  void send(Stream& stream, bool rtcp, Packet packet, TimePoint now);

  // loop_orders.cpp
  void take_orders(TimePoint now);
  void perform(const OpenStream& order, const Trunk& trunk);
  void perform(const SetRemote& order, TimePoint now);
  void perform(const Connect& order, TimePoint now);
  void perform(const Disconnect& order, TimePoint now);
  void perform(const CloseStream& order, TimePoint now);
  void perform(const Play& order, TimePoint now);
  void perform(const StopPlaying& order, TimePoint now);
  void perform(const Collect& order, TimePoint now);
  void play_due(TimePoint now);
  void stop_playing(Stream& stream);

  // loop_recordings.cpp
  void perform(const Record& order, TimePoint now);
  void perform(const StopRecording& order, TimePoint now);
  void record(Stream& stream, const RtpView& rtp, TimePoint now);
  void end_recording(Stream& stream, RecordingEnd why);
  void abandon_recording(Stream& stream);
  void forget_recording(Stream& stream);
  void record_due(TimePoint now);
  void take_recorded();

  Settings settings_;
  const PromptLibrary& prompts_;
  tunnel::link::MediaLink* link_;
  Report report_;
  int epoll_ = -1, wake_ = -1;
  // Of the mailbox: orders, never packets.
  std::mutex mutex_;
  std::vector<Posted> mailbox_, taken_;
  std::unordered_map<StreamId, std::unique_ptr<Stream>> streams_;
  std::vector<Stream*> playing_, recording_;
  std::unique_ptr<Recorder> recorder_;
  std::array<std::array<std::uint8_t, most_bytes>, batch> buffers_;
  // A packet on its way to a phone by SRTP.
  std::array<std::uint8_t, most_bytes + srtp::most_added> sealed_;
  std::array<iovec, batch> vectors_{};
  std::array<mmsghdr, batch> messages_{};
  std::array<net::SocketAddress, batch> sources_{};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

inline bool is_g711(Codec codec) { return codec == Codec::pcmu || codec == Codec::pcma; }

}  // namespace roamdesk::media

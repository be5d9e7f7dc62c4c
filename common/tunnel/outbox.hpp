#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "common/base/time.hpp"
#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::tunnel {

// The frames that wait to be written, by class: connection before signalling before media before bulk, so that no
// download ever starves a call. Signalling is kept until it is acknowledged; media is dropped, oldest first, when it is
// 60 ms old; bulk pushes back on its producer.
class Outbox {
 public:
  struct Limits {
    std::size_t signalling_bytes = 4 * 1024 * 1024;  // queued and unacknowledged
    std::size_t bulk_bytes = 512 * 1024;
    std::size_t media_bytes = 256 * 1024;
    Duration media_age = std::chrono::milliseconds{60};
    // A request that waited longer is sent as an empty message, which counts and says nothing: by then its sender has
    // given up, and a phone must not ring for a caller who has gone. Those that end something are never too late.
    Duration invite_age = std::chrono::seconds{8};
    Duration request_age = std::chrono::seconds{32};  // 64*T1 (RFC 3261 §17.1.2.2)
  };
  explicit Outbox(Limits limits) : limits_(limits) {}

  // False: the class is full (never for connection frames and media; media drops its oldest).
  bool push(const Frame& frame, TimePoint now);
  // The frame to write now, or what is left of it; empty if there is none.
  crypto::ByteView front(TimePoint now);
  void consumed(std::size_t count);
  bool has_room(FrameClass cls) const;

  // Reliable frames up to `count` (since the session began) have arrived. False: more than were ever sent.
  bool acknowledged(std::uint64_t count);
  // The connection is gone: signalling starts over from what isn't acknowledged, everything else is dropped.
  void disconnected();
  // The session is gone.
  void clear();

  // Media frames that were too old or found no room, since the start.
  std::uint64_t media_dropped() const { return media_dropped_; }
  std::uint64_t queued_count() const { return acknowledged_ + signalling_.size(); }
  // While held, signalling frames wait (no hello/welcome yet).
  void hold(bool held) { held_ = held; }
  bool consistent() const;

 private:
  struct Perishable {
    Duration good_for;
    FlowNumber flow;
  };
  struct Queued {
    crypto::Bytes bytes;
    TimePoint at;
    std::optional<Perishable> perishable = std::nullopt;  // nullopt: it is never too late
  };
  using Queue = std::deque<Queued>;

  void drop_oldest_media();
  std::optional<Perishable> perishable(const Frame& frame) const;

  Limits limits_;
  Queue connection_, signalling_, media_, bulk_;
  std::size_t signalling_bytes_ = 0, media_bytes_ = 0, bulk_bytes_ = 0;
  std::size_t sent_ = 0;  // of signalling_: how many have been written on this connection
  std::uint64_t acknowledged_ = 0;
  std::uint64_t media_dropped_ = 0;
  bool held_ = true;

  crypto::Bytes current_;  // the frame that is being written
  std::size_t offset_ = 0;
};

}  // namespace roamdesk::tunnel

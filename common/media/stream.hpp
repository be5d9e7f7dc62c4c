#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "common/media/prompts.hpp"
#include "common/media/protection.hpp"
#include "common/media/recorder.hpp"
#include "common/media_orders/orders.hpp"
#include "common/rtp/digits.hpp"
#include "common/rtp/latch.hpp"
#include "common/rtp/rtp.hpp"
#include "common/rtp/track.hpp"

namespace roamdesk::media {

// What a stream plays: prompts one behind the other, 20 ms at a time.
class Playout {
 public:
  static constexpr std::size_t frame = 160;  // 20 ms at 8 kHz
  static constexpr std::chrono::milliseconds pace{20};

  // `ssrc`, `sequence` and `timestamp` are random (RFC 3550 §5.1).
  void begin(std::deque<const Prompt*> prompts, bool repeat, std::uint32_t random, TimePoint now);
  void stop() { prompts_.clear(); }
  bool playing() const { return !prompts_.empty(); }
  TimePoint due() const { return due_; }
  // After a stall of the thread longer than a phone's jitter buffer takes, the rest comes late instead of all at once.
  void forgive(TimePoint now) {
    if (now - due_ > 4 * pace) due_ = now;
  }
  // The next RTP packet into `out`; its size. 0: nothing is left, it has ended.
  std::size_t next(std::span<std::uint8_t, 12 + frame> out, bool alaw, std::uint8_t payload_type);

 private:
  std::deque<const Prompt*> prompts_;
  std::size_t at_ = 0, current_ = 0;
  bool repeat_ = false, marker_ = false;
  std::uint32_t ssrc_ = 0, timestamp_ = 0;
  std::uint16_t sequence_ = 0;
  TimePoint due_{};
};

// The recording of a stream that is under way.
struct Recording {
  Recording(Recorder::Serial its, TimePoint end, Track sound) : serial(its), until(end), track(sound) {}
  Recorder::Serial serial;
  TimePoint until;
  Track track;
};

// A stream of another media thread.
struct Far {
  std::size_t thread = 0;
  StreamId stream;
};

struct Stream;

// An even/odd pair of sockets: a stream's, or kept for the next one at its port. What comes to it meanwhile is dropped.
struct Ports {
  // Chosen by the media thread, never used twice.
  std::uint32_t serial = 0;
  Endpoint local;
  int rtp = -1, rtcp = -1;
  Stream* stream = nullptr;
};

// One leg of a call, as the media thread knows it.
struct Stream {
  StreamId id;
  // Its packets come and go by the tunnel, from and to this peer.
  std::optional<std::uint32_t> trunk;
  // nullptr: a trunk stream.
  Ports* ports = nullptr;
  SetRemote remote;
  Latch rtp, rtcp;
  // Connected with; or, where that is another thread's, `far`. Never both.
  Stream* peer = nullptr;
  std::optional<Far> far;
  bool collecting = false, barge_in = false;
  std::optional<DigitCollector> digits;
  Playout playout;
  // Of the playback under way, or the last one.
  PlayId play;
  std::unique_ptr<Recording> recording;
  // SRTP as it holds now; nullptr: plain RTP. What it points to stays, with its counters, once there were keys.
  Protection* srtp = nullptr;
  std::unique_ptr<Protection> protection;
  Reception reception;
  std::uint64_t dropped = 0;
};

}  // namespace roamdesk::media

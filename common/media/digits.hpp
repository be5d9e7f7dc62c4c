#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "common/media/orders.hpp"
#include "common/media/rtp.hpp"

// Hearing what is typed on a phone: named events (RFC 4733) and tones in the audio.
namespace roamdesk::media {

// One digit for each event: all packets of an event share its timestamp, whatever is lost, doubled or late (§2.5.1).
class NamedEvents {
 public:
  std::optional<char> received(std::uint32_t timestamp, Packet payload);

 private:
  bool begun_ = false;
  std::uint32_t last_ = 0;
};

// DTMF in the decoded audio, by spandsp. Lost packets are concealed by repeating the last one, so that a gap of a
// packet doesn't make two presses of one.
class Tones {
 public:
  Tones();
  ~Tones();
  Tones(Tones&&) noexcept;
  Tones& operator=(Tones&&) noexcept;
  // One packet of G.711; calls `found(char)` for each digit that ended its detection in it.
  template <class Found>
  void received(std::uint32_t timestamp, Packet payload, bool alaw, Found&& found) {
    for (const char digit : feed(timestamp, payload, alaw))
      if (digit != 0) found(digit);
  }

 private:
  using Found = std::array<char, 8>;
  Found feed(std::uint32_t timestamp, Packet payload, bool alaw);
  struct Detector;
  std::unique_ptr<Detector> detector_;
};

// Both at once: whichever delivers first is the one that counts on this stream from then on (contract §4, Login), so
// that a phone that sends tones as well as events types each digit once.
class DigitCollector {
 public:
  std::optional<char> received(const RtpView& packet, std::optional<std::uint8_t> event_payload);

 private:
  enum class Source : std::uint8_t { none, events, tones };
  Source source_ = Source::none;
  NamedEvents events_;
  Tones tones_;
  static constexpr int events_wait = 4;  // packets of audio, 80 ms
  std::optional<char> waiting_;
  int patience_ = 0;
};

}  // namespace roamdesk::media

#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <optional>

#include "common/rtp/named_events.hpp"
#include "common/rtp/rtp.hpp"
#include "common/rtp/tones.hpp"

namespace roamdesk::media {

// What the payload types of a stream are, as its SDP says.
struct PayloadTypes {
  std::optional<std::uint8_t> event;  // telephone-event
  std::bitset<128> audio;             // a codec
};

// Hearing what is typed on a phone: named events and tones in the audio, both at once. Whichever delivers first is the
// one that counts on this stream from then on (contract §4, Login), so that a phone that sends both types each digit
// once.
class DigitCollector {
 public:
  // One packet of the stream, at `now`.
  std::optional<char> received(const RtpView& packet, const PayloadTypes& types, TimePoint now);

 private:
  enum class Source : std::uint8_t { none, events, tones };
  // Where events were negotiated, the first tone waits for them: an event packet that was lost is repeated in that
  // time, and events survive loss better than tones do.
  static constexpr int patience = 4;  // packets of audio: 80 ms

  bool is_event(const RtpView& packet, const PayloadTypes& types);

  Source source_ = Source::none;
  NamedEvents events_;
  Tones tones_;
  std::array<char, 8> waiting_{};  // keys recognised as tones, not reported yet
  std::size_t waiting_size_ = 0;
  int waited_ = 0;

  // Events of a payload type that no SDP mapped: the last packet that looked like one, and the types that are known.
  struct Guess {
    std::uint8_t payload_type = 0;
    std::uint16_t sequence = 0;
    std::uint32_t ssrc = 0, timestamp = 0;
    NamedEvent event;
  };
  std::optional<Guess> guess_;
  std::bitset<128> known_;
};

}  // namespace roamdesk::media

#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "common/media/named_events.hpp"
#include "common/media/rtp.hpp"
#include "common/media/tones.hpp"

namespace roamdesk::media {

// Hearing what is typed on a phone: named events and tones in the audio, both at once. Whichever delivers first is the
// one that counts on this stream from then on (contract §4, Login), so that a phone that sends both types each digit
// once.
class DigitCollector {
 public:
  // One packet of the stream; `event_payload` is the negotiated telephone-event payload type, if any.
  std::optional<char> received(const RtpView& packet, std::optional<std::uint8_t> event_payload);

 private:
  enum class Source : std::uint8_t { none, events, tones };
  // Where events were negotiated, the first tone waits for them: an event packet that was lost is repeated in that
  // time, and events survive loss better than tones do.
  static constexpr int patience = 4;  // packets of audio: 80 ms

  Source source_ = Source::none;
  NamedEvents events_;
  Tones tones_;
  std::array<char, 8> waiting_{};  // keys recognised as tones, not reported yet
  std::size_t waiting_size_ = 0;
  int waited_ = 0;
};

}  // namespace roamdesk::media

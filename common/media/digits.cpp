#include "common/media/digits.hpp"

#include <spandsp.h>

#include <algorithm>
#include <span>
#include <utility>

#include "common/media/g711.hpp"

namespace roamdesk::media {

std::optional<char> NamedEvents::received(std::uint32_t timestamp, Packet payload) {
  if (payload.size() < 4 || payload[0] > 15) return std::nullopt;
  // RFC 4733 §2.5.1.4: an older timestamp is a late packet of an event that is over.
  if (begun_ && static_cast<std::int32_t>(timestamp - last_) <= 0) return std::nullopt;
  begun_ = true;
  last_ = timestamp;
  return "0123456789*#ABCD"[payload[0]];
}

struct Tones::Detector {
  Detector() : state(dtmf_rx_init(nullptr, nullptr, nullptr)) {}
  ~Detector() { dtmf_rx_free(state); }
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;
  dtmf_rx_state_t* state;
  std::optional<std::uint32_t> next;  // timestamp that follows what was heard
  std::uint32_t last_active = 0;      // until when a tone was heard
  char last = 0;
};

Tones::Tones() : detector_(std::make_unique<Detector>()) {}
Tones::~Tones() = default;
Tones::Tones(Tones&&) noexcept = default;
Tones& Tones::operator=(Tones&&) noexcept = default;

Tones::Found Tones::feed(std::uint32_t timestamp, Packet payload, bool alaw) {
  // Q.24: a pause between two digits lasts 40 ms or more. What comes back sooner was broken by a lost packet, not by a
  // finger: a gap makes the tone jump in phase, which ends a detection and begins it again.
  constexpr std::int32_t shortest_pause = 400;  // 50 ms
  auto& d = *detector_;
  Found found{};
  if (d.next) {
    // By timestamps: named events take sequence numbers between two packets of audio, but no time.
    const auto gap = static_cast<std::int32_t>(timestamp - *d.next);
    if (gap < 0 && gap > -8000) return found;  // late or doubled
  }
  std::array<std::int16_t, 480> samples;
  const auto count = std::min(payload.size(), samples.size());
  for (std::size_t i = 0; i < count; ++i) samples[i] = alaw ? from_alaw(payload[i]) : from_ulaw(payload[i]);
  d.next = timestamp + static_cast<std::uint32_t>(payload.size());
  dtmf_rx(d.state, samples.data(), static_cast<int>(count));
  Found heard{};
  dtmf_rx_get(d.state, heard.data(), static_cast<int>(heard.size()) - 1);
  std::size_t size = 0;
  for (const char digit : heard) {
    if (digit == 0) break;
    const bool resumed = digit == d.last && static_cast<std::int32_t>(timestamp - d.last_active) < shortest_pause;
    if (!resumed) found[size++] = digit;
    d.last = digit;
  }
  // 'x' is a mere suspicion: it may be the next digit's beginning.
  const int status = dtmf_rx_status(d.state);
  if ((status != 0 && status != 'x') || heard[0] != 0) d.last_active = *d.next;
  return found;
}

std::optional<char> DigitCollector::received(const RtpView& packet, std::optional<std::uint8_t> event_payload) {
  if (event_payload && packet.payload_type == *event_payload) {
    if (source_ == Source::tones) return std::nullopt;
    const auto digit = events_.received(packet.timestamp, packet.payload);
    if (digit) source_ = Source::events;
    return digit;
  }
  if (source_ == Source::events || (packet.payload_type != 0 && packet.payload_type != 8)) return std::nullopt;
  tones_.received(packet.timestamp, packet.payload, packet.payload_type == 8, [this](char found) {
    waiting_ = found;
    patience_ = events_wait;
  });
  if (!waiting_) return std::nullopt;
  // Where events were negotiated, the first tone waits for a few packets: an event packet that was lost is repeated in
  // that time, and events survive loss better than tones do.
  if (source_ == Source::none && event_payload && patience_-- > 0) return std::nullopt;
  source_ = Source::tones;
  return std::exchange(waiting_, std::nullopt);
}

}  // namespace roamdesk::media

#include "common/rtp/tones.hpp"

#include <spandsp.h>

#include <algorithm>
#include <optional>

#include "common/rtp/g711.hpp"

namespace roamdesk::media {

struct Tones::Detector {
  Detector() : state(dtmf_rx_init(nullptr, nullptr, nullptr)) {}
  ~Detector() { dtmf_rx_free(state); }
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;
  dtmf_rx_state_t* state;
  std::optional<std::uint32_t> next;  // timestamp that follows what was heard
  std::uint32_t ssrc = 0;
  char last = 0;              // the key recognised last
  std::uint32_t quiet = 0;    // samples without a tone since then, of those that arrived
  std::uint32_t missing = 0;  // samples that were lost since then
};

Tones::Tones() : detector_(std::make_unique<Detector>()) {}
Tones::~Tones() = default;
Tones::Tones(Tones&&) noexcept = default;
Tones& Tones::operator=(Tones&&) noexcept = default;

Tones::Found Tones::feed(const RtpView& packet, bool alaw) {
  // A lost packet makes the tone jump in phase, which ends a detection and begins it again: the same key would count
  // twice. Q.24 §4 wants 40 ms of pause between two presses; a key that comes back with less of it heard, and with
  // what is missing no longer than a burst of loss, was held all the time. Nothing is put in for what is missing:
  // repeating a packet makes two jumps in phase instead of one.
  constexpr std::uint32_t shortest_pause = 320;  // 40 ms
  constexpr std::uint32_t longest_burst = 800;   // 100 ms
  auto& d = *detector_;
  Found found{};
  if (d.next && d.ssrc == packet.ssrc) {
    // By timestamps: named events take sequence numbers between two packets of audio, but no time.
    const auto gap = static_cast<std::int32_t>(packet.timestamp - *d.next);
    if (gap < 0 && gap > -8000) return found;  // late or doubled
    if (gap > 0) d.missing = std::min(d.missing + static_cast<std::uint32_t>(gap), longest_burst + 1);
  }
  std::array<std::int16_t, 480> samples;
  const auto count = std::min(packet.payload.size(), samples.size());
  for (std::size_t i = 0; i < count; ++i)
    samples[i] = alaw ? from_alaw(packet.payload[i]) : from_ulaw(packet.payload[i]);
  d.next = packet.timestamp + static_cast<std::uint32_t>(packet.payload.size());
  d.ssrc = packet.ssrc;
  dtmf_rx(d.state, samples.data(), static_cast<int>(count));
  Found heard{};
  dtmf_rx_get(d.state, heard.data(), static_cast<int>(heard.size()) - 1);
  std::size_t size = 0;
  for (const char digit : heard) {
    if (digit == 0) break;
    const bool held = digit == d.last && d.quiet < shortest_pause && d.missing > 0 && d.missing <= longest_burst;
    if (!held) found[size++] = digit;
    d.last = digit;
    d.quiet = d.missing = 0;
  }
  // 'x' is a mere suspicion: it may be the next key's beginning.
  const int status = dtmf_rx_status(d.state);
  if (status != 0 && status != 'x')
    d.quiet = d.missing = 0;
  else if (heard[0] == 0)
    d.quiet = std::min<std::uint32_t>(d.quiet + static_cast<std::uint32_t>(count), 8000);
  return found;
}

}  // namespace roamdesk::media

#include "common/media/named_events.hpp"

namespace roamdesk::media {

std::optional<char> NamedEvents::received(const RtpView& packet) {
  const auto payload = packet.payload;
  if (payload.size() < 4 || payload[0] > 15) return std::nullopt;
  const auto event = payload[0];
  const bool end = payload[1] & 0x80;
  if (begun_ && packet.ssrc == ssrc_) {
    const std::uint32_t step = packet.timestamp - timestamp_;
    if (step == 0) {
      ended_ = ended_ || end;
      return std::nullopt;
    }
    // An older timestamp is a late packet of an event that is over; one that is older by more than a minute is a phone
    // that has begun to count anew.
    constexpr std::uint32_t minute = 60 * 8000;
    if (0u - step < minute) return std::nullopt;
    // §2.5.1.3: what is pressed for longer than the duration's 16 bits goes on as another segment.
    if (is_continuation(event, step)) {
      timestamp_ = packet.timestamp;
      ended_ = end;
      return std::nullopt;
    }
  }
  begun_ = true;
  ended_ = end;
  event_ = event;
  timestamp_ = packet.timestamp;
  ssrc_ = packet.ssrc;
  return "0123456789*#ABCD"[event];
}

}  // namespace roamdesk::media

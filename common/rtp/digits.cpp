#include "common/rtp/digits.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::media {

// Some phones send events of another payload type than they negotiated, or negotiate none. RFC 3551 §6: below 35 stand
// the static types, 72 to 76 would be RTCP. No codec's frames have this shape twice with the same code, at the same
// time or with a duration that grows.
bool DigitCollector::is_event(const RtpView& packet, const PayloadTypes& types) {
  const auto type = packet.payload_type;
  if (type == types.event) return true;
  if (type < 35 || (type >= 72 && type <= 76) || types.audio.test(type)) return false;
  const auto event = parse_event(packet.payload);
  if (!event || packet.payload.size() != 4 || (packet.payload[1] & 0x40) != 0) return false;
  if (known_.test(type)) return true;
  const auto before = std::exchange(guess_, Guess{type, packet.sequence, packet.ssrc, packet.timestamp, *event});
  if (!before || before->payload_type != type || before->ssrc != packet.ssrc || before->event.code != event->code ||
      before->sequence == packet.sequence)
    return false;
  constexpr int most_growth = 4000;  // half a second
  const int growth = event->duration - before->event.duration;
  if (before->timestamp == packet.timestamp ? growth < 0 : growth <= 0 || growth > most_growth) return false;
  known_.set(type);
  return true;
}

std::optional<char> DigitCollector::received(const RtpView& packet, const PayloadTypes& types, TimePoint now) {
  if (is_event(packet, types)) {
    if (source_ == Source::tones) return std::nullopt;
    const auto digit = events_.received(packet, now);
    if (digit) {
      source_ = Source::events;
      waiting_size_ = 0;
    }
    return digit;
  }
  if (source_ == Source::events || (packet.payload_type != 0 && packet.payload_type != 8)) return std::nullopt;
  tones_.received(packet, packet.payload_type == 8, [this](char found) {
    if (waiting_size_ < waiting_.size()) waiting_[waiting_size_++] = found;
  });
  if (waiting_size_ == 0) return std::nullopt;
  if (source_ == Source::none && types.event && waited_++ < patience) return std::nullopt;
  source_ = Source::tones;
  const char digit = waiting_[0];
  std::copy(waiting_.begin() + 1, waiting_.end(), waiting_.begin());
  --waiting_size_;
  return digit;
}

}  // namespace roamdesk::media

#include "common/rtp/track.hpp"

#include <chrono>

#include "common/rtp/g711.hpp"

namespace roamdesk::media {

Track::Track(bool alaw, std::uint64_t most) : alaw_(alaw), most_(most) { buffer_.fill(silent()); }

std::optional<std::uint64_t> Track::place_of(const RtpView& packet, TimePoint now) {
  if ((packet.payload_type != 0 && packet.payload_type != 8) || packet.payload.empty() || full()) return std::nullopt;
  const bool first = !begun_;
  if (first) begun_ = now;
  using Sample = std::chrono::duration<std::int64_t, std::ratio<1, 8000>>;
  const auto clock = std::chrono::duration_cast<Sample>(now - *begun_).count();
  const auto step = static_cast<std::int32_t>(packet.timestamp - timestamp_);
  auto place = static_cast<std::int64_t>(at_) + step;
  // Another source, or one whose timestamps have jumped: it goes on where the clock is.
  if (first || packet.ssrc != ssrc_ || place < clock - patience || place > clock + patience)
    place = std::max(static_cast<std::int64_t>(end_), clock);
  else if (step <= 0)
    // Late, or told again.
    return place < static_cast<std::int64_t>(base_) || place >= static_cast<std::int64_t>(most_)
               ? std::nullopt
               : std::optional{static_cast<std::uint64_t>(place)};
  if (place > clock + patience || place < static_cast<std::int64_t>(base_)) return std::nullopt;
  ssrc_ = packet.ssrc;
  timestamp_ = packet.timestamp;
  at_ = static_cast<std::uint64_t>(place);
  if (at_ < most_) return at_;
  full_ = true;
  return std::nullopt;
}

void Track::skip_to(std::uint64_t place) {
  const auto from = place - window;  // what is late finds its place here too
  silence_ = from - end_;
  base_ = end_ = from;
  buffer_.fill(silent());
}

void Track::shift() {
  std::copy(buffer_.begin() + piece, buffer_.end(), buffer_.begin());
  std::fill(buffer_.end() - piece, buffer_.end(), silent());
  base_ += piece;
  end_ = std::max(end_, base_);
  silence_ = 0;
}

void Track::put(const RtpView& packet, std::uint64_t place, std::size_t size) {
  const bool alaw = packet.payload_type == 8;
  auto out = buffer_.begin() + static_cast<std::ptrdiff_t>(place - base_);
  for (const auto code : packet.payload.first(size))
    *out++ = alaw == alaw_ ? code : alaw_ ? to_alaw(from_ulaw(code)) : to_ulaw(from_alaw(code));
  end_ = std::max(end_, place + size);
}

}  // namespace roamdesk::media

#include "common/rtp/named_events.hpp"

#include <algorithm>

namespace roamdesk::media {
namespace {

using namespace std::chrono_literals;

// A press that goes on is told of every 10 to 60 ms, and its duration grows by as much. The next press comes after a
// pause of 40 ms at least (Q.24) and has a beginning: together more than this.
constexpr auto longest_pause = 70ms;
// Longer than any network is late by itself.
constexpr auto long_pause = 400ms;
// Packets of one press behind each other, where some are lost or audio goes between them.
constexpr int near = 8;
// The end packet is sent three times (§2.5.1.4).
constexpr int next_ends = 3;
// Right behind each other, or with a packet of audio between them: nothing of a press, nor a pause, is missing there.
constexpr int adjoining = 2;

}  // namespace

std::optional<NamedEvent> parse_event(Packet payload) {
  if (payload.size() < 4 || payload[0] > 15) return std::nullopt;
  return NamedEvent{payload[0], (payload[1] & 0x80) != 0, static_cast<std::uint16_t>((payload[2] << 8) | payload[3])};
}

std::optional<char> NamedEvents::received(const RtpView& packet, TimePoint now) {
  const auto event = parse_event(packet.payload);
  if (!event) return std::nullopt;
  Press news{*event, packet.ssrc, packet.timestamp, packet.sequence, packet.marker, now};
  const auto verdict = judge(news);
  if (verdict == Verdict::late) return std::nullopt;
  if (verdict == Verdict::goes_on) {
    const bool again = news.timestamp == press_->timestamp;
    news.steady = press_->steady || again;
    news.steady_end = press_->steady_end || (again && press_->event.end);
    news.event.end |= press_->event.end;
    press_ = news;
    return std::nullopt;
  }
  stands_still_ |= press_ && press_->ssrc == news.ssrc && press_->timestamp == news.timestamp;
  former_ = press_;
  press_ = news;
  return "0123456789*#ABCD"[event->code];
}

NamedEvents::Verdict NamedEvents::judge(const Press& news) const {
  if (!press_) return Verdict::fresh;
  if (is_late(news)) return Verdict::late;
  if (news.event.code != press_->event.code) return Verdict::fresh;
  const bool goes_on =
      news.timestamp == press_->timestamp ? goes_on_at_the_same_time(news) : goes_on_at_another_time(news);
  return goes_on ? Verdict::goes_on : Verdict::fresh;
}

int NamedEvents::step_to(const Press& news) const {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(news.sequence - press_->sequence));
}

// Doubled or overtaken on its way. A sender that goes back by more than RFC 3550 A.1's 100 counts again from there, and
// so does one that counts back while the clock goes on.
bool NamedEvents::is_late(const Press& news) const {
  if (news.ssrc != press_->ssrc)
    return former_ && former_->ssrc == news.ssrc && former_->timestamp == news.timestamp &&
           former_->event.code == news.event.code;
  const int step = step_to(news);
  const bool later = static_cast<std::int32_t>(news.timestamp - press_->timestamp) > 0;
  return step <= 0 && step > -100 && !later;
}

// The press's duration has grown by about as much time as has passed: here, or for the phone, if nothing of it is
// missing. A packet sent right behind another and held up on its way comes late, and goes on all the same.
bool NamedEvents::keeps_pace(const Press& news) const {
  if (news.event.duration < press_->event.duration) return false;
  const std::chrono::milliseconds growth{(news.event.duration - press_->event.duration) / 8};
  Duration passed = news.at - press_->at;
  const auto moved = static_cast<std::int32_t>(news.timestamp - press_->timestamp);
  if (news.ssrc == press_->ssrc && step_to(news) <= adjoining && moved > 0)
    passed = std::min<Duration>(passed, std::chrono::milliseconds{moved / 8});
  return passed - growth <= longest_pause;
}

bool NamedEvents::goes_on_at_the_same_time(const Press& news) const {
  const auto silence = news.at - press_->at;
  const int step = news.ssrc == press_->ssrc ? step_to(news) : 1;
  if (press_->event.end) {
    if (!news.event.end || (news.marker && !press_->marker) || news.event.duration < press_->event.duration)
      return false;
    // The clock tells nothing: what lies between two ends does.
    if (stands_still_ && step > next_ends + 1 && silence >= longest_pause) return false;
    // Told again word for word where no press has room between: however late it comes.
    if (news.ssrc == press_->ssrc && step <= next_ends + 1 && news.event.duration == press_->event.duration)
      return true;
    return silence <= long_pause;
  }
  if (news.event.end) return true;
  constexpr std::uint16_t nearly_full = 0xf000;  // behind it the duration stands, or begins again
  if (news.event.duration < press_->event.duration) return press_->event.duration >= nearly_full;
  const bool begins = news.marker && news.event.duration == press_->event.duration;
  if (begins && (!press_->marker || silence > longest_pause)) return false;
  return !(stands_still_ && step > adjoining && silence > long_pause && !keeps_pace(news));
}

bool NamedEvents::goes_on_at_another_time(const Press& news) const {
  if (news.marker && !press_->marker) return false;
  const bool same_source = news.ssrc == press_->ssrc;
  const int step = same_source ? step_to(news) : 1;
  if (step > near || step < 0) return false;
  if (press_->event.end) {
    // An end that is told again, at a time of its own.
    return news.event.end && same_source && !press_->steady_end && step <= next_ends && keeps_pace(news);
  }
  // §2.5.1.3: what is pressed for long goes on as another segment, at the latest where the duration's 16 bits are full.
  constexpr std::uint16_t second = 8000;
  const std::uint32_t moved = news.timestamp - press_->timestamp;
  if (!news.marker && same_source && (moved == 0xffff || (moved == press_->event.duration && moved >= second)))
    return true;
  // However late it comes: it tells more of the press, where the next one would begin with less.
  if (same_source && !news.marker && step <= adjoining && news.event.duration > press_->event.duration) return true;
  // Where the clock stood within this press it doesn't run now, but for the end.
  if (press_->steady && !news.event.end && same_source) return false;
  return keeps_pace(news);
}

}  // namespace roamdesk::media

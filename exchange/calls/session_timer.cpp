#include "exchange/calls/session_timer.hpp"

#include <algorithm>
#include <string>

#include "common/sip/call_headers.hpp"

namespace roamdesk::calls {
namespace {
using std::chrono::seconds;
using Refresher = sip::SessionExpires::Refresher;

constexpr seconds longest{86400};  // what a peer may ask for

}  // namespace

void SessionTimer::resume(const State& state) {
  interval_ = state.interval.count() > 0 ? std::clamp(state.interval, terms_.least, longest) : seconds{0};
  asked_least_ = std::clamp(state.asked_least, seconds{0}, longest);
  we_refresh_ = state.we_refresh;
}

bool SessionTimer::is_too_brief(const sip::Message& request) const {
  const auto asked = sip::session_expires(request);
  return asked && asked->interval < terms_.least && request.lists("Supported", "timer");
}

void SessionTimer::ask(sip::Message& request, bool established) const {
  auto value = std::to_string(std::max(interval_.count() ? interval_ : terms_.interval, asked_least_).count());
  // In a request of ours `uac` is us.
  if (established && interval_.count()) value += we_refresh_ ? ";refresher=uac" : ";refresher=uas";
  request.set_header("Session-Expires", std::move(value));
  request.set_header("Min-SE", std::to_string(std::max(asked_least_, terms_.least).count()));
}

void SessionTimer::answer(const sip::Message& request, sip::Message& response) {
  const bool supported = request.lists("Supported", "timer") || request.lists("Require", "timer");
  const auto asked = supported ? sip::session_expires(request) : std::nullopt;
  const auto least = sip::min_se(request);
  interval_ = asked ? std::min(asked->interval, terms_.interval) : terms_.interval;
  interval_ = std::max(interval_, terms_.least);
  if (least && *least <= longest) interval_ = std::max(interval_, *least);
  we_refresh_ = !supported || (asked && asked->refresher == Refresher::uas);
  response.set_header("Session-Expires",
                      std::to_string(interval_.count()) + (we_refresh_ ? ";refresher=uas" : ";refresher=uac"));
  if (supported && !we_refresh_) response.set_header("Require", "timer");  // §9
}

void SessionTimer::agree(const sip::Message& response) {
  const auto agreed = sip::session_expires(response);
  // §7.2: where the peer knows no timers, refreshing still shows us whether it is there.
  interval_ = agreed ? std::clamp(agreed->interval, terms_.least, longest) : terms_.interval;
  we_refresh_ = !agreed || agreed->refresher != Refresher::uas;
}

bool SessionTimer::bids_again(const sip::Message& refusal) {
  const auto least = sip::min_se(refusal);
  if (asked_least_.count() != 0 || !least || *least > longest) return false;
  asked_least_ = std::max(*least, terms_.least);
  interval_ = std::max(terms_.interval, asked_least_);
  return true;
}

bool SessionTimer::raises(const sip::Message& refusal) {
  const auto least = sip::min_se(refusal);
  if (!least || *least <= interval_ || *least > longest) return false;
  asked_least_ = interval_ = *least;
  return true;
}

SessionTimer::Refreshed SessionTimer::refreshed(int status, const sip::Message* response) {
  const auto again = [&](int in, Refreshed how = Refreshed::again) {
    again_in_ = seconds{in};
    return how;
  };
  if (status < 300 && response) {
    agree(*response);
    return Refreshed::agreed;
  }
  switch (status) {
    case 408:
    case 481:
      return Refreshed::gone;
    case 503:
      if (!response) return Refreshed::gone;  // its flow is
      break;
    case 422:
      if (!response || !raises(*response)) break;
      return again(1);
    case 405:
    case 501:
      return again(1, Refreshed::without_update);  // whatever its Allow said
    case 491:
    case 500:
      return again(3);
    default:
      break;
  }
  we_refresh_ = true;
  return Refreshed::stands;
}

std::optional<SessionTimer::Due> SessionTimer::due() const {
  if (interval_.count() == 0) return std::nullopt;
  if (we_refresh_) return Due{.refresh = true, .in = interval_ / 2};
  // §10: min(32, a third of the interval) ahead of its end.
  return Due{.refresh = false, .in = interval_ - std::min(seconds{32}, seconds{interval_ / 3})};
}

}  // namespace roamdesk::calls

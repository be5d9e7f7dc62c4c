#include <algorithm>

#include "common/sip/call_headers.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/words.hpp"

// RFC 4028, on each leg by itself: a phone that has vanished ends its call, whatever the other side can do.
namespace roamdesk::calls {
using std::chrono::seconds;
using Refresher = sip::SessionExpires::Refresher;

// False: 422 was sent (RFC 4028 §8).
bool Engine::Impl::check_session(sip::ServerTx tx, const sip::Message& request, Leg* l) {
  const auto asked = sip::session_expires(request);
  if (!asked || asked->interval >= options_.times.min_session || !request.lists("Supported", "timer")) return true;
  auto response =
      l ? make_answer(*l, request, 422) : sip::make_response(request, 422, sip::default_reason(422), unique_());
  response.set_header("Min-SE", std::to_string(options_.times.min_session.count()));
  respond(tx, std::move(response));
  return false;
}

void Engine::Impl::ask_session(const Leg& l, sip::Message& request) const {
  request.set_header("Supported", l.outgoing ? "timer, replaces" : supported_options);
  auto value = std::to_string((l.session.count() ? l.session : options_.times.session).count());
  // In a request of ours `uac` is us.
  if (l.state == LegState::up && l.session.count()) value += l.we_refresh ? ";refresher=uac" : ";refresher=uas";
  request.set_header("Session-Expires", value);
  const auto least = std::max(l.min_session, options_.times.min_session);
  request.set_header("Min-SE", std::to_string(least.count()));
}

void Engine::Impl::answer_session(Leg& l, const sip::Message& request, sip::Message& response) {
  const bool supported = request.lists("Supported", "timer") || request.lists("Require", "timer");
  const auto asked = supported ? sip::session_expires(request) : std::nullopt;
  const auto least = sip::min_se(request);
  auto interval = asked ? std::min(asked->interval, options_.times.session) : options_.times.session;
  interval = std::max(interval, options_.times.min_session);
  if (least && *least <= std::chrono::hours{24}) interval = std::max(interval, *least);
  l.session = interval;
  l.we_refresh = !supported || (asked && asked->refresher == Refresher::uas);
  response.set_header("Session-Expires",
                      std::to_string(interval.count()) + (l.we_refresh ? ";refresher=uas" : ";refresher=uac"));
  if (supported && !l.we_refresh) response.set_header("Require", "timer");  // RFC 4028 §9
  arm_session(l);
}

void Engine::Impl::agree_session(Leg& l, const sip::Message& response) {
  const auto agreed = sip::session_expires(response);
  // RFC 4028 §7.2: where the phone knows no timers, refreshing still shows us whether it is there.
  const seconds day{86400};
  l.session = agreed ? std::clamp(agreed->interval, options_.times.min_session, day) : options_.times.session;
  l.we_refresh = !agreed || agreed->refresher != Refresher::uas;
  arm_session(l);
}

void Engine::Impl::arm_session(Leg& l) {
  const auto id = l.id.value();
  clear_timer(TimerKind::leg_refresh, id);
  clear_timer(TimerKind::leg_expiry, id);
  if (l.session.count() == 0 || l.state == LegState::ending) return;
  if (l.we_refresh) {
    set_timer(TimerKind::leg_refresh, id, l.session / 2);
  } else {
    // §10: min(32, a third of the interval) ahead of its end.
    set_timer(TimerKind::leg_expiry, id, l.session - std::min(seconds{32}, seconds{l.session / 3}));
  }
}

void Engine::Impl::refresh(Leg& l) {
  if (l.state == LegState::ending) return;
  if (l.exchange || l.state != LegState::up || l.awaits_ack)
    return set_timer(TimerKind::leg_refresh, l.id.value(), seconds{5});
  if (!l.takes_update) {
    Exchange& e = begin(Exchange::Kind::refresh, std::nullopt, l.id);
    return ask_other(e);
  }
  auto request = make_request(l, "UPDATE");
  show_identity(l, request);
  ask_session(l, request);
  send(l, std::move(request), Sent{Sent::What::refresh, l.id, 0, true, {}, {}});
}

void Engine::Impl::on_refresh_response(Leg& l, int status, const sip::Message* response) {
  if (l.state == LegState::ending) return;
  const auto id = l.id;
  if (status < 300 && response) {
    learn(l, *response);
    return agree_session(l, *response);
  }
  switch (status) {
    case 408:
    case 481:
    case 503:  // its flow is gone
      if (status == 503 && response) break;
      return leg_left(id, status, {});
    case 422: {
      const auto least = response ? sip::min_se(*response) : std::nullopt;
      if (least && *least > l.session && *least <= std::chrono::hours{24}) {
        l.min_session = l.session = *least;
        return set_timer(TimerKind::leg_refresh, id.value(), seconds{1});
      }
      break;
    }
    case 405:
    case 501:
      l.takes_update = false;  // whatever its Allow said
      return set_timer(TimerKind::leg_refresh, id.value(), seconds{1});
    case 491:
    case 500:
      return set_timer(TimerKind::leg_refresh, id.value(), seconds{3});
    default:
      break;
  }
  // It answered: it is there.
  l.we_refresh = true;
  arm_session(l);
}

}  // namespace roamdesk::calls

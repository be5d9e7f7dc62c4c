#include "exchange/calls/sessions.hpp"

#include <utility>

#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

bool Sessions::check(sip::ServerTx tx, const sip::Message& request, const Leg* leg) {
  const SessionTimer::Terms terms{.interval = context_.options.times.session,
                                  .least = context_.options.times.min_session};
  if (!SessionTimer{terms}.is_too_brief(request)) return true;
  auto response = leg ? requests_.make_answer(*leg, request, 422)
                      : sip::make_response(request, 422, sip::default_reason(422), context_.unique());
  response.set_header("Min-SE", std::to_string(terms.least.count()));
  requests_.respond(tx, std::move(response));
  return false;
}

void Sessions::ask(const Leg& leg, sip::Message& request) const { leg.session.ask(request, leg.is<Up>()); }

void Sessions::answer(Leg& leg, const sip::Message& request, sip::Message& response) {
  leg.session.answer(request, response);
  wind_up(leg);
}

void Sessions::agree(Leg& leg, const sip::Message& response) {
  leg.session.agree(response);
  wind_up(leg);
}

void Sessions::wind_up(const Leg& leg) {
  context_.clear_timer(TimerKind::leg_refresh, leg.id);
  context_.clear_timer(TimerKind::leg_expiry, leg.id);
  const auto due = leg.session.due();
  if (!due || leg.is<Ending>()) return;
  context_.set_timer(due->refresh ? TimerKind::leg_refresh : TimerKind::leg_expiry, leg.id, due->in);
}

}  // namespace roamdesk::calls

#include <algorithm>

#include "exchange/calls/impl.hpp"

// What outlives this process: for each confirmed dialog, the BYE that a later process would have to send. A call can't
// go on without the state that dies with us, and nobody may be left in a dead one.
namespace roamdesk::calls {
namespace {

// RFC 3261 §12.2.1.1: above every request that this process may still send in the dialog; gaps do no harm.
constexpr std::uint32_t cseq_gap = 10'000;

}  // namespace

void Engine::Impl::keep(Leg& leg) {
  if (leg.state != LegState::up && leg.state != LegState::answered) return;
  sip::Message bye;
  bye.method = "BYE";
  bye.request_uri = leg.target;
  bye.from = leg.local;
  bye.to = leg.remote;
  bye.call_id = leg.call_id;
  bye.cseq = {leg.local_cseq + cseq_gap, "BYE"};
  bye.route = leg.routes;
  bye.max_forwards = 70;
  bye.set_header("Reason", "SIP ;cause=503 ;text=\"The exchange was restarted\"");
  // Whoever sends it writes its own; without one it is no message.
  sip::Via via;
  via.transport = "UDP";
  via.host = to_string(leg.flow.address.face.address);
  bye.via = {via};
  auto text = sip::serialise(bye);
  if (text == leg.kept) return;
  leg.kept = text;
  events_.emplace_back(DialogConfirmed{leg.local_tag, leg.who.peer, leg.flow.address, std::move(text)});
}

// A BYE can be said later, but not an answer to an INVITE or its CANCEL: their transactions end with us.
std::size_t Engine::Impl::end_ringing() {
  std::vector<Serial> ringing;
  for (const auto& [serial, call] : calls_)
    if (!call.answered && call.kind == CallKind::bridge) ringing.push_back(serial);
  std::sort(ringing.begin(), ringing.end());
  for (const auto serial : ringing) give_up(serial, 503);
  return ringing.size();
}

void Engine::Impl::drop(Leg& leg) {
  if (leg.kept.empty()) return;
  leg.kept.clear();
  events_.emplace_back(DialogOver{leg.local_tag});
}

}  // namespace roamdesk::calls

#include "exchange/calls/survival.hpp"

#include <utility>

namespace roamdesk::calls {
namespace {

// RFC 3261 §12.2.1.1: above every request that this process may still send in the dialog; gaps do no harm.
constexpr std::uint32_t cseq_gap = 10'000;

}  // namespace

void Survival::keep(Leg& leg) {
  if (!leg.confirmed()) return;
  auto bye = std::as_const(leg.dialog).make_request("BYE", leg.dialog.local_cseq + cseq_gap);
  bye.max_forwards = 70;
  bye.set_header("Reason", "SIP ;cause=503 ;text=\"The exchange was restarted\"");
  // Who sends it writes its own; without one it is no message.
  sip::Via via;
  via.transport = "UDP";
  via.host = host_of(leg.flow.address.face.address);
  bye.via = {std::move(via)};
  auto text = sip::serialise(bye);
  if (text == leg.kept) return;
  leg.kept = text;
  context_.events.emplace_back(DialogConfirmed{
      .tag = leg.dialog.local_tag, .peer = leg.who.peer, .flow = leg.flow.address, .bye = std::move(text)});
}

void Survival::renew(Leg& leg) {
  if (!leg.kept.empty()) keep(leg);
}

void Survival::drop(Leg& leg) {
  if (leg.kept.empty()) return;
  auto bye = std::exchange(leg.kept, {});
  if (leg.flow_lost)
    context_.events.emplace_back(DialogUntold{
        .tag = leg.dialog.local_tag, .peer = leg.who.peer, .flow = leg.flow.address, .bye = std::move(bye)});
  else
    context_.events.emplace_back(DialogOver{leg.dialog.local_tag});
}

}  // namespace roamdesk::calls

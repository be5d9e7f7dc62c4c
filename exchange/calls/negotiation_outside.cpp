#include <utility>

#include "exchange/calls/negotiation.hpp"
#include "exchange/calls/sip_rules.hpp"

// What trunks can't do is done here, between them and the other party.
namespace roamdesk::calls {

// The other party holds, or comes back, and a trunk that isn't to be told stays as it is. False: it asks for more than
// another direction, and the trunk has to be asked.
bool Negotiation::answer_hold(Leg& leg, const Leg& trunk, sip::ServerTx tx, const sip::Message& request) {
  const std::string offer{sdp_of(request)};
  auto sdp = sdp_view::answer_as_before(offer, trunk.remote_sdp, leg.next_origin());
  if (sdp.empty()) return false;
  ++leg.sdp_version;
  leg.local_sdp = sdp;
  leg.remote_sdp = offer;
  streams_.set_remote(leg, offer);
  auto response = requests_.make_answer(leg, request, 200);
  requests_.show_identity(leg, response);
  sessions_.answer(leg, request, response);
  response.content_type = "application/sdp";
  response.body = std::move(sdp);
  if (request.method == "INVITE") requests_.expect_ack(leg, tx, request.cseq.number);
  requests_.respond(tx, std::move(response));
  notices_.dialogs_changed(leg);
  if (Call* call = book_.call(leg.call)) notices_.tell(*call);
  return true;
}

// A re-INVITE without an offer, to a trunk that takes none: who asks gets one made of what the trunk is known to speak.
void Negotiation::offer_in_its_place(Exchange& exchange) {
  Leg& asker = *book_.leg(*exchange.asker);
  const Leg& trunk = *book_.leg(exchange.other);
  const auto offer = streams_.word(asker, sdp_view::opened(trunk.remote_sdp));
  if (offer.empty()) return failed(exchange.id, 488);
  exchange.our_offer = true;
  answer_asker(exchange, offer);
}

// The answer to it is the trunk's next offer.
void Negotiation::tell_what_was_answered(Exchange& exchange, const std::string& sdp) {
  Leg& asker = *book_.leg(*exchange.asker);
  if (!streams_.takes(asker, sdp)) return listener_.leg_left(asker.id, 488, {});
  const auto serial = asker.call;
  const auto other = exchange.other;
  asker.remote_sdp = sdp;
  streams_.set_remote(asker, sdp);
  exchanges_.forget(exchange.id);
  if (Leg* trunk = book_.leg(other); trunk && trunk->is<Up>()) {
    const auto said = trunk->local_sdp;
    trunk->local_sdp = streams_.word(*trunk, sdp);
    if (trunk->local_sdp != said && !trunk->exchange) offer_anew(*trunk);
  }
  if (Call* call = book_.call(serial)) notices_.tell(*call);
}

bool Negotiation::asks_for_longer(Exchange& exchange, Leg& leg, const sip::Message& refusal) {
  constexpr int most = 8;
  return ++exchange.retries <= most && leg.session.raises(refusal);
}

}  // namespace roamdesk::calls

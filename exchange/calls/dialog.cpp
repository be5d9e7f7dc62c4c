#include <algorithm>

#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/words.hpp"

// Messages of a leg, RFC 3261 §12.
namespace roamdesk::calls {

void Engine::Impl::reattach(Leg& leg) {
  if (!leg.flow_lost) return;
  const auto found = host_.reach(leg.who.peer, leg.flow.address);
  // A phone is valid at its site only: its flow can't come from another one.
  if (!found || found->address.site != leg.flow.address.site) return;
  leg.flow = *found;
  leg.flow_lost = false;
  clear_timer(TimerKind::leg_lost, leg.id.value());
}

sip::Message Engine::Impl::make_request(Leg& leg, std::string_view method) {
  reattach(leg);
  sip::Message request;
  request.method = method;
  request.request_uri = leg.target;
  request.from = leg.local;
  request.to = leg.remote;
  request.call_id = leg.call_id;
  request.cseq = {++leg.local_cseq, std::string{method}};
  request.route = leg.routes;
  request.max_forwards = 70;
  if (method == "INVITE" || method == "UPDATE" || method == "NOTIFY") decorate(leg, request);
  if (!options_.software.empty()) request.set_header("User-Agent", options_.software);
  return request;
}

sip::Message Engine::Impl::make_ack(const Leg& leg, std::uint32_t cseq) const {
  // RFC 3261 §13.2.2.4: the CSeq number of the INVITE, everything else like any request in the dialog.
  sip::Message ack;
  ack.method = "ACK";
  ack.request_uri = leg.target;
  ack.from = leg.local;
  ack.to = leg.remote;
  ack.call_id = leg.call_id;
  ack.cseq = {cseq, "ACK"};
  ack.route = leg.routes;
  ack.max_forwards = 70;
  return ack;
}

sip::Message Engine::Impl::make_answer(const Leg& leg, const sip::Message& request, int status,
                                       std::string_view reason) const {
  auto response =
      sip::make_response(request, status, reason.empty() ? sip::default_reason(status) : reason, leg.local_tag);
  if (!options_.software.empty()) response.set_header("Server", options_.software);
  if (status < 300 && status > 100) decorate(leg, response);
  return response;
}

void Engine::Impl::decorate(const Leg& leg, sip::Message& message) const {
  sip::NameAddr contact;
  contact.uri = contact_at(leg.flow, leg.shown.number);
  message.contact = {contact};
  message.set_header("Allow", allowed_methods);
  message.set_header("Supported", leg.outgoing && message.is_request() ? "timer, replaces" : supported_options);
}

const std::string& Engine::Impl::host_of(const Party& party) const {
  static const std::string nobody{anonymous_host};
  return is_anonymous(party) ? nobody : options_.domain;
}

void Engine::Impl::show_identity(const Leg& leg, sip::Message& message) const {
  show_identity(leg, message, leg.shown);
}

// Who is at the other end: P-Asserted-Identity (RFC 3325), and for older phones Remote-Party-ID
// (draft-ietf-sip-privacy-04), which alone can say that it is nobody.
void Engine::Impl::show_identity(const Leg& leg, sip::Message& message, const Party& party) const {
  if (party.number.empty()) return;
  const bool hidden = is_anonymous(party);
  sip::NameAddr identity;
  identity.display = party.display;
  identity.uri.user = party.number;
  identity.uri.host = host_of(party);
  if (hidden)
    message.set_header("Privacy", "id");  // RFC 3325 §9.3
  else
    message.set_header("P-Asserted-Identity", sip::to_string(identity));
  identity.params.set("party", leg.outgoing ? "calling" : "called");
  identity.params.set("privacy", hidden ? "full" : "off");
  identity.params.set("screen", "yes");
  message.set_header("Remote-Party-ID", sip::to_string(identity));
}

sip::ClientTx Engine::Impl::send(Leg& leg, sip::Message request, Sent sent) {
  sent.leg = leg.id;
  sent.cseq = request.cseq.number;
  const auto tx = transactions_.send_request(leg.flow, std::move(request), options_.owner, now_);
  sent_.emplace(tx, sent);
  leg.requests.push_back(tx);
  return tx;
}

void Engine::Impl::close(sip::ClientTx tx) {
  const auto it = sent_.find(tx);
  if (it == sent_.end()) return;
  if (Leg* l = leg(it->second.leg)) std::erase(l->requests, tx);
  sent_.erase(it);
}

void Engine::Impl::acknowledge(Leg& leg, sip::ClientTx ctx, std::uint32_t cseq, const std::string& sdp) {
  auto ack = make_ack(leg, cseq);
  if (!sdp.empty()) {
    ack.content_type = "application/sdp";
    ack.body = sdp;
  }
  transactions_.acknowledge(ctx, std::move(ack), now_);
}

void Engine::Impl::respond(sip::ServerTx tx, sip::Message response) {
  if (response.status >= 200) {
    const auto it = open_.find(tx);
    if (it != open_.end()) {
      if (Leg* l = leg(it->second.leg)) std::erase(l->unanswered, tx);
      open_.erase(it);
    }
  }
  transactions_.respond(tx, std::move(response), now_);
}

void Engine::Impl::answer(sip::ServerTx tx, const Leg& leg, const sip::Message& request, int status) {
  auto response = make_answer(leg, request, status);
  // RFC 3261 §14.2: whoever comes while another offer is on its way tries again a little later.
  if (status == 500) response.set_header("Retry-After", "2");
  if (status == 405) response.set_header("Allow", allowed_methods);
  respond(tx, std::move(response));
}

void Engine::Impl::refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller,
                          Party callee, int status) {
  auto response = sip::make_response(invite, status, sip::default_reason(status), unique_());
  if (!options_.software.empty()) response.set_header("Server", options_.software);
  respond(tx, std::move(response));
  note_refused(flow, invite, caller, std::move(callee), status);
}

void Engine::Impl::expect_answer(sip::ServerTx tx, Leg& leg, const sip::Message& request) {
  open_.insert_or_assign(tx, Open{leg.id, request});
  leg.unanswered.push_back(tx);
}

void Engine::Impl::expect_ack(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  if (leg.awaits_ack) awaiting_ack_.erase(leg.awaits_ack->tx);
  leg.awaits_ack = Leg::AwaitedAck{tx, request.cseq.number};
  awaiting_ack_.insert_or_assign(tx, leg.id);
}

void Engine::Impl::learn(Leg& leg, const sip::Message& message) {
  if (!message.contact.empty() && !message.contact_star) leg.target = message.contact.front().uri;
  if (message.header("Allow")) leg.takes_update = message.lists("Allow", "UPDATE");
  if (!leg.kept.empty()) keep(leg);
}

void Engine::Impl::take_dialog(Leg& leg, const sip::Message& response) {
  // RFC 3261 §12.1.2. A phone that sends no To tag in its 2xx is of RFC 2543: it has none then.
  leg.remote_tag = response.to.tag();
  if (response.to.unread.empty())
    leg.remote = response.to;
  else if (!leg.remote_tag.empty())
    leg.remote.params.set("tag", leg.remote_tag);  // of what can't be read only the tag is needed
  leg.routes.assign(response.record_route.rbegin(), response.record_route.rend());
  learn(leg, response);
}

Leg* Engine::Impl::find_dialog(const SiteId& site, const sip::Message& request) {
  const auto it = by_tag_.find(request.to.tag());
  Leg* l = it == by_tag_.end() ? nullptr : leg(it->second);
  if (!l || l->call_id != request.call_id || l->flow.address.site != site) return nullptr;
  const bool any_tag = l->outgoing && l->remote_tag.empty();  // early: forks below the phone have one each
  return any_tag || l->remote_tag == request.from.tag() ? l : nullptr;
}

// Who knows a dialog's names isn't its phone for that: it comes from where the dialog is, or shows whose it is.
bool Engine::Impl::is_from_its_phone(const Leg& l, sip::ServerTx tx, const sip::Flow& flow,
                                     const sip::Message& request) {
  if (flow.id == l.flow.id || flow.address == l.flow.address) return true;
  if (l.who.peer) return host_.vouches(*l.who.peer, tx, flow, request);
  // Nobody was asked who he is (an emergency call): it is whoever has its address.
  if (flow.address.peer.address == l.flow.address.peer.address) return true;
  transactions_.respond_statelessly(tx, sip::make_response(request, 481, "", ""));
  return false;
}

// A phone that has connected anew goes on with its calls over the new flow (RFC 5626's sense).
void Engine::Impl::follow(Leg& l, const sip::Flow& flow) {
  l.flow = flow;
  l.flow_lost = false;
  clear_timer(TimerKind::leg_lost, l.id.value());
}

}  // namespace roamdesk::calls

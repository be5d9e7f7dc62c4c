#include "exchange/calls/requests.hpp"

#include <algorithm>
#include <utility>

#include "common/sip/call_headers.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

void Requests::decorate(const Leg& leg, sip::Message& message) const {
  const bool own = leg.outside && leg.manner().contact;
  sip::NameAddr contact;
  contact.uri = own ? *leg.manner().contact : contact_at(leg.flow, leg.shown.number);
  message.contact = {std::move(contact)};
  const bool asks = leg.outgoing() && message.is_request();
  if (leg.outside) {
    message.set_header("Allow", leg.manner().may_transfer ? allowed_methods : allowed_to_trunks);
    message.set_header("Supported", asks && !leg.manner().reliable ? "timer" : "100rel, timer");
    return;
  }
  message.set_header("Allow", allowed_methods);
  message.set_header("Supported", asks ? callers_options : supported_options);
}

void Requests::sign(sip::Message& request) const {
  if (!context_.options.software.empty()) request.set_header("User-Agent", context_.options.software);
}

sip::Message Requests::make(Leg& leg, std::string_view method) {
  reattach(leg);
  auto request = leg.dialog.make_request(method);
  request.max_forwards = 70;
  if (method == "INVITE" || method == "UPDATE" || method == "NOTIFY") decorate(leg, request);
  sign(request);
  return request;
}

sip::ClientTx Requests::send(Leg& leg, sip::Message request, Purpose purpose) {
  if (leg.outside) return send(leg, sip::Flow{leg.flow}, std::move(request), purpose);
  const auto cseq = request.cseq.number;
  const auto tx =
      context_.transactions.send_request(leg.flow, std::move(request), context_.options.owner, context_.now);
  sent_.emplace(tx, Sent{.leg = leg.id, .purpose = purpose, .cseq = cseq});
  leg.requests.push_back(tx);
  return tx;
}

sip::ClientTx Requests::send(Leg& leg, const sip::Flow& flow, sip::Message request, Purpose purpose) {
  context_.host.add_credentials(*leg.who.peer, request);
  return repeat(leg, Kept{.request = std::move(request), .flow = flow}, purpose);
}

sip::ClientTx Requests::repeat(Leg& leg, Kept kept, Purpose purpose) {
  const auto& request = kept.request;
  if (request.method == "INVITE") {
    leg.outside->credentials.clear();
    for (const auto& header : request.headers)
      if (header.name == "Authorization" || header.name == "Proxy-Authorization")
        leg.outside->credentials.push_back(header);
  }
  const auto tx = context_.transactions.send_request(kept.flow, request, context_.options.owner, context_.now);
  const auto cseq = request.cseq.number;
  sent_.emplace(tx,
                Sent{.leg = leg.id, .purpose = purpose, .cseq = cseq, .kept = std::make_shared<Kept>(std::move(kept))});
  leg.requests.push_back(tx);
  return tx;
}

Requests::Sent* Requests::sent(sip::ClientTx tx) {
  const auto found = sent_.find(tx);
  return found == sent_.end() ? nullptr : &found->second;
}

void Requests::close(sip::ClientTx tx) {
  const auto found = sent_.find(tx);
  if (found == sent_.end()) return;
  if (Leg* leg = book_.leg(found->second.leg)) std::erase(leg->requests, tx);
  sent_.erase(found);
}

void Requests::cancel(sip::ClientTx tx, std::string reason) {
  const auto* request = sent(tx);
  if (!request || !request->open) return;
  if (request->kept) request->kept->cancelled = true;
  context_.transactions.cancel(tx, context_.now, std::move(reason));
}

void Requests::acknowledge(const Leg& leg, sip::ClientTx invite, std::uint32_t cseq, const std::string& sdp) {
  auto ack = leg.dialog.make_ack(cseq);
  if (leg.outside)  // RFC 3261 §22.1: its INVITE's
    ack.headers.insert(ack.headers.end(), leg.outside->credentials.begin(), leg.outside->credentials.end());
  if (!sdp.empty()) {
    ack.content_type = "application/sdp";
    ack.body = sdp;
  }
  context_.transactions.acknowledge(invite, std::move(ack), context_.now);
}

bool Requests::all_answered(const Leg& leg) const {
  return std::none_of(leg.requests.begin(), leg.requests.end(), [&](sip::ClientTx tx) { return sent_.at(tx).open; });
}

void Requests::end_foreign_dialog(Leg& leg, sip::ClientTx invite, const sip::Message& response, std::uint32_t cseq) {
  auto foreign = leg.dialog;
  foreign.local_cseq = cseq;
  foreign.take(response);
  context_.transactions.acknowledge(invite, foreign.make_ack(cseq), context_.now);
  auto bye = foreign.make_request("BYE");
  bye.max_forwards = 70;
  sign(bye);
  // It may be of a server that was given up, at another flow.
  const auto* of = sent(invite);
  if (of && of->kept)
    send(leg, sip::Flow{of->kept->flow}, std::move(bye), ForBye{});
  else
    send(leg, std::move(bye), ForBye{});
}

void Requests::acknowledge_early(Leg& leg, const sip::Message& response) {
  auto early = leg.dialog;
  early.take(response);
  auto prack = early.make_request("PRACK");
  leg.dialog.local_cseq = early.local_cseq;
  prack.max_forwards = 70;
  prack.set_header("RAck", sip::to_string(sip::RAck{*sip::rseq(response), response.cseq}));
  sign(prack);
  send(leg, std::move(prack), ForPrack{});
}

void Requests::expect_answer(sip::ServerTx tx, Leg& leg, const sip::Message& request) {
  open_.insert_or_assign(tx, Open{.leg = leg.id, .request = request});
  leg.unanswered.push_back(tx);
}

const Requests::Open* Requests::open(sip::ServerTx tx) const {
  const auto found = open_.find(tx);
  return found == open_.end() ? nullptr : &found->second;
}

void Requests::drop(sip::ServerTx tx) {
  const auto found = open_.find(tx);
  if (found == open_.end()) return;
  if (Leg* leg = book_.leg(found->second.leg)) std::erase(leg->unanswered, tx);
  open_.erase(found);
}

sip::Message Requests::make_answer(const Leg& leg, const sip::Message& request, int status,
                                   std::string_view reason) const {
  auto response = leg.dialog.make_answer(request, status, reason);
  if (!context_.options.software.empty()) response.set_header("Server", context_.options.software);
  if (status < 300 && status > 100) decorate(leg, response);
  return response;
}

void Requests::respond(sip::ServerTx tx, sip::Message response) {
  if (response.status >= 200) drop(tx);
  context_.transactions.respond(tx, std::move(response), context_.now);
}

void Requests::answer(sip::ServerTx tx, const Leg& leg, const sip::Message& request, int status) {
  auto response = make_answer(leg, request, status);
  // RFC 3261 §14.2: who comes while another offer is on its way tries again a little later.
  if (status == 500) response.set_header("Retry-After", "2");
  if (status == 405) response.set_header("Allow", allowed_methods);
  respond(tx, std::move(response));
}

void Requests::end_pending(Leg& leg) {
  while (!leg.unanswered.empty()) {
    const auto tx = leg.unanswered.front();
    respond(tx, make_answer(leg, open_.at(tx).request, 487));
  }
}

void Requests::refuse(sip::ServerTx tx, const sip::Message& invite, int status, std::string_view words) {
  const auto reason = words.empty() ? sip::default_reason(status) : words;
  auto response = sip::make_response(invite, status, reason, context_.unique());
  if (!context_.options.software.empty()) response.set_header("Server", context_.options.software);
  respond(tx, std::move(response));
}

void Requests::expect_ack(Leg& leg, sip::ServerTx tx, std::uint32_t cseq) {
  if (leg.awaits_ack) awaiting_ack_.erase(leg.awaits_ack->tx);
  leg.awaits_ack = Leg::AwaitedAck{.tx = tx, .cseq = cseq};
  awaiting_ack_.insert_or_assign(tx, leg.id);
}

void Requests::ack_came(Leg& leg) {
  awaiting_ack_.erase(leg.awaits_ack->tx);
  leg.awaits_ack.reset();
}

std::optional<LegId> Requests::give_up_ack(sip::ServerTx tx) {
  const auto found = awaiting_ack_.find(tx);
  if (found == awaiting_ack_.end()) return std::nullopt;
  const auto id = found->second;
  awaiting_ack_.erase(found);
  if (Leg* leg = book_.leg(id)) leg->awaits_ack.reset();
  return id;
}

const std::string& Requests::host_of(const Party& party) const {
  static const std::string nobody{anonymous_host};
  return is_anonymous(party) ? nobody : context_.options.domain;
}

void Requests::show_identity(const Leg& leg, sip::Message& message, const Party& party) const {
  if (party.number.empty()) return;
  if (leg.outside) {
    for (auto& header : context_.host.identity(*leg.who.peer, leg.is_help() ? leg.shown : party))
      message.add_header(header.name, std::move(header.value));
    return;
  }
  const bool hidden = is_anonymous(party);
  sip::NameAddr identity;
  identity.display = party.display;
  identity.uri.user = party.number;
  identity.uri.host = host_of(party);
  if (hidden)
    message.set_header("Privacy", "id");  // RFC 3325 §9.3
  else
    message.set_header("P-Asserted-Identity", sip::to_string(identity));
  identity.params.set("party", leg.outgoing() ? "calling" : "called");
  identity.params.set("privacy", hidden ? "full" : "off");
  identity.params.set("screen", "yes");
  message.set_header("Remote-Party-ID", sip::to_string(identity));
}

void Requests::take_dialog(Leg& leg, const sip::Message& response) {
  leg.dialog.take(response);
  learn(leg, response);
}

void Requests::learn(Leg& leg, const sip::Message& message) {
  leg.dialog.refresh_target(message);
  if (message.header("Allow"))
    leg.takes_update = message.lists("Allow", "UPDATE") && (!leg.outside || leg.manner().update);
  survival_.renew(leg);
}

bool Requests::is_from_its_peer(const Leg& leg, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) {
  if (flow.id == leg.flow.id || flow.address == leg.flow.address) return true;
  if (leg.who.peer) return context_.host.vouches(*leg.who.peer, tx, flow, request);
  // The caller wasn't asked for credentials (an emergency call): it is the one that has its address.
  if (flow.address.peer.address == leg.flow.address.peer.address) return true;
  context_.transactions.respond_statelessly(tx, sip::make_response(request, 481, "", ""));
  return false;
}

void Requests::follow(Leg& leg, const sip::Flow& flow) {
  leg.flow = flow;
  leg.flow_lost = false;
  context_.clear_timer(TimerKind::leg_lost, leg.id);
}

void Requests::reattach(Leg& leg) {
  if (!leg.flow_lost) return;
  const auto found = context_.host.reach(leg.who.peer, leg.flow.address);
  // A peer is valid at its site only: its flow can't come from another one.
  if (found && found->address.site == leg.flow.address.site) follow(leg, *found);
}

void Requests::forget(Leg& leg) {
  for (const auto tx : leg.requests) sent_.erase(tx);
  leg.requests.clear();
  if (leg.awaits_ack) awaiting_ack_.erase(leg.awaits_ack->tx);
}

std::string Requests::inconsistency() const {
  std::size_t requests = 0, unanswered = 0;
  for (const auto& [id, leg] : book_.legs()) {
    const auto who = "leg " + std::to_string(id.value()) + " ";
    requests += leg.requests.size();
    unanswered += leg.unanswered.size();
    if (leg.is_asking() && !open_.contains(leg.server()->tx())) return who + "INVITE lost";
    for (const auto tx : leg.requests)
      if (!sent_.contains(tx)) return who + "request lost";
    for (const auto tx : leg.unanswered)
      if (!open_.contains(tx)) return who + "unanswered request lost";
  }
  if (requests != sent_.size()) return "requests of no leg";
  if (unanswered != open_.size()) return "open requests of no leg";
  return {};
}

}  // namespace roamdesk::calls

#include "common/sip/parse.hpp"
#include "common/sip/request_rules.hpp"
#include "common/sip/via.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/element/element.hpp"

// What comes in by SIP, and who answers it.
namespace roamdesk::element {
void Element::handle_sip(const sip::Flow& flow, std::string_view bytes, Now now) {
  const Turn turn{*this, now};
  sip::ParseLimits limits;
  if (flow.reliable()) limits.max_bytes = sip::largest_stream_message;
  auto parsed = sip::parse(bytes, limits);
  if (parsed) {
    trace_.received(flow, bytes, now.wall);
    transactions_.handle_message(flow, std::move(*parsed), now.mono);
  } else if (auto error = std::move(parsed).error(); error.fault != sip::ParseFault::keepalive) {
    world_.publish(Trouble{"sip.malformed", to_string(flow.address.peer), error.detail});
    if (error.answerable) {
      const bool version = error.fault == sip::ParseFault::bad_version;
      sip::stamp(error.answerable->via.front(), flow.address.peer);
      const auto answer = sip::make_response(*error.answerable, version ? 505 : 400,
                                             version ? "" : "Bad Request: " + error.detail, context_.unique());
      world_.send(flow.id, sip::serialise(answer));
    }
  }
}

// Empties the queues in the order of their causes; what is done meanwhile fills them again.
void Element::drain() {
  for (bool idle = false; !idle;) {
    idle = true;
    while (auto event = transactions_.poll_event()) {
      idle = false;
      on(*event);
    }
    while (auto event = calls_.poll_event()) {
      idle = false;
      on(std::move(*event));
    }
    while (const auto stranded = emergency_.poll_stranded()) {
      idle = false;
      telling_.called(*stranded);
    }
    if (outside_.run()) idle = false;
    if (upstreams_.run()) idle = false;
    if (upstream_lamps_.run()) idle = false;
    while (auto transmit = transactions_.poll_transmit()) {
      idle = false;
      outside_.note_sent(transmit->bytes);
      trace_.sent(transmit->site, transmit->bytes, context_.now.wall);
      world_.send(transmit->flow, std::move(transmit->bytes));
    }
  }
}

void Element::on(const sip::TransactionEvent& event) {
  if (const auto* response = std::get_if<sip::ResponseReceived>(&event)) return on_response(*response, event);
  if (const auto* failed = std::get_if<sip::ClientTxFailed>(&event)) return on_failure(*failed, event);
  // ACK, CANCEL, and answers of ours that were never acknowledged are of calls alone.
  if (calls_.handle(event, context_.now.mono)) return;
  if (const auto* request = std::get_if<sip::RequestReceived>(&event)) on_request(*request);
}

// The answer goes to the part that has sent the request.
void Element::on_response(const sip::ResponseReceived& e, const sip::TransactionEvent& event) {
  switch (sender_of(e.owner)) {
    case Sender::calls:
      calls_.handle(event, context_.now.mono);
      break;
    case Sender::presence:
      return presence_.handle_response(e.tx, e.response, context_.now.mono);
    case Sender::teller:
      return teller_.handle_response(e.tx, e.response);
    case Sender::orphans:
      return orphans_.handle_response(e);
    case Sender::qualifier:
      return qualifier_.handle_response(e.tx, e.response);
    case Sender::trunks:
      return outside_.handle_response(e);
    case Sender::test_calls:
      return test_calls_.handle_response(e);
    case Sender::upstreams:
      return upstreams_.handle_response(e);
    case Sender::upstream_lamps:
      return upstream_lamps_.handle_response(e);
    case Sender::onboarding:
      break;
  }
}

void Element::on_failure(const sip::ClientTxFailed& e, const sip::TransactionEvent& event) {
  switch (sender_of(e.owner)) {
    case Sender::calls:
      calls_.handle(event, context_.now.mono);
      break;
    case Sender::presence:
      return presence_.handle_failure(e.tx, e.timed_out, context_.now.mono);
    case Sender::teller:
      return teller_.handle_failure(e.tx);
    case Sender::orphans:
      return orphans_.handle_failure(e.tx, e.timed_out);
    case Sender::qualifier:
      return qualifier_.handle_failure(e.tx);
    case Sender::trunks:
      return outside_.handle_failure(e.tx, e.timed_out);
    case Sender::test_calls:
      return test_calls_.handle_failure(e.tx);
    case Sender::upstreams:
      return upstreams_.handle_failure(e.tx, e.timed_out);
    case Sender::upstream_lamps:
      return upstream_lamps_.handle_failure(e.tx, e.timed_out);
    case Sender::onboarding:
      break;
  }
}

// Statelessly: of the sender nothing is known.
void Element::refuse(const sip::RequestReceived& e, int status) {
  transactions_.respond_statelessly(e.tx, sip::make_response(e.request, status, "", ""));
}

void Element::on_request(const sip::RequestReceived& e) {
  const auto& request = e.request;
  // Ahead of what is for phones, calls for help too: a trunk is none.
  if (!request.to.params.has("tag"))
    if (const auto& user = request.request_uri.user;
        const auto trunk = outside_.attribute(e.flow, user, upstreams_.trunk_of_token(user)))
      return on_trunk_request(*trunk, e);
  // Ahead of everything that could refuse it (docs/contract.md §4).
  if (const auto help = emergency_.help_of(e)) return emergency_.answer(e, *help);
  if (auto refusal = sip::refuse_if_not_understood(request))
    return transactions_.respond_statelessly(e.tx, std::move(*refusal));
  const auto& method = request.method;
  if (method == "SUBSCRIBE") return on_subscribe(e);
  if (method == "REGISTER") return on_register(e);
  if (method == "NOTIFY" && request.to.params.has("tag") && upstream_lamps_.handle_notify(e)) return;
  if (request.to.params.has("tag")) return calls_.handle_request(e.tx, e.flow, request, context_.now.mono);
  if (method == "INVITE") return on_invite(e);
  transactions_.respond_statelessly(e.tx, sip::answer_out_of_dialog(request));
}

std::optional<Speaker> Element::authenticate(const sip::RequestReceived& e) {
  auto result = authenticator_.check(e.flow, e.request);
  if (auto* refusal = std::get_if<sip::Message>(&result)) {
    if (refusal->status == 403) onboarding_.phone_refused(e.flow.address, e.request);
    transactions_.respond_statelessly(e.tx, std::move(*refusal));
    return std::nullopt;
  }
  auto who = speakers_.speaker(std::get<registrar::Account>(std::move(result)), e.flow.address);
  if (who.rights.acts == rights::Acts::refused) {
    refuse(e, 403);
    return std::nullopt;
  }
  // Yesterday's credentials in the place of a phone that is there prove nothing.
  if (who.rights.takes_place) world_.prove(e.flow.address, sip::Standing::proven);
  return who;
}

void Element::on_invite(const sip::RequestReceived& e) {
  const auto& user = e.request.request_uri.user;
  const auto who = authenticate(e);
  if (!who) return;
  auto caller = speakers_.caller_of(*who);
  const HotDesk* desk = context_.directory.desk_of(who->account.device);
  const auto route =
      routing::route(user, speakers_.dialler_of(*who), context_.codes(), context_.directory, trunk_calls_.turn());
  // A number that an outbound rule makes one of help.
  if (const auto* help = std::get_if<routing::ToEmergency>(&route)) return emergency_.answer(e, *help);
  if (e.request.header("Replaces")) return on_replacing_invite(e, *who, std::move(caller));
  const auto dialogue = [&](const ivr::Purpose& purpose) {
    // The codes say who sits at the desk: they are its phone's.
    if (!who->rights.takes_place) {
      report_stranger(*who, e.flow.address, "hot-desk code");
      return calls_.refuse(e.tx, e.flow, e.request, caller, {std::string{user}, {}}, 403, context_.now.mono);
    }
    if (const auto id = calls_.start_dialogue(e.tx, e.flow, e.request, std::move(caller), context_.now.mono))
      dialogues_.begin(
          *id, desk ? std::optional{Dialogues::Place{desk->id, e.flow.address, who->person}} : std::nullopt, purpose);
  };
  if (const auto* to = std::get_if<routing::ToDialogue>(&route)) return dialogue(to->purpose);
  if (const auto* to = std::get_if<routing::ToExtension>(&route)) {
    const Extension* extension = context_.directory.extension(to->number);
    auto targets = targets_of(to->number);
    const bool hold = targets.empty() && held_for(to->number);
    calls_.start_call(e.tx, e.flow, e.request, std::move(caller), {to->number.value(), extension->name},
                      std::move(targets), hold, context_.now.mono);
    return;
  }
  const auto call_out = [&](const auto& to) {
    const bool hidden = caller.hidden || calls::wants_privacy(e.request);
    auto way = trunk_calls_.way_of(to, *context_.directory.extension(*who->person), hidden);
    call_by(std::move(way), TrunkCalls::callee_of(to), e, std::move(caller));
  };
  if (const auto* to = std::get_if<routing::ToOutside>(&route)) return call_out(*to);
  if (const auto* to = std::get_if<routing::ToUpstream>(&route)) return call_out(*to);
  const auto* refused = std::get_if<routing::Refused>(&route);
  calls::Refusal refusal{503};
  if (refused)
    refusal = {refused->status, refused->reason, refused->prompt ? ivr::name(*refused->prompt) : std::string{}};
  calls_.refuse(e.tx, e.flow, e.request, caller, {std::string{user}, {}}, std::move(refusal), context_.now.mono);
}

void Element::on_subscribe(const sip::RequestReceived& e) {
  if (onboarding_.handle_subscribe(e.tx, e.flow, e.request)) return;
  const auto package = presence::SubscriptionServer::package_of(e.request);
  if (!package) return presence_.refuse_package(e.tx, e.request);
  const auto speaker = authenticate(e);
  if (!speaker) return;
  presence::Subscriber who{speaker->account.device, e.flow.address.site, {}, {}};
  // An idle desk watches no one.
  if (speaker->person) {
    who.acts_for = *speaker->person;
    who.target = watched_by(*speaker, *package, e.request.request_uri.user);
  }
  if (who.target && !who.target->exchange.empty() && !upstream_lamps_.takes(*who.target)) return refuse(e, 503);
  presence_.handle_subscribe(e.tx, e.flow, e.request, who, context_.now.mono);
}

std::optional<presence::Watched> Element::watched_by(const Speaker& speaker, presence::Package package,
                                                     std::string_view user) {
  const ExtensionNumber target{sip::unescape(user)};
  // A mailbox is its owner's alone.
  if (package == presence::Package::message_summary && target != *speaker.person) return std::nullopt;
  if (context_.directory.extension(target)) return target;
  return upstream_lamps_.target_of(
      routing::route(user, speakers_.dialler_of(speaker), context_.codes(), context_.directory));
}

void Element::report_stranger(const Speaker& speaker, const sip::FlowAddress& from, const char* what) {
  const Mac& mac = speaker.account.device;
  const HotDesk* desk = context_.directory.desk_of(mac);
  const auto source = mac.text() + " at " + from.site.value() + " " + to_string(from.peer.address.source());
  if (!desk || !strangers_.take(source)) return;
  context_.audit(strangers_.action(), "phone:" + mac.text(), to_string(from.peer), desk->id.value(), what);
  world_.publish(Impostor{mac, desk->id, from.site, from.peer, what});
}

}  // namespace roamdesk::element

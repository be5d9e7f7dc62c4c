#include "common/sip/date.hpp"
#include "common/sip/parse.hpp"
#include "common/sip/via.hpp"
#include "exchange/calls/words.hpp"
#include "exchange/element/accounts.hpp"
#include "exchange/element/element.hpp"
#include "exchange/element/peers.hpp"

// What comes in by SIP, and who answers it.
namespace roamdesk::element {
void Element::handle_sip(const sip::Flow& flow, std::string_view bytes, Now now) {
  const Turn turn{*this, now};
  sip::ParseLimits limits;
  if (flow.reliable()) limits.max_bytes = 32 * 1024;
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
    while (auto transmit = transactions_.poll_transmit()) {
      idle = false;
      trace_.sent(transmit->site, transmit->bytes, context_.now.wall);
      world_.send(transmit->flow, std::move(transmit->bytes));
    }
  }
}

void Element::on(const sip::TransactionEvent& event) {
  if (const auto* response = std::get_if<sip::ResponseReceived>(&event)) return on_response(*response, event);
  if (const auto* failed = std::get_if<sip::ClientTxFailed>(&event)) return on_failure(*failed, event);
  // ACK, CANCEL, and answers of ours that nobody acknowledged, are of calls alone.
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
      return orphans_.handle_response(e.tx, e.response);
    case Sender::qualifier:
      return qualifier_.handle_response(e.tx, e.response);
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
    case Sender::onboarding:
      break;
  }
}

// Who sends it isn't known, nor asked.
void Element::refuse(const sip::RequestReceived& e, int status) {
  transactions_.respond_statelessly(e.tx, sip::make_response(e.request, status, "", ""));
}

void Element::on_request(const sip::RequestReceived& e) {
  const auto& request = e.request;
  // Ahead of everything that could refuse it (contract §4).
  if (const auto help = emergency_of(request)) return on_emergency(e, *help);
  const auto& scheme = request.request_uri.scheme;
  if (scheme != "sip" && scheme != "sips" && scheme != "tel") return refuse(e, 416);
  if (const auto unknown = calls::unsupported(request); !unknown.empty()) {
    auto refusal = sip::make_response(request, 420, "", "");
    refusal.add_header("Unsupported", unknown);
    return transactions_.respond_statelessly(e.tx, std::move(refusal));
  }
  const auto& method = request.method;
  const bool in_dialog = request.to.params.has("tag");
  if (method == "SUBSCRIBE") return on_subscribe(e);
  if (in_dialog) {
    if (method == "REGISTER") return on_register(e);
    return calls_.handle_request(e.tx, e.flow, request, context_.now.mono);
  }
  if (method == "REGISTER") return on_register(e);
  if (method == "INVITE") return on_invite(e);
  if (method == "OPTIONS") {
    // RFC 3261 §16.3 item 3: the last hop answers; for somebody else's number we would only be on the way.
    if (request.max_forwards == 0 && !request.request_uri.user.empty()) return refuse(e, 483);
    auto answer = sip::make_response(request, 200, "OK", "");
    answer.add_header("Allow", calls::allowed_methods);
    answer.add_header("Accept", calls::accepted_bodies);
    answer.add_header("Supported", calls::supported_options);
    return transactions_.respond_statelessly(e.tx, std::move(answer));
  }
  for (const auto* dialog_only : {"BYE", "UPDATE", "INFO", "PRACK", "REFER", "NOTIFY"})
    if (method == dialog_only) return refuse(e, 481);
  auto refusal = sip::make_response(request, 405, "", "");
  refusal.add_header("Allow", calls::allowed_methods);
  transactions_.respond_statelessly(e.tx, std::move(refusal));
}

std::optional<Speaker> Element::authenticate(const sip::RequestReceived& e) {
  auto result = authenticator_.check(e.flow, e.request);
  if (auto* refusal = std::get_if<sip::Message>(&result)) {
    if (refusal->status == 403) onboarding_.phone_refused(e.flow.address, e.request);
    transactions_.respond_statelessly(e.tx, std::move(*refusal));
    return std::nullopt;
  }
  auto who = speaker(std::get<registrar::Account>(std::move(result)), e.flow.address);
  if (who.rights.acts == rights::Acts::refused) {
    refuse(e, 403);
    return std::nullopt;
  }
  // Yesterday's credentials in the place of a phone that is there prove nothing.
  if (who.rights.takes_place) world_.prove(e.flow.address, sip::Standing::proven);
  return who;
}

void Element::on_register(const sip::RequestReceived& e) {
  const auto who = authenticate(e);
  if (!who) return;
  const auto& account = who->account;
  if (!who->rights.takes_place) {
    report_stranger(*who, e.flow.address, "REGISTER");
    return refuse(e, 403);
  }
  std::string before, call_id;
  std::optional<sip::FlowAddress> before_by;
  if (const auto* binding = registrar_.find(account.device)) {
    before = binding->aor_user;
    call_id = binding->call_id;
    before_by = binding->flow;
  }
  auto outcome = registrar_.handle_register(e.flow, e.request, account, context_.unique(), context_.now.mono);
  // RFC 3261 §10.3 step 8, §20.17: phones without a clock of their own take the time from here.
  if (outcome.response.status == 200) outcome.response.add_header("Date", sip::date(context_.now.wall));
  transactions_.respond(e.tx, std::move(outcome.response), context_.now.mono);

  if (const auto* registered = std::get_if<registrar::Registered>(&outcome.change)) {
    const auto& binding = *registrar_.find(account.device);
    if (before_by && before_by != binding.flow) world_.release(*before_by);
    world_.prove(binding.flow, sip::Standing::registered);
    if (!before.empty() && before != binding.aor_user) world_.delete_binding(account.device, before);
    store_binding(binding);
    // RFC 3261 §10.2.4: a phone keeps its Call-ID until it boots; then it knows nothing of its calls any more.
    if (call_id != binding.call_id) {
      calls_.probe(peer_of(account.device), context_.now.mono);
      presence_.rebooted(account.device);
    }
    onboarding_.phone_registered(account.device, registered->moved ? std::optional{e.flow.address.peer} : std::nullopt);
    orphans_.handle_registered(account.device);
    qualifier_.handle_heard(account.device);
    if (const HotDesk* desk = context_.directory.desk_of(account.device))
      desks_.submit(hotdesk::PhoneRegistered{desk->id, identity_of(account), e.flow.address, binding.call_id});
    // Lamps stay with whoever they were lit for.
    if (!person_at(account.device))
      presence_.end_all_of(account.device, context_.now.mono);
    else if (registered->moved)
      presence_.move(account.device, e.flow, context_.now.mono);
    ring_waiting(account.device);
    if (registered->moved) world_.publish(PhoneChanged{account.device});
  } else if (std::holds_alternative<registrar::Unregistered>(outcome.change)) {
    if (before_by) world_.release(*before_by);
    binding_gone(account.device, before, false);
  }
}

void Element::on_invite(const sip::RequestReceived& e) {
  const auto& user = e.request.request_uri.user;
  const auto who = authenticate(e);
  if (!who) return;
  auto caller = caller_of(*who);
  const HotDesk* desk = context_.directory.desk_of(who->account.device);
  const auto route = routing::route(user, dialler_of(*who), context_.codes(), context_.directory);
  const auto dialogue = [&](const ivr::Purpose& purpose) {
    // The codes say who sits at the desk: they are its phone's.
    if (!who->rights.takes_place) {
      report_stranger(*who, e.flow.address, "hot-desk code");
      return calls_.refuse(e.tx, e.flow, e.request, caller, {std::string{user}, {}}, 403, context_.now.mono);
    }
    if (const auto id = calls_.start_dialogue(e.tx, e.flow, e.request, std::move(caller), context_.now.mono))
      dialogues_.begin(*id,
                       desk ? std::optional{Dialogues::Place{desk->id, e.flow.address, who->person}} : std::nullopt,
                       purpose);
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
  calls_.refuse(e.tx, e.flow, e.request, caller, {std::string{user}, {}}, std::get<routing::Refused>(route).status,
                context_.now.mono);
}

void Element::on_subscribe(const sip::RequestReceived& e) {
  if (onboarding_.handle_subscribe(e.tx, e.flow, e.request)) return;
  presence::Subscriber who{*Mac::parse("000000000000"), e.flow.address.site, {}, {}};
  if (presence::SubscriptionServer::serves(e.request)) {
    const auto speaker = authenticate(e);
    if (!speaker) return;
    who.device = speaker->account.device;
    // An idle desk watches nobody.
    if (speaker->person) {
      who.acts_for = *speaker->person;
      const ExtensionNumber target{sip::unescape(e.request.request_uri.user)};
      const bool known = context_.directory.extension(target) != nullptr;
      // A mailbox is its owner's alone.
      const bool mailbox = e.request.header("Event").value_or("").starts_with("message-summary");
      if (known && (!mailbox || target == *speaker->person)) who.target = target;
    }
  }
  presence_.handle_subscribe(e.tx, e.flow, e.request, who, context_.now.mono);
}

}  // namespace roamdesk::element

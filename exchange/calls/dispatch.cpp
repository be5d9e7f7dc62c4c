#include "exchange/calls/dispatch.hpp"

#include <string>
#include <type_traits>
#include <variant>

#include "exchange/calls/rooms.hpp"
#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {
namespace {

// Requests of one peer that wait for the other one's answers.
constexpr std::size_t most_relayed = 16;

}  // namespace

bool Dispatch::handle(const sip::TransactionEvent& event) {
  if (const auto* request = std::get_if<sip::RequestReceived>(&event)) {
    if (request->request.to.tag().empty() || !rooms_.book.find_dialog(request->flow.address.site, request->request))
      return false;
    handle_request(request->tx, request->flow, request->request);
  } else if (const auto* ack = std::get_if<sip::AckReceived>(&event)) {
    Leg* leg = rooms_.book.find_dialog(ack->flow.address.site, ack->ack);
    if (!leg) return false;
    acked(*leg, ack->ack);
  } else if (const auto* cancel = std::get_if<sip::CancelReceived>(&event)) {
    if (!rooms_.requests.open(cancel->invite)) return false;
    cancelled(cancel->invite, cancel->cancel);
  } else if (const auto* lost = std::get_if<sip::ServerTxFailed>(&event)) {
    if (!rooms_.requests.open(lost->tx) && !rooms_.requests.awaits_ack(lost->tx)) return false;
    server_failed(lost->tx);
  } else if (const auto* response = std::get_if<sip::ResponseReceived>(&event)) {
    if (!rooms_.requests.sent(response->tx)) return false;
    responded(response->tx, response->response);
  } else if (const auto* failed = std::get_if<sip::ClientTxFailed>(&event)) {
    if (!rooms_.requests.sent(failed->tx)) return false;
    client_failed(failed->tx, failed->timed_out);
  }
  return true;
}

void Dispatch::handle_request(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) {
  auto& requests = rooms_.requests;
  const auto& method = request.method;
  if (method == "ACK") return;
  Leg* leg = rooms_.book.find_dialog(flow.address.site, request);
  // Who is in a dialog of ours names it; all others may be strangers.
  if (!leg) return rooms_.context.transactions.respond_statelessly(tx, sip::make_response(request, 481, "", ""));
  if (!requests.is_from_its_peer(*leg, tx, flow, request)) return;
  requests.follow(*leg, flow);
  // RFC 3261 §12.2.2: out of order.
  auto& last = leg->dialog.remote_cseq;
  if (last && request.cseq.number < *last) return requests.answer(tx, *leg, request, 500);
  last = request.cseq.number;
  if (method == "BYE") return bye(*leg, tx, request);
  if (method == "PRACK") return prack(*leg, tx, request);
  if (leg->is<Ending>()) return requests.answer(tx, *leg, request, 481);
  if (auto tags = unsupported(request); !tags.empty()) {
    auto response = requests.make_answer(*leg, request, 420);
    response.set_header("Unsupported", std::move(tags));
    return requests.respond(tx, std::move(response));
  }
  if (method == "INVITE" || method == "UPDATE") return rooms_.negotiation.modify(*leg, tx, request);
  if (method == "INFO") return info(*leg, tx, request);
  if (method == "REFER") return rooms_.transfers.refer(*leg, tx, request);
  if (method == "OPTIONS") {
    auto response = requests.make_answer(*leg, request, 200);
    response.set_header(
        "Accept", std::string{accepted_bodies} + ", application/dtmf-relay, application/dtmf, audio/telephone-event");
    return requests.respond(tx, std::move(response));
  }
  // We send no REFER, so no NOTIFY of a phone has a subscription of ours (RFC 6665 §4.1.3).
  requests.answer(tx, *leg, request, method == "NOTIFY" ? 481 : 405);
}

// Of a 2xx, from the address of its INVITE: the layer has looked.
void Dispatch::acked(Leg& leg, const sip::Message& ack) {
  if (!leg.awaits_ack || leg.awaits_ack->cseq != ack.cseq.number) return;
  const auto id = leg.id;
  take_ack(leg, ack);
  // The other side's offer, if it came before this ACK.
  const Leg* still = rooms_.book.leg(id);
  Exchange* exchange = still ? rooms_.exchanges.of(*still) : nullptr;
  if (exchange && exchange->kind == Exchange::Kind::relay && exchange->other == id &&
      exchange->stage == Exchange::Stage::waiting && !exchange->asked)
    rooms_.negotiation.retry(*exchange);
}

void Dispatch::take_ack(Leg& leg, const sip::Message& ack) {
  rooms_.requests.ack_came(leg);
  rooms_.streams.reached(leg);
  const bool first = leg.is<Answered>();
  if (first) leg.state = Up{};
  if (auto* ending = std::get_if<Ending>(&leg.state)) {
    if (ending->bye != Ending::Bye::after_ack) return rooms_.legs.forget_if_done(leg.id);
    ending->bye = Ending::Bye::unsaid;
    return rooms_.legs.say_bye(leg);
  }
  Exchange* exchange = rooms_.exchanges.of(leg);
  if (exchange && exchange->stage == Exchange::Stage::acking && exchange->asker == leg.id)
    return rooms_.negotiation.acked(*exchange, ack);
  const Call* call = rooms_.book.call(leg.call);
  if (!call) return;
  const auto* dialogue = call->dialogue();
  if (!first) {
    if (dialogue) rooms_.streams.set_remote(leg, sdp_of(ack));
    return;
  }
  if (!leg.offered && !rooms_.machine.take_late_answer(leg, ack)) return;
  if (dialogue) rooms_.context.events.emplace_back(DialogueAnswered{dialogue->id});
  rooms_.announcements.proven(leg);
}

void Dispatch::cancelled(sip::ServerTx invite, const sip::Message& cancel) {
  Leg* leg = rooms_.book.leg(rooms_.requests.open(invite)->leg);
  if (!leg) return;
  Exchange* exchange = rooms_.exchanges.of(*leg);
  if (leg->is_asking() && leg->server()->tx() == invite) {
    if (leg->server()->holds_answer()) {
      // Answered, but the 2xx waits for a PRACK that won't come.
      leg->state = Early{};
      leg->server()->drop_held_answer();
    }
    rooms_.exchanges.abort(*leg);  // an INVITE with Replaces
    return rooms_.machine.caller_left(leg->id, 487, callers_reason(cancel));
  }
  if (exchange && exchange->tx == invite) rooms_.negotiation.cancelled(*exchange);
}

void Dispatch::server_failed(sip::ServerTx tx) {
  if (const auto id = rooms_.requests.give_up_ack(tx)) {
    // RFC 3261 §13.3.1.4, §14.2: no ACK of our 2xx: BYE.
    Leg* leg = rooms_.book.leg(*id);
    if (!leg) return;
    if (leg->is<Answered>()) leg->state = Up{};
    auto* ending = std::get_if<Ending>(&leg->state);
    if (!ending) return rooms_.machine.leg_left(leg->id, 408, {});
    if (ending->bye != Ending::Bye::after_ack) return rooms_.legs.forget_if_done(leg->id);
    ending->bye = Ending::Bye::unsaid;
    return rooms_.legs.say_bye(*leg);
  }
  Leg* leg = rooms_.book.leg(rooms_.requests.open(tx)->leg);
  if (!leg) return;
  if (leg->is_asking() && leg->server()->tx() == tx) {
    // Its flow is gone, or a reliable provisional found no PRACK (RFC 3262 §3: 5xx).
    rooms_.exchanges.abort(*leg);
    return rooms_.machine.caller_left(leg->id, 500, {});
  }
  rooms_.requests.drop(tx);
  if (Exchange* exchange = rooms_.exchanges.of(*leg); exchange && exchange->tx == tx) exchange->tx.reset();
}

void Dispatch::responded(sip::ClientTx tx, const sip::Message& response) {
  const auto sent = *rooms_.requests.sent(tx);
  Leg* leg = rooms_.book.leg(sent.leg);
  if (!leg) return rooms_.requests.close(tx);
  if (sent.kept && (response.status == 401 || response.status == 407) && answer_challenge(*leg, tx, sent, response))
    return;
  if (std::holds_alternative<ForSetup>(sent.purpose)) return rooms_.ringing.responded(*leg, tx, response);
  if (response.status >= 200) settled(tx, sent, response.status, &response);
}

bool Dispatch::answer_challenge(Leg& leg, sip::ClientTx tx, const Requests::Sent& sent, const sip::Message& response) {
  const bool setup = std::holds_alternative<ForSetup>(sent.purpose);
  if (setup && leg.client()->tx != tx) return false;  // of a server that was given up
  const auto* of = std::get_if<ForExchange>(&sent.purpose);
  Exchange* exchange = of ? rooms_.exchanges.find(of->exchange) : nullptr;
  if (of && (!exchange || exchange->asked != tx)) return false;
  const auto again = rooms_.challenges.answer(leg, tx, response);
  if (!again) return false;
  if (setup) rooms_.ringing.sent_again(leg, *again);
  if (!exchange) return true;
  exchange->asked = *again;
  exchange->asked_cseq = rooms_.requests.sent(*again)->cseq;
  rooms_.exchanges.await_reply(*exchange);
  return true;
}

void Dispatch::client_failed(sip::ClientTx tx, bool timed_out) {
  const auto sent = *rooms_.requests.sent(tx);
  Leg* leg = rooms_.book.leg(sent.leg);
  if (!leg) return rooms_.requests.close(tx);
  if (std::holds_alternative<ForSetup>(sent.purpose)) return rooms_.ringing.failed(*leg, tx, timed_out);
  settled(tx, sent, timed_out ? 408 : 503, nullptr);
}

void Dispatch::settled(sip::ClientTx tx, const Requests::Sent& sent, int status, const sip::Message* response) {
  Leg& leg = *rooms_.book.leg(sent.leg);
  if (const auto* of = std::get_if<ForExchange>(&sent.purpose)) {
    Exchange* exchange = rooms_.exchanges.find(of->exchange);
    const bool waits = exchange && exchange->asked == tx;
    if (!response) {
      rooms_.requests.close(tx);
      if (waits) rooms_.negotiation.failed(exchange->id, status);
    } else {
      // It is closed afterwards: the exchange still needs the transaction for its ACK. A challenge to what was taken
      // back is its end.
      const bool taken_back = sent.kept && sent.kept->cancelled && (status == 401 || status == 407);
      if (waits && taken_back)
        rooms_.negotiation.responded(*exchange, as_if_answered(487));
      else if (waits)
        rooms_.negotiation.responded(*exchange, *response);
      else if (response->cseq.method == "INVITE" && status < 300)
        rooms_.requests.acknowledge(leg, tx, sent.cseq, {});  // no one waits for it any more
      rooms_.requests.close(tx);
    }
  } else {
    rooms_.requests.close(tx);
    if (std::holds_alternative<ForRefresh>(sent.purpose))
      rooms_.negotiation.refreshed(leg, status, response);
    else if (const auto* request = std::get_if<ForRelay>(&sent.purpose))
      relayed(request->to, status);
  }
  rooms_.legs.forget_if_done(sent.leg);
}

void Dispatch::bye(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  const auto id = leg.id;
  rooms_.requests.answer(tx, leg, request, 200);
  if (auto* ending = std::get_if<Ending>(&leg.state)) {
    ending->bye = Ending::Bye::said;
    return rooms_.legs.forget_if_done(id);
  }
  rooms_.machine.party_left(id, 487, reasons_of(request), true);
}

void Dispatch::prack(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  if (!rooms_.answers.prack(leg, tx, request)) return;
  rooms_.streams.reached(leg);
  if (leg.unproven) rooms_.announcements.proven(leg);  // it has our tag, which was told to no other
  rooms_.answers.go_on(leg);
}

void Dispatch::info(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  Call* call = rooms_.book.call(leg.call);
  if (!call) return rooms_.requests.answer(tx, leg, request, 481);
  if (request.body.empty()) return rooms_.requests.answer(tx, leg, request, 200);
  if (call->is_bridge()) return relay(leg, tx, request);
  const auto key = parse_info_digit(request.content_type, request.body);
  rooms_.requests.answer(tx, leg, request, key ? 200 : 415);
  if (key) rooms_.dialogues.digit(*call, *key, VoiceDialogue::Digits::info);
}

void Dispatch::relay(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  auto& requests = rooms_.requests;
  Leg* other = rooms_.book.other_party(leg);
  if (!other || !other->is<Up>()) return requests.answer(tx, leg, request, 480);
  if (leg.unanswered.size() >= most_relayed) return requests.answer(tx, leg, request, 500);
  requests.expect_answer(tx, leg, request);
  auto copy = requests.make(*other, request.method);
  copy.content_type = request.content_type;
  copy.body = request.body;
  if (const auto package = request.header("Info-Package")) copy.set_header("Info-Package", std::string{*package});
  requests.send(*other, std::move(copy), ForRelay{tx});
}

void Dispatch::relayed(sip::ServerTx to, int status) {
  const auto* open = rooms_.requests.open(to);
  const Leg* leg = open ? rooms_.book.leg(open->leg) : nullptr;
  if (!leg) return;
  const sip::Message request = open->request;
  rooms_.requests.answer(to, *leg, request, status >= 300 ? passed_on(status) : status);
}

void Dispatch::handle_media(const media::Event& event) {
  if (const auto* heard = std::get_if<media::DigitHeard>(&event)) {
    const Leg* leg = rooms_.streams.leg_of(heard->stream);
    if (Call* call = leg ? rooms_.book.call(leg->call) : nullptr)
      rooms_.dialogues.digit(*call, heard->digit, VoiceDialogue::Digits::stream, heard->at);
  } else if (const auto* ended = std::get_if<media::PlayEnded>(&event)) {
    Leg* leg = rooms_.streams.leg_of(ended->stream);
    // The end of what a newer prompt has replaced, or a digit has stopped, is no news.
    if (!leg || leg->playing != ended->id) return;
    leg->playing.reset();
    const Call* call = rooms_.book.call(leg->call);
    if (!call) return;
    if (const auto* dialogue = call->dialogue()) rooms_.context.events.emplace_back(DialoguePromptEnded{dialogue->id});
    const auto serial = call->serial;
    rooms_.announcements.over(serial);
    rooms_.alerts.over(serial);
  } else if (const auto* failed = std::get_if<media::StreamFailed>(&event)) {
    if (const Leg* leg = rooms_.streams.leg_of(failed->stream)) rooms_.machine.leg_left(leg->id, 500, {});
  } else if (const auto* lost = std::get_if<media::SealLost>(&event)) {
    if (Leg* leg = rooms_.streams.leg_of(lost->stream)) rooms_.negotiation.seal_lost(*leg);
  }
}

void Dispatch::handle_timer(TimerKind kind, std::uint64_t id) {
  Leg* leg = rooms_.book.leg(LegId{id});  // for a leg's timers
  switch (kind) {
    case TimerKind::call_waiting:
      return rooms_.ringing.stop_waiting(Serial{id});
    case TimerKind::call_ringing:
      return rooms_.machine.rang_too_long(Serial{id});
    case TimerKind::call_expires:
      return rooms_.machine.expired(Serial{id});
    case TimerKind::call_announcing:
      rooms_.announcements.over(Serial{id});
      return rooms_.alerts.over(Serial{id});
    case TimerKind::leg_silent:
      return rooms_.ringing.silent(LegId{id});
    case TimerKind::leg_again:
      return rooms_.ringing.ask_again(LegId{id});
    case TimerKind::leg_ending: {
      auto* ending = leg ? std::get_if<Ending>(&leg->state) : nullptr;
      if (!ending) return;
      if (ending->bye != Ending::Bye::awaited) return rooms_.legs.forget(leg->id);
      ending->bye = Ending::Bye::unsaid;  // the transferor didn't say BYE
      return rooms_.legs.say_bye(*leg);
    }
    case TimerKind::leg_refresh:
      if (leg) rooms_.negotiation.refresh(*leg);
      return;
    case TimerKind::leg_expiry:  // RFC 4028 §10: the one that doesn't refresh sends the BYE
      return rooms_.machine.leg_left(LegId{id}, 408, "SIP;cause=408;text=\"Session expired\"");
    case TimerKind::leg_lost:
      if (!leg) return;
      rooms_.requests.reattach(*leg);
      if (leg->flow_lost) return rooms_.machine.leg_left(leg->id, 503, {});
      return rooms_.negotiation.refresh(*leg);
    case TimerKind::leg_probe:
      if (leg) rooms_.carrying.probe(*leg);
      return;
    case TimerKind::leg_rekey:
      if (leg) rooms_.negotiation.rekey(*leg);
      return;
    case TimerKind::exchange_reply:
      if (Exchange* exchange = rooms_.exchanges.find(ExchangeId{id})) rooms_.negotiation.timed_out(*exchange);
      return;
    case TimerKind::exchange_retry:
      if (Exchange* exchange = rooms_.exchanges.find(ExchangeId{id})) rooms_.negotiation.retry(*exchange);
      return;
  }
}

}  // namespace roamdesk::calls

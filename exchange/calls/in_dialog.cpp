#include <variant>

#include "common/base/overloaded.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/words.hpp"

// Where events go; requests that need no offer and answer.
namespace roamdesk::calls {
bool Engine::Impl::handle(const sip::TransactionEvent& event) {
  return std::visit(Overloaded{
                        [&](const sip::RequestReceived& e) {
                          if (e.request.to.tag().empty() || !find_dialog(e.flow.address.site, e.request)) return false;
                          handle_request(e.tx, e.flow, e.request);
                          return true;
                        },
                        [&](const sip::AckReceived& e) {
                          if (!find_dialog(e.flow.address.site, e.ack)) return false;
                          on_ack(e.flow, e.ack);
                          return true;
                        },
                        [&](const sip::CancelReceived& e) {
                          if (!open_.contains(e.invite)) return false;
                          on_cancel(e.invite, e.cancel);
                          return true;
                        },
                        [&](const sip::ServerTxFailed& e) {
                          if (!open_.contains(e.tx) && !awaiting_ack_.contains(e.tx)) return false;
                          on_server_failed(e.tx);
                          return true;
                        },
                        [&](const sip::ResponseReceived& e) {
                          if (!sent_.contains(e.tx)) return false;
                          on_response(e.tx, e.response);
                          return true;
                        },
                        [&](const sip::ClientTxFailed& e) {
                          if (!sent_.contains(e.tx)) return false;
                          on_client_failed(e.tx, e.timed_out);
                          return true;
                        },
                    },
                    event);
}

void Engine::Impl::handle_request(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) {
  if (request.method == "ACK") return;
  Leg* l = find_dialog(flow.address.site, request);
  // Whoever is in a dialog of ours names it; anybody else may be anybody.
  if (!l) return transactions_.respond_statelessly(tx, sip::make_response(request, 481, "", ""));
  if (!is_from_its_phone(*l, tx, flow, request)) return;
  follow(*l, flow);
  // RFC 3261 §12.2.2: out of order.
  if (l->remote_cseq && request.cseq.number < *l->remote_cseq) return answer(tx, *l, request, 500);
  l->remote_cseq = request.cseq.number;
  if (request.method == "BYE") return on_bye(*l, tx, request);
  if (request.method == "PRACK") return prack(*l, tx, request);
  if (l->state == LegState::ending) return answer(tx, *l, request, 481);
  if (const auto tags = unsupported(request); !tags.empty()) {
    auto response = make_answer(*l, request, 420);
    response.set_header("Unsupported", tags);
    return respond(tx, std::move(response));
  }
  if (request.method == "INVITE" || request.method == "UPDATE") return on_modify(*l, tx, request);
  if (request.method == "INFO") return on_info(*l, tx, request);
  if (request.method == "REFER") return on_refer(*l, tx, request);
  if (request.method == "OPTIONS") {
    auto response = make_answer(*l, request, 200);
    response.set_header(
        "Accept", std::string{accepted_bodies} + ", application/dtmf-relay, application/dtmf, audio/telephone-event");
    return respond(tx, std::move(response));
  }
  // We refer nobody, so no NOTIFY of a phone has a subscription of ours (RFC 6665 §4.1.3).
  answer(tx, *l, request, request.method == "NOTIFY" ? 481 : 405);
}

void Engine::Impl::on_response(sip::ClientTx tx, const sip::Message& response) {
  const Sent sent = sent_.at(tx);
  Leg* l = leg(sent.leg);
  if (!l) return close(tx);
  if (sent.what == Sent::What::setup) {
    // Not of the INVITE that was sent once more after a 422: ACKed by the layer, nothing else.
    if (l->invite_ctx != tx) {
      if (response.status >= 200) close(tx);
      return;
    }
    if (l->state == LegState::up && response.status >= 200 && response.status < 300) {
      if (response.to.tag() != l->remote_tag) foreign_answer(*l, tx, response, sent.cseq);
      return;  // the layer repeats the ACK for ours
    }
    return on_setup_response(*l, response);
  }
  if (response.status < 200) return;
  const bool invite = response.cseq.method == "INVITE";
  const auto id = l->id;
  switch (sent.what) {
    case Sent::What::exchange: {
      Exchange* e = exchange(sent.exchange);
      if (e && e->ctx == tx) {
        // closed below: the exchange still needs the transaction for its ACK
        on_exchange_response(*e, response);
      } else if (invite && response.status < 300) {
        acknowledge(*l, tx, sent.cseq, {});  // nobody waits for it any more
      }
      close(tx);
      break;
    }
    case Sent::What::refresh:
      close(tx);
      on_refresh_response(*l, response.status, &response);
      break;
    case Sent::What::relay:
      close(tx);
      on_relay_response(sent, response.status, &response);
      break;
    case Sent::What::bye:
    case Sent::What::notify:
    case Sent::What::setup:
      close(tx);
      break;
  }
  forget_if_done(id);
}

void Engine::Impl::on_client_failed(sip::ClientTx tx, bool timed_out) {
  const Sent sent = sent_.at(tx);
  Leg* l = leg(sent.leg);
  if (!l) return close(tx);
  const int status = timed_out ? 408 : 503;
  const auto id = l->id;
  switch (sent.what) {
    case Sent::What::setup:
      if (l->invite_ctx == tx && sent.open) return on_setup_failure(*l, timed_out);
      if (l->invite_ctx != tx) close(tx);
      return;
    case Sent::What::exchange: {
      close(tx);
      Exchange* e = exchange(sent.exchange);
      if (e && e->ctx == tx) on_exchange_failure(e->id, status, nullptr);
      break;
    }
    case Sent::What::refresh:
      close(tx);
      on_refresh_response(*l, status, nullptr);
      break;
    case Sent::What::relay:
      close(tx);
      on_relay_response(sent, status, nullptr);
      break;
    case Sent::What::bye:
    case Sent::What::notify:
      close(tx);
      break;
  }
  forget_if_done(id);
}

// RFC 3261 §13.2.2.4: a further 2xx, of another fork below the phone: its dialog is made, and ended.
void Engine::Impl::foreign_answer(Leg& l, sip::ClientTx tx, const sip::Message& response, std::uint32_t cseq) {
  Leg other;
  other.flow = l.flow;
  other.call_id = l.call_id;
  other.local = l.local;
  other.shown = l.shown;
  other.target = l.target;
  other.local_cseq = cseq;
  take_dialog(other, response);
  acknowledge(other, tx, cseq, {});
  send(l, make_request(other, "BYE"), Sent{Sent::What::bye, l.id, 0, true, {}, {}});
}

void Engine::Impl::on_bye(Leg& l, sip::ServerTx tx, const sip::Message& request) {
  const auto reason = std::string{request.header("Reason").value_or("")};
  const auto id = l.id;
  answer(tx, l, request, 200);
  l.said_bye = true;
  if (l.state == LegState::ending) {
    l.detached = l.bye_when_acked = false;
    return forget_if_done(id);
  }
  leg_left(id, 487, reason);
}

void Engine::Impl::on_info(Leg& l, sip::ServerTx tx, const sip::Message& request) {
  Call* c = call(l.call);
  if (!c) return answer(tx, l, request, 481);
  if (request.body.empty()) return answer(tx, l, request, 200);
  if (c->kind == CallKind::bridge) return pass_on(l, tx, request);
  const auto key = parse_info_digit(request.content_type, request.body);
  answer(tx, l, request, key ? 200 : 415);
  if (key) digit(*c, *key, Call::Digits::info);
}

void Engine::Impl::pass_on(Leg& l, sip::ServerTx tx, const sip::Message& request) {
  Leg* other = other_party(l);
  if (!other || other->state != LegState::up) return answer(tx, l, request, 480);
  if (l.unanswered.size() >= 16) return answer(tx, l, request, 500);
  expect_answer(tx, l, request);
  auto copy = make_request(*other, request.method);
  copy.content_type = request.content_type;
  copy.body = request.body;
  if (const auto package = request.header("Info-Package")) copy.set_header("Info-Package", std::string{*package});
  send(*other, std::move(copy), Sent{Sent::What::relay, other->id, 0, true, {}, tx});
}

void Engine::Impl::on_relay_response(const Sent& sent, int status, const sip::Message*) {
  const auto it = open_.find(*sent.relayed);
  if (it == open_.end()) return;
  const Leg* l = leg(it->second.leg);
  if (!l) return;
  const sip::Message request = it->second.request;
  answer(*sent.relayed, *l, request, status >= 300 ? passed_on(status) : status);
}

}  // namespace roamdesk::calls

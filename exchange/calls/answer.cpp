#include <algorithm>

#include "common/sip/call_headers.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/words.hpp"

// What the caller hears of its INVITE: RFC 3261 §13.3, RFC 3262.
namespace roamdesk::calls {

void Engine::Impl::provisional(Leg& a, int status, std::string_view reason, const std::string& sdp,
                               std::optional<LegId> from) {
  if (!a.invite_tx || a.held_answer) return;
  if (sdp.empty() ? a.last_provisional == status : a.last_provisional == status && a.early_body == sdp) return;
  // RFC 3261 §13.2.1: the first reliable message after an INVITE without offer has to hold one, and there is none yet.
  if (a.reliable && !a.offered) return;
  a.last_provisional = status;
  if (!sdp.empty()) {
    a.early_body = sdp;
    a.early_from = from;
  }
  Provisional what{status, std::string{reason}, sdp};
  if (a.reliable && a.unacked) {
    if (a.provisionals.size() >= 8) a.provisionals.pop_front();
    a.provisionals.push_back(std::move(what));
    return;
  }
  send_provisional(a, std::move(what));
}

void Engine::Impl::send_provisional(Leg& a, Provisional what) {
  auto response = make_answer(a, a.invite, what.status, what.reason);
  show_identity(a, response);
  if (!what.body.empty()) {
    response.content_type = "application/sdp";
    response.body = what.body;
    a.local_sdp = what.body;
  }
  if (a.reliable) {
    a.unacked = ++a.rseq;
    a.unacked_offer = !what.body.empty();
    response.set_header("Require", "100rel");
    response.set_header("RSeq", std::to_string(a.rseq));
  }
  respond(*a.invite_tx, std::move(response));
}

void Engine::Impl::prack(Leg& a, sip::ServerTx tx, const sip::Message& request) {
  const auto rack = sip::rack(request);
  if (!rack || !a.unacked || rack->rseq != *a.unacked || rack->cseq.number != a.invite.cseq.number ||
      rack->cseq.method != "INVITE")
    return answer(tx, a, request, 481);                           // RFC 3262 §3
  if (!request.body.empty()) return answer(tx, a, request, 488);  // a new offer before the call is up
  const auto rseq = *a.unacked;
  a.unacked.reset();
  a.unacked_offer = false;
  if (a.invite_tx) transactions_.prack_received(*a.invite_tx, rseq);
  answer(tx, a, request, 200);
  if (a.unproven) proven(a);  // it has our tag, which nobody else was told
  if (!a.provisionals.empty() && !a.held_answer) {
    auto next = std::move(a.provisionals.front());
    a.provisionals.pop_front();
    return send_provisional(a, std::move(next));
  }
  if (a.held_answer && a.invite_tx) {
    auto final_answer = std::move(*a.held_answer);
    a.held_answer.reset();
    const auto invite = *a.invite_tx;
    a.invite_tx.reset();
    expect_ack(a, invite, a.invite);
    respond(invite, std::move(final_answer));
  }
}

// 2xx. `from`: whose session description it is.
void Engine::Impl::accept_invite(Leg& a, const std::string& sdp, std::optional<LegId> from) {
  if (!a.invite_tx) return;
  // A session description other than the early one belongs to another dialog (RFC 3261 §13.2.1: the first one is the
  // answer, others in the same dialog are ignored): the caller sees it as what it is, a fork.
  const bool other_fork = a.early_from && from && *a.early_from != *from;
  if (other_fork) {
    by_tag_.erase(a.local_tag);
    a.local_tag = unique_();
    a.local.params.set("tag", a.local_tag);
    by_tag_.emplace(a.local_tag, a.id);
    a.unacked.reset();
    a.unacked_offer = false;
    a.early_body.clear();
  }
  auto response = make_answer(a, a.invite, 200);
  show_identity(a, response);
  answer_session(a, a.invite, response);
  // The answer went out reliably already: not again (RFC 3262 §5).
  const bool said = a.reliable && !a.early_body.empty() && a.early_body == sdp && !a.unacked;
  if (!said) {
    response.content_type = "application/sdp";
    response.body = sdp;
  }
  a.local_sdp = sdp;
  a.state = LegState::answered;
  a.provisionals.clear();
  if (a.unacked && a.unacked_offer) {
    // RFC 3262 §3: no 2xx before the PRACK of a provisional with a session description.
    if (a.early_body == sdp) {
      response.content_type.clear();
      response.body.clear();
    }
    a.held_answer = std::move(response);
    return;
  }
  const auto tx = *a.invite_tx;
  a.invite_tx.reset();
  expect_ack(a, tx, a.invite);
  respond(tx, std::move(response));
  dialogs_changed(a);
}

void Engine::Impl::reject_invite(Leg& a, int status, const sip::Message* like) {
  if (!a.invite_tx) return;
  const auto tx = *a.invite_tx;
  a.invite_tx.reset();
  a.held_answer.reset();
  auto response = make_answer(a, a.invite, status, like && like->status == status ? like->reason : std::string{});
  if (like)
    for (const auto& header : like->headers) response.set_header(header.name, header.value);
  respond(tx, std::move(response));
}

// Of a 2xx, from the address of its INVITE: the layer has looked.
void Engine::Impl::on_ack(const sip::Flow& flow, const sip::Message& ack) {
  const Leg* found = find_dialog(flow.address.site, ack);
  if (!found || !found->awaits_ack || found->awaits_ack->cseq != ack.cseq.number) return;
  const auto id = found->id;
  acked(*leg(id), ack);
  // The other side's offer, if it came before this ACK.
  const Leg* l = leg(id);
  Exchange* e = l && l->exchange ? exchange(*l->exchange) : nullptr;
  if (e && e->kind == Exchange::Kind::relay && e->other == id && e->stage == Exchange::Stage::waiting && !e->ctx)
    retry_exchange(*e);
}

void Engine::Impl::acked(Leg& acknowledging, const sip::Message& ack) {
  Leg* l = &acknowledging;
  awaiting_ack_.erase(l->awaits_ack->tx);
  l->awaits_ack.reset();
  const bool first = l->state == LegState::answered;
  if (first) l->state = LegState::up;
  if (l->bye_when_acked) {
    l->bye_when_acked = false;
    return send_bye(*l);
  }
  if (l->state == LegState::ending) return forget_if_done(l->id);
  if (l->exchange) {
    Exchange* e = exchange(*l->exchange);
    if (e && e->stage == Exchange::Stage::acking && e->asker == l->id) return exchange_acked(*e, ack);
  }
  Call* c = call(l->call);
  if (!c || !first) {
    if (c && c->kind == CallKind::dialogue) set_remote(*l, sdp_of(ack));
    return;
  }
  if (!l->offered) {
    // The answer to our late offer.
    const auto sdp = sdp_of(ack);
    if (sdp.empty()) return leg_left(l->id, 488, {});
    l->remote_sdp = sdp;
    set_remote(*l, sdp);
    if (Leg* b = other_party(*l); b && b->ack_due) {
      b->ack_due = false;
      b->state = LegState::up;
      b->local_sdp = worded(*b, sdp, b->remote_sdp);
      acknowledge(*b, *b->invite_ctx, b->invite_cseq, b->local_sdp);
      connect(*l, *b);
    } else if (b && b->invite_tx) {  // picked up: it has made an offer, or waits for this one's
      const auto other = b->id;
      set_remote(*b, b->remote_sdp);
      connect(*l, *b);
      accept_invite(*b, worded(*b, sdp, b->remote_sdp), l->id);
      if (const Leg* still = leg(other)) dialogs_changed(*still);
    }
  }
  if (c->kind == CallKind::dialogue) events_.emplace_back(DialogueAnswered{c->dialogue});
  if (c->kind == CallKind::announcement) proven(*l);
}

void Engine::Impl::on_cancel(sip::ServerTx invite, const sip::Message& cancel) {
  const auto it = open_.find(invite);
  if (it == open_.end()) return;
  const auto reason = callers_reason(cancel);
  Leg* l = leg(it->second.leg);
  if (!l) return;
  if (l->invite_tx == invite) {
    if (l->held_answer) {
      // Answered, but the 2xx waits for a PRACK that won't come.
      l->state = LegState::early;
      l->held_answer.reset();
    }
    if (l->exchange) abort_exchange(*l->exchange);  // an INVITE with Replaces
    return caller_left(l->id, 487, reason);
  }
  // A re-INVITE on its way to the other side: its end decides. A 2xx that crosses wins (RFC 3261 §9.2 allows it), so
  // that both sides always agree.
  if (!l->exchange) return;
  Exchange* e = exchange(*l->exchange);
  if (e && e->tx == invite && e->ctx) transactions_.cancel(*e->ctx, now_);
  if (e && e->tx == invite && !e->ctx) on_exchange_failure(e->id, 487, nullptr);
}

// Whoever called has given up before it was answered. A call that it only was about to join goes on.
void Engine::Impl::caller_left(LegId id, int status, const std::string& reason) {
  Leg& l = *leg(id);
  const auto serial = l.call;
  reject_invite(l, status);
  Call* c = call(serial);
  const bool joining = c && c->a != id && c->b != id;
  if (joining) std::erase(c->branches, id);
  if (c && c->a == id) c->a.reset();
  end_leg(id, status);
  if (!joining) return end_call(serial, status, reason);
  c = call(serial);
  if (c && c->transfer && c->transfer->chosen == id) transfer_failed(serial, status);
}

void Engine::Impl::on_server_failed(sip::ServerTx tx) {
  if (const auto it = awaiting_ack_.find(tx); it != awaiting_ack_.end()) {
    // RFC 3261 §13.3.1.4, §14.2: no ACK of our 2xx: BYE.
    Leg* l = leg(it->second);
    awaiting_ack_.erase(it);
    if (!l) return;
    l->awaits_ack.reset();
    if (l->state == LegState::answered) l->state = LegState::up;
    if (l->state == LegState::ending) {
      if (l->bye_when_acked) {
        l->bye_when_acked = false;
        return send_bye(*l);
      }
      return forget_if_done(l->id);
    }
    return leg_left(l->id, 408, {});
  }
  const auto it = open_.find(tx);
  if (it == open_.end()) return;
  Leg* l = leg(it->second.leg);
  if (!l) return;
  if (l->invite_tx == tx) {
    // Its flow is gone, or a reliable provisional found no PRACK (RFC 3262 §3: 5xx).
    if (l->exchange) abort_exchange(*l->exchange);
    return caller_left(l->id, 500, {});
  }
  std::erase(l->unanswered, tx);
  open_.erase(it);
  if (l->exchange)
    if (Exchange* e = exchange(*l->exchange); e && e->tx == tx) e->tx.reset();
}

}  // namespace roamdesk::calls

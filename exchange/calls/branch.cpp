#include <algorithm>

#include "common/sip/call_headers.hpp"
#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/words.hpp"

// What the ringing phones say, and which final response the caller gets.
namespace roamdesk::calls {

void Engine::Impl::on_setup_response(Leg& b, const sip::Message& response) {
  b.heard = true;
  clear_timer(TimerKind::leg_silent, b.id.value());
  Call* c = call(b.call);
  const bool ringing = c && b.state == LegState::early;
  if (response.status < 200) {
    if (ringing && response.status > 100) branch_progress(b, response);
    return;
  }
  auto& sent = sent_.at(*b.invite_ctx);
  if (response.status >= 300) {
    sent.open = false;
    if (b.state == LegState::early && ringing) {
      if (response.status == 422 && b.min_session.count() == 0) {
        // RFC 4028 §7.3: once more, with the interval that the phone asks for.
        const auto least = sip::min_se(response);
        if (least && *least <= std::chrono::hours{24}) {
          close(*b.invite_ctx);
          b.min_session = std::max(*least, options_.times.min_session);
          b.session = std::max(options_.times.session, b.min_session);
          return send_setup(b);
        }
      }
      return branch_failed(b.id, response);
    }
    return forget_if_done(b.id);
  }
  // 2xx
  sent.open = false;
  const auto cseq = sent.cseq;
  if (ringing) return branch_answered(b, response);
  if (!b.remote_tag.empty() && b.remote_tag != response.to.tag())
    return foreign_answer(b, *b.invite_ctx, response, cseq);
  if (b.state == LegState::ending && !b.said_bye) {
    // The 2xx crossed our CANCEL, or came after the call was over: RFC 3261 §13.2.2.4, ACK and BYE.
    take_dialog(b, response);
    acknowledge(b, *b.invite_ctx, cseq, {});
    send_bye(b);
  }
}

void Engine::Impl::on_setup_failure(Leg& b, bool timed_out) {
  sent_.at(*b.invite_ctx).open = false;
  clear_timer(TimerKind::leg_silent, b.id.value());
  if (!call(b.call) || b.state != LegState::early) return forget_if_done(b.id);
  sip::Message response;  // RFC 3261 §8.1.3.1
  response.status = timed_out ? 408 : 503;
  response.reason = sip::default_reason(response.status);
  branch_failed(b.id, response);
}

// It answered nothing at all: nobody waits for it any longer. Should its answer come after all, its CANCEL goes out.
void Engine::Impl::branch_silent(LegId id) {
  const Leg* b = leg(id);
  const Call* c = b ? call(b->call) : nullptr;
  if (!c || b->state != LegState::early) return;
  sip::Message gone;
  gone.status = 480;
  gone.reason = sip::default_reason(480);
  branch_failed(id, gone);
}

void Engine::Impl::branch_progress(Leg& b, const sip::Message& response) {
  Call& c = *call(b.call);
  learn(b, response);
  const bool news = !b.rang && (response.status == 180 || response.status == 183);
  if (news) b.rang = true;
  const auto early = sdp_of(response);
  const bool readable = b.offered && body::read(early);
  if (readable) b.remote_sdp = early;
  if (c.transfer) {
    notify(c, response.status);
    // One early medium, as for a caller.
    if (readable && c.transfer->early.value_or(b.id) == b.id) hear_early(c, b);
  } else if (Leg* a = leg(c.a)) {
    std::string sdp;
    if (readable) {
      if (!a->early_from || *a->early_from == b.id) {  // one early medium; other phones ring without
        set_remote(b, early);
        set_remote(*a, a->remote_sdp);
        connect(*a, b);
        sdp = worded(*a, early, a->remote_sdp);
      }
    }
    provisional(*a, response.status, response.reason, sdp, b.id);
    dialogs_changed(*a);
  }
  if (news) {
    tell(c);
    dialogs_changed(b);
  }
}

void Engine::Impl::branch_answered(Leg& b, const sip::Message& response) {
  Call& c = *call(b.call);
  take_dialog(b, response);
  b.state = LegState::answered;
  if (wants_privacy(response)) b.who.hidden = true;
  auto sdp = std::string{sdp_of(response)};
  // RFC 3261 §13.2.1 wants the answer again where it came unreliably. From a phone that leaves it out, the early one is
  // what it meant.
  if (sdp.empty() && b.offered) sdp = b.remote_sdp;
  agree_session(b, response);
  if (!sdp.empty() && body::read(sdp)) {
    if (b.offered) {
      b.state = LegState::up;
      acknowledge(b, *b.invite_ctx, b.invite_cseq, {});
    } else {
      b.ack_due = true;
    }
    std::erase(c.branches, b.id);
    c.waiting = false;
    clear_timer(TimerKind::call_waiting, c.serial.value());
    clear_timer(TimerKind::call_ringing, c.serial.value());
    c.hunts.clear();
    cancel_branches(c, b.id, completed_elsewhere);
    b.remote_sdp = sdp;
    set_remote(b, sdp);
    dialogs_changed(b);
    if (c.transfer) {
      c.transfer->chosen = b.id;
      // A phone whose consultation was taken over answered another one's offer: it makes its own now.
      return begin_join(b, c.transfer->staying, b.offered ? std::string{} : sdp);
    }
    Leg& a = *leg(c.a);
    c.b = b.id;
    c.answered = true;
    c.to = b.who.party;
    a.shown = shown_as(b.who);
    const auto wording = worded(a, sdp, a.remote_sdp);
    if (a.offered) {
      set_remote(a, a.remote_sdp);
      connect(a, b);
    }
    const auto branch = b.id;
    const auto serial = c.serial;
    accept_invite(a, wording, branch);
    if (Call* still = call(serial)) tell(*still);
    return;
  }
  // A 2xx without the session description that it owes (RFC 3261 §13.2.1): not a call.
  acknowledge(b, *b.invite_ctx, b.invite_cseq, {});
  b.state = LegState::up;
  sip::Message broken;
  broken.status = 488;
  broken.reason = sip::default_reason(488);
  branch_failed(b.id, broken);
}

void Engine::Impl::cancel_branches(Call& c, std::optional<LegId> but, const std::string& reason) {
  const auto branches = std::exchange(c.branches, {});
  for (const auto id : branches)
    if (!but || id != *but) end_leg(id, 487, reason);
}

void Engine::Impl::note_failure(Call& c, const sip::Message& response) {
  if (!better_final(response.status, c.best.status)) return;
  c.best = {};
  c.best.status = response.status;
  c.best.reason = response.reason;
  for (const char* name : {"Reason", "Warning"})
    if (const auto value = response.header(name)) c.best.set_header(name, std::string{*value});
}

void Engine::Impl::note_failure(Call& c, int status) {
  sip::Message response;
  response.status = status;
  response.reason = sip::default_reason(status);
  note_failure(c, response);
}

void Engine::Impl::branch_failed(LegId id, const sip::Message& response) {
  Leg& b = *leg(id);
  const auto serial = b.call;
  Call& c = *call(serial);
  auto hunt = b.hunt;
  std::erase(c.branches, id);
  if (response.status >= 300 && response.status < 400) {
    hunt = redirect(c, b, response);
  } else {
    note_failure(c, response);
  }
  end_leg(id, 487);
  Call* still = call(serial);
  if (!still) return;
  // RFC 3261 §16.7 step 5: a 6xx ends it everywhere.
  if (response.status >= 600) {
    still->waiting = false;
    still->hunts.clear();
    cancel_branches(*still, std::nullopt, sip_reason(response.status));
  }
  if (still->transfer && still->transfer->early == id) {
    still->transfer->early.reset();
    hear_ringing(*still);
  }
  hunt_on(serial, hunt);
  settle_branches(serial);
}

void Engine::Impl::settle_branches(Serial serial) {
  Call* c = call(serial);
  if (!c || c->waiting || !c->branches.empty()) return;
  const int status = c->best.status ? c->best.status : 480;
  if (c->transfer) {
    if (!c->transfer->chosen && !c->transfer->consulting) transfer_failed(serial, status);
    return;
  }
  if (c->kind == CallKind::bridge && !c->answered) {
    const sip::Message best = c->best;
    give_up(serial, passed_on(status), best.status ? &best : nullptr);
  }
}

// The caller hears how it ended, nobody rings any more.
void Engine::Impl::give_up(Serial serial, int status, const sip::Message* like, const std::string& reason) {
  Call* c = call(serial);
  if (!c) return;
  if (Leg* a = leg(c->a); a && a->invite_tx) {
    const auto id = a->id;
    reject_invite(*a, status, like);
    c->a.reset();
    end_leg(id, status);
  }
  end_call(serial, status, reason);
}

}  // namespace roamdesk::calls

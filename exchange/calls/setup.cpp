#include <algorithm>

#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/words.hpp"

// From a caller's INVITE to phones that ring.
namespace roamdesk::calls {

Leg* Engine::Impl::accept_leg(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                              Party shown) {
  const auto fail = [&](int status, const char* header = nullptr, std::string value = {}) -> Leg* {
    auto response = sip::make_response(invite, status, sip::default_reason(status), unique_());
    if (header) response.set_header(header, std::move(value));
    respond(tx, std::move(response));
    note_refused(flow, invite, caller, shown, status);
    return nullptr;
  };
  if (const auto tags = unsupported(invite); !tags.empty()) return fail(420, "Unsupported", tags);
  if (invite.contact.empty() || invite.contact_star) return fail(400);
  if (is_foreign(invite)) return fail(415, "Accept", accepted_bodies);
  const auto sdp = sdp_of(invite);
  if (!sdp.empty() && !body::read(sdp)) return fail(488);
  if (legs_.size() >= options_.limits.legs) return fail(503, "Retry-After", "10");
  if (caller.peer) {
    const auto it = of_peer_.find(*caller.peer);
    if (it != of_peer_.end() && it->second >= options_.limits.calls_of_peer) return fail(480);
  }
  if (!check_session(tx, invite, nullptr)) return nullptr;
  return begin_leg(tx, flow, invite, std::move(caller), std::move(shown));
}

// Whatever it asks for.
Leg* Engine::Impl::begin_leg(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                             Party shown) {
  const auto sdp = sdp_of(invite);
  Leg& l = make_leg(flow, std::move(caller), std::move(shown));
  l.call_id = invite.call_id;
  l.remote_tag = invite.from.tag();
  l.remote = invite.from;
  l.local = invite.to;
  l.local.params.set("tag", l.local_tag);
  l.remote_cseq = invite.cseq.number;
  l.routes = invite.record_route;
  l.target = invite.from.uri;  // of somebody who names no Contact
  l.target.scheme = "sip";
  l.target.host = to_string(flow.address.peer.address);
  l.target.port = flow.address.peer.port;
  learn(l, invite);
  l.invite_tx = tx;
  l.invite = invite;
  l.offered = !sdp.empty();
  l.remote_sdp = sdp;
  l.reliable = invite.lists("Require", "100rel");
  expect_answer(tx, l, invite);
  if (open_media(l)) return &l;
  note_refused(flow, invite, l.who, l.shown, 503);
  end_leg(l.id, 503);
  return nullptr;
}

Call& Engine::Impl::make_call(CallKind kind, Party from, Party to) {
  Call c;
  c.serial = Serial{++last_call_};
  c.id = CallId{unique_()};
  c.kind = kind;
  c.from = std::move(from);
  c.to = std::move(to);
  c.since = now_;
  by_call_id_.emplace(c.id.value(), c.serial);
  return calls_.emplace(c.serial, std::move(c)).first->second;
}

std::optional<CallId> Engine::Impl::start_call(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                               Caller caller, Party callee, std::vector<Target> targets, bool hold) {
  // RFC 3261 §16.3 item 3: what would be passed on isn't any more; loops end here.
  const int hops = std::min(invite.max_forwards.value_or(70), 255);
  const auto fault = hops <= 0 ? 483 : invite.expires == 0U ? 487 : 0;
  if (fault) {
    refuse(tx, flow, invite, caller, std::move(callee), fault);
    return std::nullopt;
  }
  if (wants_privacy(invite)) caller.hidden = true;
  if (invite.header("Replaces")) return start_with_replaces(tx, flow, invite, std::move(caller), std::move(callee));
  const bool absent = targets.empty();
  std::erase_if(targets, [&](const Target& t) { return caller.peer == t.peer; });
  if (targets.empty() && !hold) {
    refuse(tx, flow, invite, caller, std::move(callee), absent ? 480 : 486);  // 486: calls itself
    return std::nullopt;
  }
  Leg* a = accept_leg(tx, flow, invite, std::move(caller), callee);
  if (!a) return std::nullopt;
  Call& c = make_call(CallKind::bridge, a->who.party, std::move(callee));
  a->call = c.serial;
  note_joined(*a, c);
  c.a = a->id;
  const auto serial = c.serial;
  const auto id = c.id;
  c.max_forwards = hops - 1;
  respond(tx, make_answer(*a, invite, 100));
  set_timer(TimerKind::call_ringing, serial.value(), options_.times.no_answer);
  // RFC 3261 §13.3.1 item 1: the caller's own limit.
  if (invite.expires && std::chrono::seconds{*invite.expires} < options_.times.no_answer)
    set_timer(TimerKind::call_expires, serial.value(), std::chrono::seconds{*invite.expires});
  if (targets.empty()) {
    c.waiting = true;
    set_timer(TimerKind::call_waiting, serial.value(), options_.times.hold);
    provisional(*a, 180, {}, {}, std::nullopt);
  }
  tell(c);
  ring_all(serial, std::move(targets));
  return call(serial) ? std::optional{id} : std::nullopt;
}

void Engine::Impl::ring_all(Serial serial, std::vector<Target> targets) {
  for (auto& target : targets) {
    Call* c = call(serial);
    if (!c) return;
    ring(*c, std::move(target));
  }
  settle_branches(serial);
}

bool Engine::Impl::ring(Call& c, Target target, std::uint64_t hunt) {
  if (c.rung >= options_.limits.targets) return false;
  ++c.rung;
  c.tried.push_back(target.peer);
  const auto busy = of_peer_.find(target.peer);
  const auto uri = sip::parse_uri(target.contact);
  const int fault = !uri                                                                      ? 480
                    : legs_.size() >= options_.limits.legs                                    ? 500
                    : busy != of_peer_.end() && busy->second >= options_.limits.calls_of_peer ? 486
                                                                                              : 0;
  if (fault) {
    note_failure(c, fault);
    return false;
  }
  Leg* caller = c.transfer ? leg(c.transfer->staying) : leg(c.a);
  if (!caller) return false;
  const Party& seen = shown_as(caller->who);
  Leg& b = make_leg(target.flow, Caller{target.peer, target.party}, seen);
  b.hunt = hunt;
  b.call = c.serial;
  b.outgoing = true;
  b.call_id = unique_();
  note_joined(b, c);
  b.target = *uri;
  b.local.display = seen.display;
  b.local.uri.user = seen.number;
  b.local.uri.host = host_of(seen);
  b.local.params.set("tag", b.local_tag);
  b.remote.uri.user = target.party.number;
  b.remote.uri.host = options_.domain;
  c.branches.push_back(b.id);
  if (!open_media(b)) {
    std::erase(c.branches, b.id);
    note_failure(c, 500);
    forget_leg(b.id);
    return false;
  }
  // A transferred party is asked for its answer once the new one has made an offer (join.cpp).
  if (!c.transfer && caller->offered) {
    b.offered = true;
    b.local_sdp = worded(b, caller->remote_sdp);
  }
  send_setup(b);
  tell(c);
  dialogs_changed(b);
  return true;
}

void Engine::Impl::send_setup(Leg& b) {
  auto invite = make_request(b, "INVITE");
  if (const Call* c = call(b.call)) invite.max_forwards = c->max_forwards;
  show_identity(b, invite);
  ask_session(b, invite);
  if (const Call* c = call(b.call)) {
    if (c->transfer) {
      const Leg* by = leg(c->transfer->transferor);
      if (by && !by->who.hidden) {  // RFC 3892
        sip::NameAddr referrer;
        referrer.uri.user = by->who.party.number;
        referrer.uri.host = options_.domain;
        invite.set_header("Referred-By", sip::to_string(referrer));
      }
    } else if (const Leg* a = leg(c->a)) {
      for (const char* name : {"Subject", "Priority"}) {
        const bool tells = a->who.hidden && name == std::string_view{"Subject"};  // RFC 3323 §4.1
        const auto value = tells ? std::nullopt : a->invite.header(name);
        if (value) invite.set_header(name, std::string{*value});
      }
    }
  }
  if (b.offered) {
    invite.content_type = "application/sdp";
    invite.body = b.local_sdp;
  }
  b.invite_cseq = invite.cseq.number;
  b.invite = invite;
  b.invite_ctx = send(b, std::move(invite), Sent{Sent::What::setup, b.id, 0, true, {}, {}});
  if (!b.heard) set_timer(TimerKind::leg_silent, b.id.value(), options_.times.silence);
}

void Engine::Impl::add_target(const CallId& id, Target target) {
  Call* c = call(id);
  if (!c || c->kind != CallKind::bridge || (c->answered && !c->transfer) || (c->transfer && c->transfer->chosen))
    return;
  if (!c->waiting && c->branches.empty()) return;
  if (std::find(c->tried.begin(), c->tried.end(), target.peer) != c->tried.end()) return;
  const Leg* caller = c->transfer ? leg(c->transfer->staying) : leg(c->a);
  if (!caller || caller->who.peer == target.peer) return;
  c->waiting = false;
  clear_timer(TimerKind::call_waiting, c->serial.value());
  const auto serial = c->serial;
  ring(*c, std::move(target));
  settle_branches(serial);
}

void Engine::Impl::waiting_over(Serial serial) {
  Call* c = call(serial);
  if (!c || !c->waiting) return;
  c->waiting = false;
  settle_branches(serial);
}

}  // namespace roamdesk::calls

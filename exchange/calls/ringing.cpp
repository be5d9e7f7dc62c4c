#include "exchange/calls/ringing.hpp"

#include <algorithm>
#include <utility>

#include "common/sip/diversion.hpp"
#include "common/sip/refer.hpp"
#include "exchange/calls/outside_rules.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

sip::Message as_if_answered(int status) {
  sip::Message response;
  response.status = status;
  response.reason = sip::default_reason(status);
  return response;
}

void Ringing::ring(Serial serial, std::vector<Target> targets) {
  for (const auto& target : targets) {
    Call* call = book_.call(serial);
    if (!call) return;
    ring_one(*call, target);
  }
  settle(serial);
}

bool Ringing::ring_one(Call& call, Target target, std::uint64_t hunt, const std::vector<Party>& diverted) {
  const auto& limits = context_.options.limits;
  if (call.fork.rung >= limits.targets) return false;
  ++call.fork.rung;
  std::optional<TollId> toll;
  if (target.manner) {
    auto room = find_room(call, target);
    if (const auto* refusal = std::get_if<sip::Message>(&room)) {
      note_failure(call, *refusal);
      return false;
    }
    toll = std::get<TollId>(room);
  }
  const auto give_up = [&](int status) {
    if (toll) context_.host.over(*toll, false);
    if (status) note_failure(call, status);
    return false;
  };
  call.fork.tried.push_back(target.peer);
  const auto uri = sip::parse_uri(target.contact);
  const auto srtp = streams_.srtp_for(target.peer, target.flow);
  const int fault = !uri                                                                      ? 480
                    : call.help                                                               ? 0
                    : !srtp                                                                   ? 488
                    : book_.legs().size() >= limits.legs                                      ? 500
                    : !target.manner && book_.dialogs_of(target.peer) >= limits.calls_of_peer ? 486
                                                                                              : 0;
  const Leg* waiting = book_.waiting_party(call);
  if (fault || (!waiting && !call.alert())) return give_up(fault);
  const bool to_help = call.transfer && call.transfer->to_help;
  const Party& shown = waiting ? shown_as(waiting->who) : call.from;
  Leg& branch =
      to_help ? legs_.dial(target, *uri, Party{call.help->shown, {}}, hunt) : legs_.dial(target, *uri, shown, hunt);
  branch.call = call.serial;
  branch.client()->diverted = diverted;
  notices_.joined(branch, call);
  call.fork.branches.push_back(branch.id);
  // A call for help is refused for nothing; without TLS it has no keys.
  streams_.seal(branch, srtp.value_or(Srtp::off));
  if (!streams_.open(branch, waiting)) {
    std::erase(call.fork.branches, branch.id);
    legs_.forget(branch.id);
    return give_up(500);
  }
  branch.who.toll = toll;
  // A transferred party is asked for its answer once the new one has made an offer.
  if (!waiting) {
    branch.offered = true;
    branch.local_sdp = sdp_view::offer_g711(branch.next_origin());
    ++branch.sdp_version;
  } else if (!call.transfer && waiting->offered) {
    branch.offered = true;
    branch.local_sdp = streams_.word(branch, waiting->remote_sdp);
  } else if (!branch.takes_late_offers()) {
    make_offer(call, branch, *waiting);
  }
  if (branch.outside) branch.outside->then = std::move(target.then);
  send_invite(branch);
  notices_.tell(call);
  notices_.dialogs_changed(branch);
  return true;
}

void Ringing::attach(const Attachment& attachment, sip::Message& invite) const {
  for (const auto& header : attachment.headers) invite.add_header(header.name, header.value);
  if (attachment.parts.empty()) return;
  std::vector<sip::BodyPart> parts;
  if (!invite.body.empty()) parts.push_back({invite.content_type, {}, std::move(invite.body)});
  parts.insert(parts.end(), attachment.parts.begin(), attachment.parts.end());
  sip::set_parts(invite, parts, context_.unique());
}

void Ringing::send_invite(Leg& branch) {
  auto& client = *branch.client();
  auto invite = requests_.make(branch, "INVITE");
  const Call* call = book_.call(branch.call);
  if (call) invite.max_forwards = call->fork.max_forwards;
  if (branch.outside)
    for (const auto& header : branch.manner().headers) invite.add_header(header.name, header.value);
  else
    requests_.show_identity(branch, invite);
  sessions_.ask(branch, invite);
  if (call) show_call(*call, branch, invite);
  if (branch.offered) {
    invite.content_type = "application/sdp";
    invite.body = branch.local_sdp;
  }
  if (branch.outside && branch.manner().attachment) attach(*branch.manner().attachment, invite);
  client.cseq = invite.cseq.number;
  client.tx = requests_.send(branch, std::move(invite), ForSetup{});
  if (!client.heard) await_word(branch);
}

void Ringing::show_call(const Call& call, const Leg& branch, sip::Message& invite) const {
  if (call.alert()) {
    invite.set_header("Priority", "emergency");  // RFC 3261 §20.26
    // RFC 7462 §8.1, and the parameter by which desk phones choose a ring tone.
    invite.set_header("Alert-Info", "<urn:alert:priority:high>;info=emergency");
    return;
  }
  if (call.transfer) {
    if (branch.outside) return;  // who has handed it over is no outside party's to know
    const Leg* by = book_.leg(call.transfer->transferor);
    if (!by || by->who.hidden) return;
    sip::NameAddr referrer;  // RFC 3892
    referrer.uri.user = by->who.party.number;
    referrer.uri.host = context_.options.domain;
    invite.set_header("Referred-By", sip::to_string(referrer));
    return;
  }
  const Leg* caller = book_.leg(call.caller);
  if (!caller || !caller->server()) return;
  if (call.help) {  // its words are ours; RFC 7090: help calls back
    if (!branch.outside) invite.set_header("Priority", "psap-callback");
    return;
  }
  for (const std::string_view name : {"Subject", "Priority"}) {
    if (caller->who.hidden && name == "Subject") continue;  // RFC 3323 §4.1
    if (const auto value = caller->server()->request().header(name)) invite.set_header(name, std::string{*value});
  }
}

void Ringing::add(Call& call, Target target) {
  if (!call.is_bridge() || (call.answered && !call.transfer) || call.has_chosen()) return;
  auto& fork = call.fork;
  if (!fork.waiting && fork.branches.empty()) return;
  if (std::find(fork.tried.begin(), fork.tried.end(), target.peer) != fork.tried.end()) return;
  const Leg* waiting = book_.waiting_party(call);
  if (!waiting || waiting->who.peer == target.peer) return;
  const auto serial = call.serial;
  fork.waiting = false;
  context_.clear_timer(TimerKind::call_waiting, serial);
  ring_one(call, target);
  settle(serial);
}

void Ringing::stop_waiting(Serial serial) {
  Call* call = book_.call(serial);
  if (!call || !call->fork.waiting) return;
  call->fork.waiting = false;
  settle(serial);
}

void Ringing::responded(Leg& branch, sip::ClientTx tx, const sip::Message& response) {
  auto& client = *branch.client();
  const auto cseq = requests_.sent(tx)->cseq;
  // Of a trunk's server that was given up: should it have taken the call after all, ACK and BYE.
  if (client.tx != tx) {
    if (response.status < 200) return;
    requests_.sent(tx)->open = false;
    if (response.status < 300) return requests_.end_foreign_dialog(branch, tx, response, cseq);
    requests_.close(tx);
    return legs_.forget_if_done(branch.id);
  }
  if (branch.is<Up>() && response.status >= 200 && response.status < 300) {
    if (response.to.tag() != branch.dialog.remote_tag) requests_.end_foreign_dialog(branch, tx, response, cseq);
    return;  // the layer repeats the ACK for ours
  }
  if (!std::exchange(client.heard, true) && branch.outside)
    context_.events.emplace_back(ServerAnswered{.peer = *branch.who.peer, .address = branch.flow.address});
  context_.clear_timer(TimerKind::leg_silent, branch.id);
  const bool rings = book_.call(branch.call) && branch.is<Early>();
  if (response.status < 200) {
    if (rings && response.status > 100 && heeds(branch, response)) progressed(branch, response);
    return;
  }
  requests_.sent(tx)->open = false;
  if (response.status >= 300) {
    if (!rings) return legs_.forget_if_done(branch.id);
    if (response.status == 422 && branch.session.bids_again(response)) {
      requests_.close(tx);
      return send_invite(branch);
    }
    if (insist(branch, tx, response.status)) return;
    if (!ask_next(branch, &response)) refused(branch.id, response);
    return;
  }
  if (rings) return answered(branch, response);
  if (!branch.dialog.remote_tag.empty() && branch.dialog.remote_tag != response.to.tag())
    return requests_.end_foreign_dialog(branch, tx, response, cseq);
  const auto* ending = std::get_if<Ending>(&branch.state);
  if (ending && ending->bye != Ending::Bye::said) {
    // The 2xx crossed our CANCEL, or came after the call was over: RFC 3261 §13.2.2.4, ACK and BYE.
    requests_.take_dialog(branch, response);
    requests_.acknowledge(branch, tx, cseq, {});
    legs_.say_bye(branch);
  }
}

void Ringing::failed(Leg& branch, sip::ClientTx tx, bool timed_out) {
  auto* sent = requests_.sent(tx);
  if (branch.client()->tx != tx) {
    requests_.close(tx);
    return legs_.forget_if_done(branch.id);
  }
  if (!sent->open) return;
  sent->open = false;
  context_.clear_timer(TimerKind::leg_silent, branch.id);
  if (!book_.call(branch.call) || !branch.is<Early>()) return legs_.forget_if_done(branch.id);
  if (ask_next(branch, nullptr)) return;
  refused(branch.id, branch.outside ? trunk_silent() : as_if_answered(timed_out ? 408 : 503));  // RFC 3261 §8.1.3.1
}

// The call doesn't wait for it any longer. Should its answer come after all, its CANCEL goes out.
void Ringing::silent(LegId id) {
  Leg* branch = book_.leg(id);
  if (!branch || !book_.call(branch->call) || !branch->is<Early>() || ask_next(*branch, nullptr)) return;
  refused(id, branch->outside ? trunk_silent() : as_if_answered(480));
}

void Ringing::progressed(Leg& branch, const sip::Message& response) {
  auto& client = *branch.client();
  Call& call = *book_.call(branch.call);
  requests_.learn(branch, response);
  const bool rings = response.status == 180 || response.status == 183;
  const bool news = rings && !std::exchange(client.rang, client.rang || rings);
  const auto sdp = sdp_of(response);
  // The answer to an offer of ours is no one else's: the caller gets an offer, in the 2xx.
  const bool whose = !branch.outside || !branch.outside->our_offer || call.transfer;
  const bool early = branch.offered && whose && streams_.takes(branch, sdp);
  if (early) branch.remote_sdp = sdp;
  listener_.branch_rings(call, branch, response, early);
  if (news) {
    notices_.tell(call);
    notices_.dialogs_changed(branch);
  }
}

void Ringing::answered(Leg& branch, const sip::Message& response) {
  const auto& client = *branch.client();
  Call& call = *book_.call(branch.call);
  requests_.take_dialog(branch, response);
  branch.state = Answered{};
  if (branch.who.toll) context_.host.answered(*branch.who.toll);
  if (wants_privacy(response)) branch.who.hidden = true;
  auto sdp = std::string{sdp_of(response)};
  // RFC 3261 §13.2.1 wants the answer again where it came unreliably. From a phone that leaves it out, the early one is
  // what it meant.
  if (sdp.empty() && branch.offered) sdp = branch.remote_sdp;
  sessions_.agree(branch, response);
  if (sdp.empty() || !streams_.takes(branch, sdp)) {
    // A 2xx without the session description that it owes (RFC 3261 §13.2.1), or without keys where they are required:
    // not a call.
    requests_.acknowledge(branch, *client.tx, client.cseq, {});
    branch.state = Up{};
    auto refusal = as_if_answered(488);
    if (const auto why = sdp_view::objection(sdp, branch.flow.address.peer.address, branch.seal.srtp); !why.empty())
      refusal.set_header("Warning", context_.warning(why));
    return refused(branch.id, refusal);
  }
  if (branch.offered) {
    branch.state = Up{};
    requests_.acknowledge(branch, *client.tx, client.cseq, {});
  } else {
    branch.state = Answered{.owes_answer = true};
  }
  std::erase(call.fork.branches, branch.id);
  call.fork.waiting = false;
  context_.clear_timer(TimerKind::call_waiting, call.serial);
  context_.clear_timer(TimerKind::call_ringing, call.serial);
  call.fork.hunts.clear();
  cancel_all(call, branch.id, completed_elsewhere);
  branch.remote_sdp = sdp;
  streams_.set_remote(branch, sdp);
  notices_.dialogs_changed(branch);
  listener_.branch_answers(call, branch, std::move(sdp));
}

void Ringing::cancel_all(Call& call, std::optional<LegId> but, const std::string& reason) {
  const auto branches = std::exchange(call.fork.branches, {});
  for (const auto id : branches)
    if (!but || id != *but) legs_.end(id, 487, reason);
}

void Ringing::note_failure(Call& call, const sip::Message& response) {
  auto& best = call.fork.best;
  if (!better_final(response.status, best.status)) return;
  best = {};
  best.status = response.status;
  best.reason = response.reason;
  for (const char* name : {"Reason", "Warning"})
    for (const auto value : response.headers_named(name)) best.add_header(name, std::string{value});
}

void Ringing::note_failure(Call& call, int status) { note_failure(call, as_if_answered(status)); }

void Ringing::refused(LegId id, const sip::Message& response, bool said_bye) {
  const Leg& branch = *book_.leg(id);
  const auto serial = branch.call;
  Call& call = *book_.call(serial);
  auto hunt = branch.client() ? branch.client()->hunt : 0;
  std::erase(call.fork.branches, id);
  if (branch.outside) {  // it may send no call elsewhere
    note_failure(call, in_callers_words(response));
  } else if (response.status >= 300 && response.status < 400) {
    // The peer has set a call diversion; it may send its calls wherever it may call itself.
    note_failure(call, 480);
    if (!call.help && may_divert(call, branch))  // help reaches the desk that has called, or no one
      hunt = call.fork.hunts.add(hunt, branch.who, branch.client() ? branch.client()->diverted : std::vector<Party>{},
                                 contacts_by_preference(response, context_.options.limits.redirections));
  } else {
    note_failure(call, response);
  }
  legs_.end(id, 487, {}, said_bye);
  Call* still = book_.call(serial);
  if (!still) return;
  // RFC 3261 §16.7 step 5: a 6xx ends it everywhere.
  if (response.status >= 600) {
    still->fork.waiting = false;
    still->fork.hunts.clear();
    cancel_all(*still, std::nullopt, sip_reason(response.status));
  }
  listener_.branch_gone(*still, id);
  hunt_on(serial, hunt);
  settle(serial);
}

bool Ringing::may_divert(const Call& call, const Leg& branch) const {
  if (call.alert()) return false;  // nobody's rights would send it on
  const Leg* caller = book_.leg(call.caller);
  const auto here = branch.client() ? branch.client()->diverted.size() : 0;
  const auto before =
      !call.transfer && caller && caller->server() ? sip::diversions(caller->server()->request()).size() : 0;
  return here + before < context_.options.limits.diversions;
}

// The next contact, once none of this hunt's peers rings any more. Loops end: no peer is rung twice, and there is a
// bound of contacts for each call.
void Ringing::hunt_on(Serial serial, std::uint64_t hunt) {
  while (Call* call = book_.call(serial)) {
    auto& fork = call->fork;
    if (!fork.hunts.has(hunt)) return;
    const bool rings = std::any_of(fork.branches.begin(), fork.branches.end(), [&](LegId id) {
      const auto* client = book_.leg(id)->client();
      return client && client->hunt == hunt;
    });
    if (rings) return;
    const auto next = fork.hunts.next(hunt, context_.options.limits.redirections);
    if (!next) return;
    const Leg* waiting = book_.waiting_party(*call);
    const auto route =
        context_.host.route({.by = next->by,
                             .caller = waiting ? waiting->who : Caller{},
                             .user = next->user,
                             .diverted = next->diverted,
                             .invite = waiting && waiting->server() ? &waiting->server()->request() : nullptr});
    if (route.refused) note_failure(*call, route.refused);
    for (const auto& target : route.targets) {
      const bool tried = std::find(fork.tried.begin(), fork.tried.end(), target.peer) != fork.tried.end();
      if (!target.manner && (tried || (waiting && waiting->who.peer == target.peer))) continue;
      ring_one(*call, target, hunt, next->diverted);
    }
  }
}

void Ringing::settle(Serial serial) {
  Call* call = book_.call(serial);
  if (!call || call->fork.waiting || !call->fork.branches.empty()) return;
  const sip::Message best = call->fork.best;
  listener_.all_failed(*call, best);
}

}  // namespace roamdesk::calls

#include "exchange/calls/notices.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "exchange/calls/privacy.hpp"
#include "exchange/calls/sdp_view.hpp"

namespace roamdesk::calls {

CallInfo Notices::info(const Call& call) const {
  CallInfo result;
  result.id = call.id;
  result.from = call.from;
  result.to = call.to;
  result.since = call.since;
  const Leg* caller = std::as_const(book_).leg(call.caller);
  const Leg* callee = std::as_const(book_).leg(call.callee);
  if (call.answered)
    result.state = (caller && caller->holds()) || (callee && callee->holds()) ? CallState::held : CallState::up;
  result.answered = call.answered_at;
  result.emergency_from = call.emergency_from;
  result.quiet = call.quiet;
  result.help = call.help.has_value();
  if (caller) {
    result.from_site = caller->flow.address.site;
    result.from_peer = caller->who.peer ? caller->who.peer : caller->who.seen;
  }
  if (!callee && (call.is_bridge() || call.alert()) && !call.fork.branches.empty())
    callee = book_.leg(call.fork.branches.front());
  if (callee) {
    result.to_site = callee->flow.address.site;
    result.to_peer = callee->who.peer;
  }
  return result;
}

void Notices::tell(Call& call) {
  if (call.answered && !call.answered_at) call.answered_at = context_.now;
  for (const auto& id : {call.caller, call.callee})
    if (Leg* leg = book_.leg(id)) survival_.keep(*leg);
  auto fresh = info(call);
  const bool began = call.told.id.value().empty();
  // A transferor has left: the call shows what it was until the new party is there.
  if (!began && fresh.from_site.value().empty()) {
    fresh.from_site = call.told.from_site;
    fresh.from_peer = call.told.from_peer;
  }
  if (!began && fresh == call.told) return;
  call.told = fresh;
  context_.events.emplace_back(CallChanged{.info = std::move(fresh), .began = began});
  for (const auto& id : {call.caller, call.callee})
    if (const Leg* leg = book_.leg(id)) dialogs_changed(*leg);
}

void Notices::ended(const Call& call, int status) {
  if (call.told.id.value().empty()) return;
  auto last = info(call);
  last.to_site = call.told.to_site;
  last.from_site = call.told.from_site;
  last.state = call.told.state;
  last.from_peer = call.told.from_peer;
  last.to_peer = call.told.to_peer;
  context_.events.emplace_back(CallChanged{.info = std::move(last), .ended = true, .status = status});
}

void Notices::refused(const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee,
                      int status) {
  CallInfo refused;
  refused.id = CallId{context_.unique()};
  refused.from = caller.party;
  refused.to = std::move(callee);
  refused.since = context_.now;
  refused.from_site = flow.address.site;
  refused.from_peer = caller.peer ? caller.peer : caller.seen;
  refused.quiet = caller.quiet;
  if (!caller.peer) refused.emergency_from = flow.address.peer;
  context_.events.emplace_back(
      DialogJoined{.call = refused.id, .sip_call_id = invite.call_id, .flow = flow, .number = caller.party.number});
  context_.events.emplace_back(CallChanged{.info = std::move(refused), .began = true, .ended = true, .status = status});
}

void Notices::joined(const Leg& leg, const Call& call) {
  context_.events.emplace_back(DialogJoined{
      .call = call.id, .sip_call_id = leg.dialog.call_id, .flow = leg.flow, .number = leg.who.party.number});
}

void Notices::dialogs_changed(const Leg& leg) {
  constexpr std::ptrdiff_t near = 8;
  const auto& number = leg.who.party.number;
  if (number.empty() || leg.outside) return;
  // One word is enough for many changes of one step.
  auto& events = context_.events;
  for (auto it = events.rbegin(); it != events.rend() && it - events.rbegin() < near; ++it)
    if (const auto* changed = std::get_if<DialogsChanged>(&*it); changed && changed->number == number) return;
  events.emplace_back(DialogsChanged{number});
}

void Notices::counted(const std::optional<PeerId>& peer) {
  if (peer) context_.events.emplace_back(PeerDialogs{.peer = *peer, .count = book_.dialogs_of(*peer)});
}

std::vector<CallInfo> Notices::calls() const {
  std::vector<CallInfo> result;
  for (const auto& [serial, call] : book_.calls())
    if (!call.announcement()) result.push_back(call.told);
  std::sort(result.begin(), result.end(), [](const CallInfo& one, const CallInfo& other) {
    return std::tie(one.since, one.id) < std::tie(other.since, other.id);
  });
  return result;
}

std::optional<std::vector<PartyMedia>> Notices::media(const CallId& id) const {
  const Call* const call = book_.call(id);
  if (!call || call->announcement()) return std::nullopt;
  std::vector<PartyMedia> found;
  for (const auto& [leg_id, party] : {std::pair{call->caller, call->from}, std::pair{call->callee, call->to}})
    if (const Leg* leg = std::as_const(book_).leg(leg_id))
      found.push_back(
          {party, leg->flow.address.site, leg->stream, sdp_view::agreed_codec(leg->remote_sdp, leg->local_sdp)});
  return found;
}

std::vector<presence::DialogInfo> Notices::dialogs(std::string_view number) const {
  std::vector<presence::DialogInfo> result;
  for (const auto id : book_.legs_of(std::string{number})) {
    const Leg& leg = *book_.leg(id);
    if (!book_.call(leg.call)) continue;
    presence::DialogInfo info;
    info.id = std::to_string(leg.id.value());
    info.call_id = leg.alias.call_id;
    info.local_tag = leg.alias.remote_tag;  // as the peer sees its dialog
    info.remote_tag = leg.alias.local_tag;
    // A person who dials is never shown as one who could be picked up.
    info.direction = leg.outgoing() ? presence::Direction::recipient : presence::Direction::initiator;
    if (leg.is<Early>()) {
      const bool rang = leg.outgoing() ? leg.client()->rang : leg.server()->has_rung();
      info.state = rang ? presence::DialogState::early : presence::DialogState::trying;
    } else {
      info.state = presence::DialogState::confirmed;
      info.held = leg.holds();
    }
    info.local = {.number = leg.who.party.number, .display = leg.who.party.display};
    // Who hides is hidden from both ends' watchers: one lamp would tell what the other one doesn't.
    const Party& remote = leg.who.hidden ? anonymous() : leg.shown;
    info.remote = {
        .number = remote.number, .display = remote.display, .host = is_anonymous(remote) ? anonymous_host : ""};
    result.push_back(std::move(info));
  }
  return result;
}

}  // namespace roamdesk::calls

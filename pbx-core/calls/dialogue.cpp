#include "pbx-core/calls/body.hpp"
#include "pbx-core/calls/impl.hpp"
#include "pbx-core/calls/words.hpp"

// Calls with nobody at the other end: the voice dialogue, and announcements ahead of a refusal.
namespace roamdesk::calls {

Call* Engine::Impl::find(DialogueId id) {
  const auto it = dialogues_.find(id);
  return it == dialogues_.end() ? nullptr : call(it->second);
}

std::optional<DialogueId> Engine::Impl::start_dialogue(sip::ServerTx tx, const sip::Flow& flow,
                                                       const sip::Message& invite, Caller caller) {
  Party dialled{invite.request_uri.user, {}};
  Leg* l = accept_leg(tx, flow, invite, std::move(caller), dialled);
  if (!l) return std::nullopt;
  const body::Origin origin{l->id.value(), ++l->sdp_version, l->media};
  const auto sdp = l->offered ? body::answer_g711(l->remote_sdp, origin) : body::offer_g711(origin);
  if (!sdp) {
    end_leg(l->id, 488);
    return std::nullopt;
  }
  Call& c = make_call(CallKind::dialogue, l->who.party, dialled);
  c.dialogue = DialogueId{++last_dialogue_};
  c.answered = true;
  c.a = l->id;
  l->call = c.serial;
  note_joined(*l, c);
  const auto id = c.dialogue;
  dialogues_.emplace(id, c.serial);
  if (l->offered) set_remote(*l, l->remote_sdp);
  accept_invite(*l, *sdp, std::nullopt);
  tell(c);
  return id;
}

// Nobody is asked who he is for an announcement: each holds a port of its site, so one address can't have them all.
bool Engine::Impl::may_announce(const sip::FlowAddress& to) const {
  std::size_t all = 0, here = 0;
  for (const auto& [serial, c] : calls_) {
    if (c.kind != CallKind::announcement) continue;
    ++all;
    const Leg* l = c.a ? leg(*c.a) : nullptr;
    if (l && l->flow.address.site == to.site && l->flow.address.peer.address == to.peer.address) ++here;
  }
  return all < options_.limits.announcements && here < options_.limits.announcements_of_address;
}

void Engine::Impl::announce(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                            std::string prompt, int status) {
  Party dialled{invite.request_uri.user, {}};
  // An announcement that can't be made is no reason to answer anything else than `status`.
  const body::Origin nowhere{0, 0, {}};
  const bool possible = body::answer_g711(sdp_of(invite), nowhere).has_value();
  if (!possible || !may_announce(flow.address))
    return transactions_.respond_statelessly(tx, sip::make_response(invite, status, "", ""));
  Leg* l = accept_leg(tx, flow, invite, std::move(caller), dialled);
  if (!l) return;
  const auto sdp = body::answer_g711(l->remote_sdp, {l->id.value(), ++l->sdp_version, l->media});
  if (!sdp) return end_leg(l->id, status);
  Call& c = make_call(CallKind::announcement, l->who.party, dialled);
  c.a = l->id;
  c.final_status = status;
  l->call = c.serial;
  note_joined(*l, c);
  set_remote(*l, l->remote_sdp);
  provisional(*l, 183, {}, *sdp, std::nullopt);
  play(*l, {std::move(prompt)});
  set_timer(TimerKind::call_announcing, c.serial.value(), options_.times.announcement);
  tell(c);
}

// Whichever source delivers first in a call is the one that is listened to: a phone that sends INFO and RFC 4733 at
// once types each digit once.
void Engine::Impl::digit(Call& c, char key, Call::Digits from, std::optional<TimePoint> at) {
  if (!c.collecting) return;
  if (c.digits == Call::Digits::nobody) c.digits = from;
  if (c.digits == from) events_.emplace_back(DialogueDigit{c.dialogue, key, at});
}

}  // namespace roamdesk::calls

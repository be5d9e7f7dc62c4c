#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/words.hpp"

// Calls with nobody at the other end: the voice dialogue.
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

// Whichever source delivers first in a call is the one that is listened to: a phone that sends INFO and RFC 4733 at
// once types each digit once.
void Engine::Impl::digit(Call& c, char key, Call::Digits from, std::optional<TimePoint> at) {
  if (!c.collecting) return;
  if (c.digits == Call::Digits::nobody) c.digits = from;
  if (c.digits == from) events_.emplace_back(DialogueDigit{c.dialogue, key, at});
}

}  // namespace roamdesk::calls

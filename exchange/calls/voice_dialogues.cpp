#include "exchange/calls/voice_dialogues.hpp"

#include <utility>

namespace roamdesk::calls {

std::optional<DialogueId> VoiceDialogues::start(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                                Caller caller) {
  const Party dialled{.number = invite.request_uri.user, .display = {}};
  Leg* leg = legs_.accept(tx, flow, invite, std::move(caller), dialled);
  if (!leg) return std::nullopt;
  const auto origin = leg->next_origin();
  ++leg->sdp_version;
  const auto sdp = leg->offered ? sdp_view::answer_g711(leg->remote_sdp, origin) : sdp_view::offer_g711(origin);
  if (!sdp) {
    legs_.end(leg->id, 488);
    return std::nullopt;
  }
  const auto id = book_.next_dialogue_id();
  Call& call = book_.add(Call{.id = CallId{context_.unique()},
                              .kind = VoiceDialogue{.id = id},
                              .from = leg->who.party,
                              .to = dialled,
                              .since = context_.now,
                              .caller = leg->id,
                              .answered = true});
  leg->call = call.serial;
  notices_.joined(*leg, call);
  if (leg->offered) streams_.set_remote(*leg, leg->remote_sdp);
  answers_.accept(*leg, *sdp, std::nullopt);
  notices_.tell(call);
  return id;
}

Leg* VoiceDialogues::leg_of(DialogueId dialogue) {
  const Call* call = book_.call(dialogue);
  return call ? book_.leg(call->caller) : nullptr;
}

void VoiceDialogues::play(DialogueId dialogue, std::vector<std::string> prompts) {
  if (Leg* leg = leg_of(dialogue)) streams_.play(*leg, std::move(prompts));
}

void VoiceDialogues::stop(DialogueId dialogue) {
  if (Leg* leg = leg_of(dialogue)) streams_.hush(*leg);
}

void VoiceDialogues::collect(DialogueId dialogue, bool on) {
  const Leg* leg = leg_of(dialogue);
  if (!leg || !leg->stream) return;
  book_.call(dialogue)->dialogue()->collecting = on;
  streams_.collect(*leg, on);
}

// The source that delivers first in a call is the one that is listened to: a phone that sends INFO and RFC 4733 at once
// types each digit once.
void VoiceDialogues::digit(Call& call, char key, VoiceDialogue::Digits from, std::optional<TimePoint> at) {
  auto* dialogue = call.dialogue();
  if (!dialogue || !dialogue->collecting) return;
  if (dialogue->digits == VoiceDialogue::Digits::undecided) dialogue->digits = from;
  if (dialogue->digits == from) context_.events.emplace_back(DialogueDigit{.id = dialogue->id, .digit = key, .at = at});
}

}  // namespace roamdesk::calls

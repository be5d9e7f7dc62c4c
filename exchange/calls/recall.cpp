#include <algorithm>

#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/words.hpp"

// Nobody is lost in a transfer: what the party that waits hears meanwhile, and its way back to whoever handed it over.
namespace roamdesk::calls {

void Engine::Impl::begin_transfer(Call& c, Transfer transfer) {
  c.transfer = std::move(transfer);
  c.handed.reset();
  c.tried.clear();
  c.rung = c.redirections = 0;
  c.max_forwards = 70;
  c.hunts.clear();
  c.best = {};
}

// Ringing tone, in place of whoever hands it over.
void Engine::Impl::hear_ringing(Call& c) {
  Leg* staying = leg(c.transfer->staying);
  if (!staying || staying->playing) return;
  play(*staying, {"ringback"}, true);
  // Held in a way that lets it hear nothing (a=inactive): it is asked to listen.
  if (staying->receives || staying->exchange || staying->awaits_ack || staying->state != LegState::up) return;
  staying->local_sdp = worded(*staying, body::held(staying->local_sdp));
  ask_other(begin(Exchange::Kind::refresh, std::nullopt, staying->id));
}

void Engine::Impl::hush(Leg& l) {
  if (!l.stream || !l.playing) return;
  l.playing.reset();
  host_.media(media::StopPlaying{*l.stream});
}

// What the new party's phone says before it is answered, where both have the same codec; else the ringing tone.
void Engine::Impl::hear_early(Call& c, Leg& branch) {
  Leg* staying = leg(c.transfer->staying);
  if (!staying) return;
  const auto theirs = body::read(branch.remote_sdp), ours = body::read(staying->remote_sdp);
  const bool same = theirs && ours && theirs->codec == ours->codec && theirs->codec_payload == ours->codec_payload &&
                    ours->codec != media::Codec::other;
  if (!same) return hear_ringing(c);
  c.transfer->early = branch.id;
  set_remote(branch, branch.remote_sdp);
  hush(*staying);
  connect(*staying, branch);
}

// The transferor hung up when it had been told, or was just being told, that its transfer had failed: it thinks that
// the other party is in good hands. A held one at which it hung up is nothing else for a little longer.
bool Engine::Impl::hands_over(const Call& c, const Leg& l) const {
  if (!c.handed || c.handed->transferor != l.id || !l.said_bye) return false;
  return now_ < c.handed->at + (l.holds() ? Duration{options_.times.handed_held} : Duration{options_.times.handed});
}

// The party that stays rings at whoever handed it over, wherever that person's phones are now.
void Engine::Impl::recall(Serial serial, LegId staying, const Caller& by, int status) {
  Call* c = call(serial);
  const Leg* l = leg(staying);
  if (!c || !l || l->call != serial || by.party.number.empty()) return end_call(serial, status, sip_reason(status));
  Transfer back;
  back.by = by;
  back.staying = staying;
  back.notify = false;
  back.recall = true;
  begin_transfer(*c, std::move(back));
  transfer_blind(*c, by, by.party.number);
}

}  // namespace roamdesk::calls

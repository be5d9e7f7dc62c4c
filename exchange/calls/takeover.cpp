#include <utility>

#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"

// Semi-attended transfers.
namespace roamdesk::calls {

// A consultation that rings still (RFC 5589 §7.6): its phones ring on, for the party that stays. So the new party gets
// no second INVITE, and misses no call.
void Engine::Impl::take_over(Call& c, Leg& consulting) {
  const auto serial = c.serial;
  const auto early = consulting.early_from;
  const auto peer = leg(c.transfer->staying)->who.peer;
  Call& second = *call(consulting.call);
  c.tried = second.tried;
  c.rung = second.rung;
  c.redirections = second.redirections;
  c.max_forwards = second.max_forwards;
  c.best = second.best;
  c.last_hunt = second.last_hunt;
  c.hunts = std::move(second.hunts);
  c.waiting = second.waiting;
  c.branches = std::exchange(second.branches, {});
  bool rang = c.waiting;
  for (const auto id : c.branches) {
    Leg& branch = *leg(id);
    branch.call = serial;
    branch.shown = shown_as(leg(c.transfer->staying)->who);
    rang = rang || branch.rang;
    note_joined(branch, c);
    dialogs_changed(branch);
  }
  set_timer(TimerKind::call_ringing, serial.value(), options_.times.transfer);
  if (c.waiting) set_timer(TimerKind::call_waiting, serial.value(), options_.times.hold);
  give_up(second.serial, 487);
  for (const auto id : std::vector<LegId>{c.branches})
    if (peer && leg(id)->who.peer == peer) {  // it isn't rung for itself
      std::erase(c.branches, id);
      end_leg(id, 487);
      note_failure(c, 486);
    }
  if (rang) notify(c, 180);
  Leg* heard = leg(early);
  if (heard && heard->call == serial && !heard->remote_sdp.empty())
    hear_early(c, *heard);
  else if (c.waiting || !c.branches.empty())
    hear_ringing(c);
  settle_branches(serial);
}

}  // namespace roamdesk::calls

#include <algorithm>

#include "exchange/calls/impl.hpp"
#include "exchange/calls/words.hpp"

// Where phones send a call on (3xx), RFC 3261 §8.1.3.4.
namespace roamdesk::calls {

// 3xx: the phone has set a call diversion; it may send its calls wherever it may call itself. The hunt that goes on
// with its contacts.
std::uint64_t Engine::Impl::redirect(Call& c, const Leg& b, const sip::Message& response) {
  note_failure(c, 480);
  auto users = contacts_by_preference(response, options_.limits.redirections);
  auto hunt = std::find_if(c.hunts.begin(), c.hunts.end(), [&](const Hunt& h) { return h.id == b.hunt; });
  if (hunt == c.hunts.end()) hunt = c.hunts.insert(hunt, Hunt{++c.last_hunt, {}});
  // What it names comes before what is left of the list that led to it.
  for (auto user = users.rbegin(); user != users.rend(); ++user)
    hunt->left.push_front(Hunt::Contact{b.who, std::move(*user)});
  return hunt->id;
}

// The next contact, once none of this hunt's phones rings any more. Loops end: no phone is rung twice, and there is a
// bound of contacts for each call.
void Engine::Impl::hunt_on(Serial serial, std::uint64_t id) {
  while (Call* c = id ? call(serial) : nullptr) {
    const auto hunt = std::find_if(c->hunts.begin(), c->hunts.end(), [&](const Hunt& h) { return h.id == id; });
    if (hunt == c->hunts.end()) return;
    for (const auto branch : c->branches)
      if (leg(branch)->hunt == id) return;
    if (hunt->left.empty() || c->redirections >= options_.limits.redirections) {
      c->hunts.erase(hunt);
      return;
    }
    ++c->redirections;
    const auto next = std::move(hunt->left.front());
    hunt->left.pop_front();
    auto route = host_.route(next.by, next.user);
    if (route.refused) note_failure(*c, route.refused);
    const Leg* caller = c->transfer ? leg(c->transfer->staying) : leg(c->a);
    for (auto& target : route.targets) {
      if (caller && caller->who.peer == target.peer) continue;
      if (std::find(c->tried.begin(), c->tried.end(), target.peer) != c->tried.end()) continue;
      ring(*c, std::move(target), id);
    }
  }
}

}  // namespace roamdesk::calls

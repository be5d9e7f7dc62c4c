#include "exchange/hotdesk/machine.hpp"

namespace roamdesk::hotdesk {

std::optional<DeskView> Machine::view(const HotDeskId& id) const {
  const Desk* desk = find(id);
  if (desk == nullptr) return std::nullopt;
  DeskView view;
  if (desk->session && !desk->ending) {
    view.state = DeskState::logged_in;
    view.session = desk->session;
  } else if (desk->attempts > 0) {
    view.state = DeskState::logging_in;
  }
  const Delivery& delivery = desk->delivery;
  view.registered = delivery.is_registered();
  view.registered_as = delivery.registered_as();
  view.settled = delivery.settled();
  view.generation = delivery.generation();
  view.problem = desk->problem;
  return view;
}

std::optional<HotDeskId> Machine::desk_of(const ExtensionNumber& extension) const {
  const auto it = desk_of_.find(extension);
  if (it == desk_of_.end() || find(it->second)->ending) return std::nullopt;
  return it->second;
}

std::vector<Machine::Known> Machine::known_credentials(const HotDeskId& id) const {
  std::vector<Known> known;
  const Desk* desk = find(id);
  if (desk == nullptr) return known;
  if (const auto& session = desk->session)
    known.push_back({session->id, session->credentials, session->extension, desk->ending});
  for (const Old& old : desk->old)
    known.push_back({old.identity.session, old.identity.credentials, old.identity.extension, true});
  return known;
}

std::optional<ExtensionNumber> Machine::occupant(const HotDeskId& id) const {
  const SessionInfo* session = standing(id).session;
  return session != nullptr ? std::optional{session->extension} : std::nullopt;
}

Machine::Standing Machine::standing(const HotDeskId& id) const {
  const Desk* desk = find(id);
  if (desk == nullptr) return {};
  Standing standing;
  standing.as_it_should_be = desk->delivery.is_who_it_should_be();
  if (!desk->session || desk->ending) return standing;
  standing.session = &*desk->session;
  if (desk->place) standing.place = &*desk->place;
  return standing;
}

bool Machine::hold_calls(const HotDeskId& id) const {
  const Desk* desk = find(id);
  return desk != nullptr && desk->delivery.hold_calls();
}

std::optional<TimePoint> Machine::locked_until(const ExtensionNumber& extension, TimePoint now) const {
  return lockouts_.locked_until(extension, now);
}

bool Machine::consistent() const { return inconsistency().empty(); }

std::string Machine::inconsistency() const {
  std::size_t sessions = 0;
  for (const auto& [id, desk] : desks_) {
    const std::string where = " (" + id.value() + ")";
    if (desk.session) {
      ++sessions;
      if (desk.session->desk != id) return "a session is at another desk than it says" + where;
      const auto at = desk_of_.find(desk.session->extension);
      if (at == desk_of_.end() || at->second != id) return "an extension is at two desks, or at none" + where;
    }
    if (desk.ending && (!desk.session || !touched_desks_.contains(id))) return "an end that isn't stored" + where;
    if (desk.removed && !touched_desks_.contains(id)) return "a removed desk that nothing waits for" + where;
    if (desk.removed) continue;
    if (desk.delivery.wanted() != (desk.session ? Identity{desk.session->id} : Identity{}))
      return "the phone should have another identity" + where;
    if (!desk.delivery.consistent()) return std::string{"stranded in "} + to_string(desk.delivery.state()) + where;
    const auto due = desk.delivery.deadline(), armed = desk_timers_.of(id);
    if (due && (!armed || *armed > *due)) return "a deadline without a timer" + where;
    if (desk.place && !desk.session) return "a login's place without a login" + where;
    if (desk.place && desk.delivery.is_who_it_should_be()) return "a bridge to a phone that is back" + where;
    if (desk.delivery.settled() && !desk.old.empty()) return "a settled desk knows old credentials" + where;
  }
  if (sessions != desk_of_.size()) return "an extension is at a desk without a session";
  for (const auto& [attempt, checking] : checking_)
    if (!check_timers_.of(attempt)) return "a try that can wait for ever";
  for (const HotDeskId& desk : touched_desks_) {
    bool found = false;
    for (const auto& [ticket, operation] : storing_) found = found || operation.desks.contains(desk);
    if (!found) return "a desk is locked, and no change is under way (" + desk.value() + ")";
  }
  for (const Operation& operation : waiting_)
    if (!is_blocked(operation)) return "an operation waits for nothing";
  return "";
}

}  // namespace roamdesk::hotdesk

#include "exchange/hotdesk/machine.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace roamdesk::hotdesk {

Machine::Machine(Rules rules, IdentitySource fresh)
    : rules_(rules), fresh_(std::move(fresh)), lockouts_(rules.lockout) {}

Effects Machine::restore(const Snapshot& snapshot, TimePoint now) {
  for (const Snapshot::Desk& desk : snapshot.desks) {
    Desk& made = desks_.emplace(desk.id, Desk{desk.site, rules_.delivery}).first->second;
    made.idle = desk.idle;
    made.idle_fetched = true;  // it may have been
  }
  for (const Snapshot::Person& person : snapshot.extensions) extensions_[person.extension] = person.hot_desking;
  for (const auto& [extension, counts] : snapshot.failures)
    if (extensions_.contains(extension)) lockouts_.restore(extension, counts);
  for (const SessionInfo& session : snapshot.sessions) {
    Desk* desk = find(session.desk);
    if (desk == nullptr || desk->session || desk_of_.contains(session.extension))
      throw std::invalid_argument{"the store holds an impossible session at " + session.desk.value()};
    desk->session = session;
    desk->session_fetched = true;  // it may have been
    desk_of_[session.extension] = session.desk;
    emit(Bind{session.desk, session.extension, session.id});
  }
  for (const OldIdentity& old : snapshot.old) {
    if (Desk* desk = find(old.desk)) desk->old.push_back({old, true});
  }
  for (auto& [id, desk] : desks_) {
    // With old credentials about, the phone may have fetched one configuration and be about to show another.
    desk.delivery.restore(desk.session ? Identity{desk.session->id} : std::nullopt, !desk.old.empty());
    rearm(id, desk);
  }
  for (const SessionInfo& session : snapshot.sessions) {
    const auto person = extensions_.find(session.extension);
    if (person == extensions_.end())
      submit_end(session.desk, {.session = session.id, .reason = EndReason::deleted}, ourselves, "restart", now);
    else if (!person->second)
      submit_end(session.desk, {.session = session.id, .reason = EndReason::admin}, ourselves, "restart", now);
  }
  assert(consistent());
  return take();
}

Effects Machine::handle(const Event& event, TimePoint now) {
  std::visit([&](const auto& e) { on(e, now); }, event);
  assert(consistent());
  return take();
}

Effects Machine::handle_timeout(TimePoint now) {
  while (const auto attempt = check_timers_.pop_due(now)) {
    const auto it = checking_.find(*attempt);
    const Checking lost = it->second;
    checking_.erase(it);
    deny(lost.desk, lost.login, lost.actor, lost.origin, LoginFault::no_answer);
  }
  while (const auto ticket = retry_timers_.pop_due(now)) {
    const auto it = storing_.find(*ticket);
    Operation again = std::move(it->second);
    storing_.erase(it);
    hand_to_store(std::move(again));
  }
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    const Login* login = std::get_if<Login>(&it->what);
    if (login != nullptr && it->give_up && *it->give_up <= now) {
      deny(it->desk, *login, it->actor, it->origin, LoginFault::store_failed);
      it = waiting_.erase(it);
    } else {
      ++it;
    }
  }
  while (const auto id = desk_timers_.pop_due(now)) {
    Desk& desk = desks_.at(*id);
    const bool expired = desk.session && !desk.ending && !desk.expiring && rules_.policy.max_session &&
                         desk.session->since + *rules_.policy.max_session <= now;
    if (expired) desk.expiring = true;
    if (desk.place && desk.bridge_until <= now && !desk.delivery.is_busy()) close_bridge(*id, desk);
    phone(*id, [&](Delivery& delivery) { return delivery.handle_timeout(now); });
    if (expired) submit_end(*id, {.session = desk.session->id, .reason = EndReason::max_session}, "clock", "", now);
  }
  assert(consistent());
  return take();
}

std::optional<TimePoint> Machine::deadline() const {
  std::optional<TimePoint> earliest;
  const auto consider = [&](std::optional<TimePoint> at) {
    if (at && (!earliest || *at < *earliest)) earliest = at;
  };
  consider(desk_timers_.earliest());
  consider(check_timers_.earliest());
  consider(retry_timers_.earliest());
  for (const Operation& operation : waiting_) consider(operation.give_up);
  return earliest;
}

void Machine::on(const DeskDefined& e, TimePoint) {
  const auto [it, made] = desks_.try_emplace(e.desk, Desk{e.site, rules_.delivery});
  Desk& desk = it->second;
  if (made)
    desk.idle = e.idle;
  else if (desk.removed)
    desk.defined_again = e;
  else
    desk.site = e.site;
}

void Machine::on(const DeskRemoved& e, TimePoint now) {
  Desk* desk = find(e.desk);
  if (desk == nullptr || desk->removed) return;
  desk->removed = true;
  submit_end(e.desk, {.reason = EndReason::deleted}, e.actor, "", now);
}

void Machine::on(const ExtensionChanged& e, TimePoint now) {
  extensions_[e.extension] = e.hot_desking;
  const auto at = desk_of_.find(e.extension);
  if (e.hot_desking || at == desk_of_.end()) return;
  const HotDeskId desk = at->second;
  submit_end(desk, {.session = find(desk)->session->id, .reason = EndReason::admin}, e.actor, "", now);
}

void Machine::on(const ExtensionDeleted& e, TimePoint now) {
  extensions_.erase(e.extension);
  lockouts_.unlock(e.extension);
  const auto at = desk_of_.find(e.extension);
  if (at == desk_of_.end()) return;
  const HotDeskId desk = at->second;
  submit_end(desk, {.session = find(desk)->session->id, .reason = EndReason::deleted}, e.actor, "", now);
}

void Machine::on(const PolicyChanged& e, TimePoint) {
  rules_.policy = e.policy;
  for (const auto& [extension, id] : desk_of_) rearm(id, *find(id));
}

}  // namespace roamdesk::hotdesk

#include <algorithm>

#include "exchange/hotdesk/machine.hpp"

namespace roamdesk::hotdesk {

void Machine::submit(Operation operation, TimePoint now) {
  waiting_.push_back(std::move(operation));
  run_waiting(now);
}

void Machine::submit_end(const HotDeskId& desk, Logout logout, std::string actor, std::string origin, TimePoint now) {
  submit({.desk = desk, .actor = std::move(actor), .origin = std::move(origin), .what = std::move(logout)}, now);
}

// Operations have their turn in the order in which they came, except that one whose desk or extension is being
// changed lets others pass. So the store never gets two changes whose order would matter, and each is decided on
// what is stored.
void Machine::run_waiting(TimePoint now) {
  if (running_) return;  // an operation that was over at once has submitted another
  running_ = true;
  for (bool again = true; again;) {
    again = false;
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      if (is_blocked(*it)) continue;
      Operation operation = std::move(*it);
      waiting_.erase(it);
      if (begin(operation, now)) hand_to_store(std::move(operation));
      again = true;  // begin() may have added to the queue: iterators are void
      break;
    }
  }
  running_ = false;
}

bool Machine::is_blocked(const Operation& operation) const {
  if (touched_desks_.contains(operation.desk)) return true;
  const Desk* desk = find(operation.desk);
  if (desk != nullptr && desk->session && touched_extensions_.contains(desk->session->extension)) return true;
  const Login* login = std::get_if<Login>(&operation.what);
  if (login == nullptr) return false;
  if (touched_extensions_.contains(login->extension)) return true;
  const auto at = desk_of_.find(login->extension);
  return at != desk_of_.end() && touched_desks_.contains(at->second);
}

bool Machine::begin(Operation& operation, TimePoint now) {
  operation.give_up.reset();
  if (const Login* login = std::get_if<Login>(&operation.what)) return begin_login(operation, *login, now);
  return begin_end(operation, std::get<Logout>(operation.what), now);
}

bool Machine::begin_end(Operation& operation, const Logout& logout, TimePoint now) {
  Desk* desk = find(operation.desk);
  const bool theirs = desk != nullptr && desk->session && (!logout.session || desk->session->id == *logout.session);
  if (theirs) {
    operation.ends.push_back({*desk->session, logout.reason});
    // At once, whatever the store says: an end is stored again until it is stored, and never taken back.
    unbind(*desk);
    desk->ending = true;
    rearm(operation.desk, *desk);
    emit(DeskChanged{operation.desk});
    return true;
  }
  if (logout.renew_token && desk != nullptr && !desk->removed) {
    operation.desks.insert(operation.desk);
    return true;
  }
  finish_end(operation, logout, now);
  return false;
}

void Machine::finish_end(Operation& operation, const Logout& logout, TimePoint now) {
  for (const EndedSession& ended : operation.ends) retire(ended, operation.actor, operation.origin, now);
  renew_idle(operation);
  if (logout.request) emit(LogoutEnded{*logout.request, !operation.ends.empty()});
  Desk* desk = find(operation.desk);
  if (desk == nullptr) return;
  if (desk->removed) {
    const auto again = std::move(desk->defined_again);
    erase(operation.desk);
    if (again) on(*again, now);
    return;
  }
  if (!operation.ends.empty() || !operation.idle.empty())
    phone(operation.desk, [&](Delivery& delivery) { return delivery.want(std::nullopt, now); });
  if (logout.renew_token) emit(RenewToken{operation.desk});
}

void Machine::hand_to_store(Operation operation) {
  const Ticket ticket{++last_ticket_};
  for (const EndedSession& ended : operation.ends) {
    operation.desks.insert(ended.session.desk);
    operation.extensions.insert(ended.session.extension);
  }
  if (operation.start) {
    operation.desks.insert(operation.start->desk);
    operation.extensions.insert(operation.start->extension);
  }
  touched_desks_.insert(operation.desks.begin(), operation.desks.end());
  touched_extensions_.insert(operation.extensions.begin(), operation.extensions.end());
  if (operation.idle.empty())
    for (const HotDeskId& id : operation.desks)
      if (const Desk* desk = find(id); desk != nullptr && !desk->removed)
        operation.idle.push_back({id, fresh_().credentials});
  emit(StoreChange{ticket, operation.ends, operation.start, operation.idle});
  storing_.emplace(ticket, std::move(operation));
}

void Machine::on(const Stored& e, TimePoint now) {
  const auto it = storing_.find(e.ticket);
  if (it == storing_.end() || retry_timers_.of(e.ticket)) return;
  Operation operation = std::move(it->second);
  storing_.erase(it);
  finish(std::move(operation), now);
}

void Machine::finish(Operation operation, TimePoint now) {
  release(operation);
  running_ = true;  // what this submits waits until all of it has happened
  if (const Login* login = std::get_if<Login>(&operation.what))
    finish_login(operation, *login, now);
  else
    finish_end(operation, std::get<Logout>(operation.what), now);
  running_ = false;
  run_waiting(now);
}

void Machine::release(const Operation& operation) {
  for (const HotDeskId& desk : operation.desks) touched_desks_.erase(desk);
  for (const ExtensionNumber& extension : operation.extensions) touched_extensions_.erase(extension);
}

void Machine::on(const StoreFailed& e, TimePoint now) {
  const auto it = storing_.find(e.ticket);
  if (it == storing_.end() || retry_timers_.of(e.ticket)) return;
  if (std::holds_alternative<Login>(it->second.what)) {
    const Operation lost = std::move(it->second);
    storing_.erase(it);
    release(lost);
    deny(lost.desk, std::get<Login>(lost.what), lost.actor, lost.origin, LoginFault::store_failed);
    run_waiting(now);
    return;
  }
  const unsigned failures = std::min(it->second.failures++, 16U);
  retry_timers_.set(e.ticket, now + std::min<Duration>(rules_.limits.store_retry * (1U << failures),
                                                       rules_.limits.longest_store_retry));
}

void Machine::on(const LogoutRequested& e, TimePoint now) {
  submit_end(e.desk, {.request = e.request, .reason = e.reason}, e.actor, e.origin, now);
}

void Machine::on(const Unlocked& e, TimePoint) {
  lockouts_.unlock(e.extension);
  emit(FailuresChanged{e.extension, {}});
  emit(Audit{"unlock", e.actor, "", {}, e.extension, ""});
}

void Machine::unbind(Desk& desk) {
  if (!desk.session || desk.ending) return;
  emit(Unbind{desk.session->desk, desk.session->extension, desk.session->id});
}

// The session is over, in the store too: its credentials authenticate no more than the device from now on.
void Machine::retire(const EndedSession& ended, const std::string& actor, const std::string& origin, TimePoint) {
  const SessionInfo& session = ended.session;
  desk_of_.erase(session.extension);
  emit(SessionEnded{session, ended.reason});
  emit(Audit{"logout", actor, origin, session.desk, session.extension, to_string(ended.reason)});
  Desk* desk = find(session.desk);
  if (desk == nullptr) return;
  keep_old(*desk, {{session.id, session.desk, session.extension, session.credentials}, desk->session_fetched});
  desk->session.reset();
  desk->place.reset();
  desk->session_fetched = desk->ending = desk->expiring = false;
}

void Machine::keep_old(Desk& desk, Old old) {
  const HotDeskId id = old.identity.desk;
  desk.old.push_back(std::move(old));
  if (desk.old.size() <= rules_.limits.old_credentials) return;
  // The oldest that no phone can hold; else the oldest. A phone that was off for so many fetches when it boots.
  const auto unused = std::find_if(desk.old.begin(), desk.old.end(), [](const Old& each) { return !each.fetched; });
  const auto victim = unused == desk.old.end() ? desk.old.begin() : unused;
  emit(ForgetOldCredentials{id, {victim->identity.credentials.user.str()}});
  desk.old.erase(victim);
}

// Idle credentials that an attacker has learnt are good for one idle time at most.
void Machine::renew_idle(const Operation& operation) {
  for (const FreshIdle& fresh : operation.idle) {
    Desk* desk = find(fresh.desk);
    if (desk == nullptr) continue;
    Credentials before = std::exchange(desk->idle, fresh.credentials);
    const SessionId name{before.user.str()};
    desk->delivery.idle_renewed(name);
    if (std::exchange(desk->idle_fetched, false))
      keep_old(*desk, {{name, fresh.desk, {}, std::move(before)}, true});
    else
      emit(ForgetOldCredentials{fresh.desk, {before.user.str()}});  // no phone has them
  }
}

}  // namespace roamdesk::hotdesk

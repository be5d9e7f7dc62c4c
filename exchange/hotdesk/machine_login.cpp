#include "exchange/hotdesk/machine.hpp"

namespace roamdesk::hotdesk {

std::optional<LoginFault> Machine::reject(const HotDeskId& id, const ExtensionNumber& extension) const {
  const Desk* desk = find(id);
  if (desk == nullptr || desk->removed) return LoginFault::unknown_desk;
  const auto person = extensions_.find(extension);
  if (person == extensions_.end()) return LoginFault::unknown_extension;
  if (!person->second) return LoginFault::not_authorised;
  return std::nullopt;
}

void Machine::release_attempt(const HotDeskId& id) {
  Desk* desk = find(id);
  if (desk == nullptr || desk->attempts == 0) return;
  if (--desk->attempts == 0) emit(DeskChanged{id});
}

// The answer to the person who tried, in the same effects whatever the cause.
void Machine::deny(const HotDeskId& desk, const Login& login, const std::string& actor, const std::string& origin,
                   LoginFault fault) {
  emit(LoginEnded{login.attempt, Refused{fault}});
  emit(LoginFailed{desk, login.extension, fault});
  emit(Audit{"login_failed", actor, origin, desk, login.extension, to_string(fault)});
  release_attempt(desk);
}

void Machine::on(const LoginRequested& e, TimePoint now) {
  if (checking_.contains(e.attempt)) return;
  Login login{e.attempt, e.extension, e.by, reject(e.desk, e.extension), e.dialled_at};
  Desk* desk = find(e.desk);
  const bool by_code = e.by == LoginBy::code;
  std::optional<LoginFault> at_once;
  if (login.doomed && (!by_code || *login.doomed == LoginFault::unknown_desk)) at_once = login.doomed;
  if (!at_once && desk->attempts >= rules_.limits.attempts_per_desk) at_once = LoginFault::too_many;
  if (desk != nullptr && desk->attempts++ == 0) emit(DeskChanged{e.desk});
  if (at_once) {
    deny(e.desk, login, e.actor, e.origin, *at_once);
    return;
  }
  if (!by_code) {
    submit({.desk = e.desk, .actor = e.actor, .origin = e.origin, .what = login, .give_up = now + rules_.limits.turn},
           now);
    return;
  }
  if (!login.doomed) {
    std::size_t here = 0, anywhere = 0;
    for (const auto& [attempt, other] : checking_) {
      if (other.login.extension != e.extension || other.login.doomed) continue;
      ++anywhere;
      if (other.desk == e.desk) ++here;
    }
    if (!lockouts_.admits(e.extension, e.desk, here, anywhere, now)) login.doomed = LoginFault::locked;
  }
  emit(CheckPin{e.attempt, e.extension, e.pin, login.doomed.has_value()});
  check_timers_.set(e.attempt, now + rules_.limits.pin_check);
  checking_.emplace(e.attempt, Checking{e.desk, e.actor, e.origin, std::move(login)});
}

void Machine::on(const PinChecked& e, TimePoint now) {
  const auto it = checking_.find(e.attempt);
  if (it == checking_.end()) return;
  const Checking done = std::move(it->second);
  checking_.erase(it);
  check_timers_.clear(e.attempt);
  const ExtensionNumber& extension = done.login.extension;
  if (done.login.doomed) return deny(done.desk, done.login, done.actor, done.origin, *done.login.doomed);
  if (!e.right) {
    deny(done.desk, done.login, done.actor, done.origin, LoginFault::wrong_pin);
    if (!extensions_.contains(extension)) return;  // deleted meanwhile
    const auto locked = lockouts_.failed(extension, done.desk, now);
    emit(FailuresChanged{extension, lockouts_.counts(extension)});
    switch (locked) {
      case Lockouts::Locked::no:
        break;
      case Lockouts::Locked::at_desk:
        emit(Audit{"locked", done.actor, done.origin, done.desk, extension, "at this desk"});
        break;
      case Lockouts::Locked::everywhere:
        emit(Audit{"locked", done.actor, done.origin, {}, extension, "everywhere"});
        break;
    }
    return;
  }
  // Locked by others' failures while this one was checked.
  if (!lockouts_.admits(extension, done.desk, 0, 0, now))
    return deny(done.desk, done.login, done.actor, done.origin, LoginFault::locked);
  const auto before = lockouts_.counts(extension);
  lockouts_.succeeded(extension, done.desk);
  if (auto after = lockouts_.counts(extension); after != before) emit(FailuresChanged{extension, std::move(after)});
  submit({.desk = done.desk,
          .actor = done.actor,
          .origin = done.origin,
          .what = done.login,
          .give_up = now + rules_.limits.turn},
         now);
}

bool Machine::begin_login(Operation& operation, const Login& login, TimePoint now) {
  const auto refuse = [&](LoginFault fault) {
    deny(operation.desk, login, operation.actor, operation.origin, fault);
    return false;
  };
  // Much can have changed while the PIN was checked, and while others had their turn.
  if (const auto fault = reject(operation.desk, login.extension)) return refuse(*fault);
  Desk& desk = *find(operation.desk);
  const auto present = desk_of_.find(login.extension);
  if (present != desk_of_.end() && present->second == operation.desk) {
    emit(LoginEnded{login.attempt, Granted{desk.delivery.is_registered()}});  // the person is there already
    emit(Audit{"login", operation.actor, operation.origin, operation.desk, login.extension, "again", true});
    release_attempt(operation.desk);
    if (desk.delivery.is_who_it_should_be()) return false;
    // A person who dials again at a phone that didn't come is there all the same, and the phone gets all its tries
    // again.
    const bool gave_up = desk.delivery.gave_up();
    open_bridge(desk, login, now);
    phone(operation.desk,
          [&](Delivery& delivery) { return gave_up ? delivery.content_changed(now) : Delivery::Output{}; });
    return false;
  }
  if (present != desk_of_.end() && !rules_.policy.move) return refuse(LoginFault::elsewhere);
  if (desk.session) operation.ends.push_back({*desk.session, EndReason::other_login});
  if (present != desk_of_.end()) operation.ends.push_back({*find(present->second)->session, EndReason::moved});
  FreshIdentity fresh = fresh_();
  operation.start =
      SessionInfo{std::move(fresh.session), operation.desk, login.extension, std::move(fresh.credentials), now};
  return true;
}

// The login is stored: now, and not before, it takes effect.
void Machine::finish_login(Operation& operation, const Login& login, TimePoint now) {
  for (const EndedSession& ended : operation.ends) unbind(*find(ended.session.desk));
  Desk& desk = *find(operation.desk);
  const SessionInfo& session = *operation.start;
  emit(Bind{operation.desk, session.extension, session.id});
  emit(LoginEnded{login.attempt, Granted{desk.delivery.is_registered()}});
  for (const EndedSession& ended : operation.ends) retire(ended, operation.actor, operation.origin, now);
  renew_idle(operation);
  for (const EndedSession& ended : operation.ends)
    if (ended.session.desk != operation.desk)
      phone(ended.session.desk, [&](Delivery& delivery) { return delivery.want(std::nullopt, now); });
  desk.session = session;
  desk.session_fetched = false;
  desk_of_[session.extension] = operation.desk;
  open_bridge(desk, login, now);
  release_attempt(operation.desk);
  phone(operation.desk, [&](Delivery& delivery) { return delivery.want(session.id, now); });
  emit(SessionStarted{session});
  emit(Audit{"login", operation.actor, operation.origin, operation.desk, session.extension, ""});
  // Its switch was turned off, or it was deleted, while the store was at work.
  const auto person = extensions_.find(session.extension);
  if (person == extensions_.end() || !person->second) {
    const EndReason reason = person == extensions_.end() ? EndReason::deleted : EndReason::admin;
    submit_end(operation.desk, {.session = session.id, .reason = reason}, ourselves, "", now);
  }
}

}  // namespace roamdesk::hotdesk

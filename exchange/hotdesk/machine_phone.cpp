#include <algorithm>
#include <tuple>

#include "exchange/hotdesk/machine.hpp"

namespace roamdesk::hotdesk {
namespace {

bool same_address(const sip::FlowAddress& a, const sip::FlowAddress& b) {
  return a.site == b.site && a.peer.address == b.peer.address;
}

}  // namespace

Machine::Desk* Machine::find(const HotDeskId& id) {
  const auto it = desks_.find(id);
  return it == desks_.end() ? nullptr : &it->second;
}
const Machine::Desk* Machine::find(const HotDeskId& id) const {
  const auto it = desks_.find(id);
  return it == desks_.end() ? nullptr : &it->second;
}

// One step of the desk's delivery, and all that follows from it.
void Machine::phone(const HotDeskId& id, const std::function<Delivery::Output(Delivery&)>& step) {
  Desk* desk = find(id);
  if (desk == nullptr || desk->removed) return;  // what a removed desk's phone does concerns no one
  Delivery& delivery = desk->delivery;
  const auto seen = [&] { return std::tuple{delivery.settled(), delivery.is_registered(), delivery.registered_as()}; };
  const auto before = seen();
  const Generation generation = delivery.generation();
  const Delivery::Output output = step(delivery);
  if (seen() != before || delivery.generation() != generation || output.report) emit(DeskChanged{id});
  say(id, *desk, output);
  if (delivery.settled()) forget_old(id, *desk);
  if (delivery.gave_up()) close_bridge(id, *desk);
  rearm(id, *desk);
}

void Machine::say(const HotDeskId& id, Desk& desk, const Delivery::Output& output) {
  if (output.report) {
    desk.problem = *output.report;
    emit(ReportDesk{id, *output.report});
  }
  if (output.tell) emit(TellPhone{id, *output.tell, desk.delivery.generation()});
}

void Machine::forget_old(const HotDeskId& id, Desk& desk) {
  if (desk.old.empty()) return;
  std::vector<std::string> users;
  for (const Old& old : desk.old) users.push_back(old.identity.credentials.user.str());
  desk.old.clear();
  emit(ForgetOldCredentials{id, std::move(users)});
}

void Machine::rearm(const HotDeskId& id, const Desk& desk) {
  std::optional<TimePoint> at = desk.delivery.deadline();
  if (desk.session && !desk.ending && !desk.expiring && rules_.policy.max_session) {
    const TimePoint end = desk.session->since + *rules_.policy.max_session;
    if (!at || end < *at) at = end;
  }
  if (desk.place && desk.place->open && !desk.delivery.is_busy() && (!at || desk.bridge_until < *at))
    at = desk.bridge_until;
  desk_timers_.set(id, at);
}

void Machine::erase(const HotDeskId& id) {
  desk_timers_.clear(id);
  desks_.erase(id);
  std::erase_if(checking_, [&](const auto& entry) {
    const Checking& lost = entry.second;
    if (lost.desk != id) return false;
    check_timers_.clear(entry.first);
    deny(lost.desk, lost.login, lost.actor, lost.origin, LoginFault::unknown_desk);
    return true;
  });
}

// By code: the flow of that call, and the phone's registration if it is at the same address.
void Machine::open_bridge(Desk& desk, const Login& login, TimePoint now) {
  LoginPlace place;
  place.dialled = login.dialled_at;
  const auto& at = desk.registered_at;
  const bool same = at && place.dialled && same_address(*at, *place.dialled);
  if (desk.delivery.is_registered() && (same || login.by != LoginBy::code)) place.registered = at;
  desk.place.reset();
  if (!place.dialled && !place.registered) return;  // no phone was there
  desk.place = std::move(place);
  desk.bridge_until = now + rules_.delivery.bridge;
}

void Machine::close_bridge(const HotDeskId& id, Desk& desk) {
  if (desk.place && std::exchange(desk.place->open, false)) emit(BridgeClosed{id});
}

// Whose registration it is shows its Call-ID (RFC 3261 §10.2.4), which no one else at that address knows.
void Machine::follow(Desk& desk, const PhoneRegistered& e) {
  if (desk.place && desk.session && e.identity == desk.session->id) desk.place.reset();
  if (desk.place && e.at && desk.registered_at) {
    const bool continued = desk.registration == e.call_id && same_address(*desk.registered_at, *e.at);
    if (desk.place->covers(*e.at) || (continued && desk.place->covers(*desk.registered_at)))
      desk.place->registered = e.at;
  }
  desk.registered_at = e.at;
  desk.registration = e.call_id;
}

void Machine::on(const ContentChanged& e, TimePoint now) {
  phone(e.desk, [&](Delivery& delivery) { return delivery.content_changed(now); });
}
void Machine::on(const PhoneFetched& e, TimePoint now) {
  if (Desk* desk = find(e.desk); desk != nullptr) {
    if (!desk->session || desk->ending)
      desk->idle_fetched = true;
    else if (e.generation == desk->delivery.generation())
      desk->session_fetched = true;
  }
  phone(e.desk, [&](Delivery& delivery) { return delivery.fetched(e.generation, now); });
}
void Machine::on(const PhoneRegistered& e, TimePoint now) {
  bool elsewhere = false;
  if (Desk* desk = find(e.desk); desk != nullptr) {
    elsewhere = e.at && desk->registered_at && !same_address(*e.at, *desk->registered_at);
    follow(*desk, e);
  }
  phone(e.desk, [&](Delivery& delivery) { return delivery.registered(e.identity, now, elsewhere); });
}
void Machine::on(const PhoneUnregistered& e, TimePoint now) {
  phone(e.desk, [&](Delivery& delivery) { return delivery.unregistered(now); });
}
void Machine::on(const BindingExpired& e, TimePoint now) {
  phone(e.desk, [&](Delivery& delivery) { return delivery.binding_expired(now); });
}
void Machine::on(const DeskBusy& e, TimePoint now) {
  phone(e.desk, [&](Delivery& delivery) { return delivery.busy(now); });
}
void Machine::on(const DeskFree& e, TimePoint now) {
  if (Desk* desk = find(e.desk); desk != nullptr) desk->bridge_until = now + rules_.delivery.bridge;
  phone(e.desk, [&](Delivery& delivery) { return delivery.free(now); });
}
void Machine::on(const TellFailed& e, TimePoint now) {
  phone(e.desk, [&](Delivery& delivery) { return delivery.tell_failed(e.unanswered, now); });
}

void Machine::on(const PhoneWithinReach& e, TimePoint now) {
  phone(e.desk, [&](Delivery& delivery) { return delivery.within_reach(now); });
}

// Contract §4, The window: an assigned phone that says it is unconfigured is believed only while the desk has no
// registration; then the session there ends, and it gets the idle configuration under a new token.
void Machine::on(const PhoneReset& e, TimePoint now) {
  const Desk* desk = find(e.desk);
  if (desk == nullptr || desk->removed) return;
  if (desk->delivery.is_registered()) {
    emit(ReportDesk{e.desk, DeskProblem::reset_refused});
    return;
  }
  const bool waiting = std::any_of(waiting_.begin(), waiting_.end(), [&](const Operation& operation) {
    const Logout* logout = std::get_if<Logout>(&operation.what);
    return operation.desk == e.desk && logout != nullptr && logout->renew_token;
  });
  if (!waiting) submit_end(e.desk, {.reason = EndReason::reset, .renew_token = true}, "phone", "", now);
}

}  // namespace roamdesk::hotdesk

#include "tests/fuzz/hotdesk/world/world.hpp"

#include <utility>

// What the machine says, and what must hold after every step.
namespace roamdesk::hotdesk {

void World::see(const CheckPin& e) {
  const auto it = tries_.find(e.attempt);
  if (it == tries_.end()) return fail("a check for no try");
  it->second.doomed = e.dummy;
  checks_.push_back(e.attempt);
}

void World::see(const StoreChange& e) { commits_.push_back(e); }

void World::see(const ForgetOldCredentials& e) {
  for (const std::string& user : e.users) old_rows_[e.desk].erase(user);
}

void World::see(const Bind& e) {
  const auto row = rows_.find(e.desk);
  if (row == rows_.end() || row->second.id != e.session) fail("bound before it was stored");
  if (!bound_.emplace(e.desk, e).second) fail("bound twice");
  for (const auto& [where, other] : bound_)
    if (where != e.desk && other.extension == e.extension) fail("an extension rings at two desks");
}

void World::see(const Unbind& e) {
  const auto it = bound_.find(e.desk);
  if (it == bound_.end() || it->second != Bind{e.desk, e.extension, e.session})
    return fail("unbound what wasn't bound");
  bound_.erase(it);
}

void World::see(const LoginEnded& e) {
  const auto it = tries_.find(e.attempt);
  if (it == tries_.end() || std::exchange(it->second.answered, true)) return fail("an answer to no question");
  if (std::holds_alternative<Refused>(e.how)) return;
  if (it->second.doomed) fail("a doomed try got in");
  const auto row = rows_.find(it->second.desk);
  if (row == rows_.end() || row->second.extension != it->second.extension) fail("acknowledged before it was stored");
}

void World::see(const LogoutEnded& e) {
  const auto it = requests_.find(e.request);
  if (it == requests_.end()) return fail("an answer to no question");
  if (bound_.contains(it->second)) fail("logged out, and still bound");
  requests_.erase(it);
}

void World::see(const TellPhone& e) {
  ++tellings_;
  const auto it = phones_.find(e.desk);
  if (it == phones_.end()) return fail("told a phone that isn't there");
  Phone& phone = it->second;
  if (!phone.registered) fail("told a phone that isn't registered");
  if (phone.busy) fail("told a phone that has a call");
  if (phone.last_told && now_ - *phone.last_told < DeliveryTimes{}.gap) fail("told again too soon");
  phone.last_told = now_;
  phone.told = true;
}

void World::check() {
  if (const std::string fault = machine_->inconsistency(); !fault.empty()) fail(fault);
  for (const auto& [id, bind] : bound_) {
    const auto row = rows_.find(id);
    if (row == rows_.end() || row->second.id != bind.session) fail("bound, and not in the store");
    if (machine_->occupant(id) != bind.extension) fail("bound, and acts for another");
  }
  for (const auto& [desk, phone] : phones_) {
    const HotDeskId& id = desk;  // clang 14 captures no structured binding
    if (!bound_.contains(id) && machine_->occupant(id)) fail("acts for somebody who isn't bound");
    if (!machine_->view(id)) continue;  // being removed
    std::set<SessionId> known;
    for (const Machine::Known& each : machine_->known_credentials(id)) known.insert(*each.identity);
    const auto stranded = [&](const std::string& user) {
      const auto identity = user.empty() ? std::nullopt : identity_of(id, user);
      return identity && !known.contains(*identity);
    };
    if (stranded(phone.holds)) fail("a phone holds credentials that nobody knows");
    if (phone.fetched && stranded(*phone.fetched)) fail("a phone is about to show credentials that nobody knows");
    // No one has more than what the store would give back after a crash.
    for (const Machine::Known& each : machine_->known_credentials(id))
      if (each.old && !old_rows_[id].contains(each.credentials.user.str()) &&
          !(rows_.contains(id) && rows_.at(id).credentials.user == each.credentials.user))
        fail("the machine knows old credentials that the store doesn't");
    if (machine_->hold_calls(id) && machine_->view(id)->registered) fail("calls wait for a phone that is there");
  }
}

}  // namespace roamdesk::hotdesk

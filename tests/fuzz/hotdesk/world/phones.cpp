#include "tests/fuzz/hotdesk/world/world.hpp"

#include <utility>

// The phones.
namespace roamdesk::hotdesk {

std::string World::served(const HotDeskId& id) const {
  const auto session = machine_->view(id)->session;
  return session ? session->credentials.user.str() : idle_rows_.at(id).user.str();
}

Identity World::identity_of(const HotDeskId& id, const std::string& user) const {
  if (idle_rows_.at(id).user == user) return std::nullopt;
  // A session's digest user is "u" and its id; idle ones that were replaced go by their digest user.
  const bool session = user.starts_with("us") && !old_idle_.contains(user);
  return SessionId{session ? user.substr(1) : user};
}

sip::FlowAddress World::flow_of(const HotDeskId& id) {
  const auto number = static_cast<std::uint16_t>(std::stoul(id.value().substr(2)));
  return {local_site(), sip::Transport::udp, {}, {{}, number}};
}

PhoneRegistered World::registration(const HotDeskId& id) const {
  return {id, identity_of(id, phones_.at(id).holds), flow_of(id), "call-id"};
}

void World::phone_does(const HotDeskId& id, unsigned what) {
  const auto it = phones_.find(id);
  if (it == phones_.end()) return;
  Phone& phone = it->second;
  switch (what % 10) {
    case 0:  // boots: fetches, and registers as what it got
    case 1:  // registers, or refreshes
      phone.on = true;
      if (what % 10 == 0 && !phone.fetched) {
        phone.fetched = served(id);
        submit(PhoneFetched{id, machine_->view(id)->generation});
      }
      if (what % 10 == 0) phone.holds = *std::exchange(phone.fetched, std::nullopt);
      if (phone.holds.empty()) return;
      phone.registered = true;
      submit(registration(id));
      break;
    case 2:
      if (!phone.registered) return;
      phone.registered = false;
      submit(PhoneUnregistered{id});
      break;
    case 3:
      if (!phone.registered) return;
      phone.registered = phone.on = false;
      submit(BindingExpired{id});
      break;
    case 4:
      if (!phone.registered) return;
      phone.busy = true;
      submit(DeskBusy{id});
      break;
    case 5:
      phone.busy = false;
      submit(DeskFree{id});
      break;
    case 6:
      phone.fetched = served(id);
      submit(PhoneFetched{id, machine_->view(id)->generation});
      break;
    case 7:
      if (!phone.fetched) return;
      phone.holds = *std::exchange(phone.fetched, std::nullopt);
      phone.registered = true;
      submit(registration(id));
      break;
    case 8:
      submit(TellFailed{id, what % 3 == 0});
      break;
    case 9:
      phone.on = !phone.registered;
      if (phone.on) phone.holds.clear();
      if (phone.on) phone.fetched.reset();
      submit(PhoneReset{id});
      break;
  }
}

}  // namespace roamdesk::hotdesk

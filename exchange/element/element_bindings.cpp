#include <algorithm>

#include "exchange/element/accounts.hpp"
#include "exchange/element/element.hpp"
#include "exchange/element/listening.hpp"
#include "exchange/provisioning/web_password.hpp"

// What follows from a device being registered, and from its not being so any more.
namespace roamdesk::element {

void Element::store_binding(const registrar::Binding& binding) {
  StoredBinding stored{binding.device,  binding.aor_user, binding.digest_user, binding.contact,      binding.flow,
                       binding.call_id, binding.cseq,     binding.user_agent,  wall(binding.expires)};
  world_.put_binding(std::move(stored));
}

void Element::binding_gone(const Mac& device, const std::string& aor_user, bool expired) {
  const HotDesk* desk = context_.directory.desk_of(device);
  if (desk && expired)
    desks_.submit(hotdesk::BindingExpired{desk->id});
  else if (desk)
    desks_.submit(hotdesk::PhoneUnregistered{desk->id});
  qualifier_.handle_unregistered(device);
  world_.delete_binding(device, aor_user);
  world_.publish(PhoneChanged{device});
}

std::optional<sip::Flow> Element::flow_of(const Mac& device) const {
  const auto* binding = registrar_.find(device);
  return binding ? flow_of(*binding) : std::nullopt;
}

std::optional<sip::Flow> Element::flow_of(const registrar::Binding& binding) const {
  if (auto flow = world_.find_or_open(binding.flow)) return flow;
  const auto listening = listening_address(binding.flow, binding.contact);
  return listening ? world_.connect(*listening) : std::nullopt;
}

std::optional<Ipv4> Element::registered_at(const Mac& device) const {
  const auto* binding = registrar_.find(device);
  return binding ? std::optional{binding->flow.peer.address} : std::nullopt;
}

void Element::restore(Change record) { context_.directory.apply(std::move(record)); }

void Element::start(const std::vector<OldCredentials>& old, const std::vector<StoredBinding>& bindings,
                    std::vector<StoredDialog> dialogs, std::uint32_t highest_desk_number, Now now) {
  const Turn turn{*this, now};
  for (const auto& credentials : old) context_.directory.restore(credentials);
  context_.directory.restore_highest_desk_number(highest_desk_number);
  desks_.restore();
  // Phones that were assigned before there were such passwords get theirs with their next file.
  Changes drawn;
  for (const auto& [mac, known] : context_.directory.phones()) {
    if (!known.assigned || !known.web_password.empty()) continue;
    Phone phone = known;
    phone.web_password = provisioning::make_web_password(context_.unique());
    drawn.push_back(PutPhone{std::move(phone)});
  }
  if (!drawn.empty()) context_.commit(std::move(drawn));
  onboarding_.restore();
  // Whoever should have been logged out by the clock while we were down is logged out at its next check, and nobody
  // else.
  clock_checked_ = now.wall;
  for (const auto& [desk, session] : context_.directory.sessions())
    clock_checked_ = std::min(clock_checked_, session.since);
  for (const auto& stored : bindings) {
    // Credentials that are nobody's any more leave no binding behind. Such a phone is told to fetch when it asks: what
    // it knows may be of after the backup that was restored.
    const auto account = account_of(context_.directory, stored.digest_user);
    if (stored.expires <= now.wall || !account || account->device != stored.mac) {
      onboarding_.phone_left(stored.mac, stored.flow, stored.contact);
      continue;
    }
    registrar_.restore({stored.mac, stored.aor_user, stored.digest_user, stored.contact, stored.flow, stored.call_id,
                        stored.cseq, stored.user_agent, now.mono + (stored.expires - now.wall)});
    // Beside the core at once; at a branch when it is there.
    if (world_.find_or_open(stored.flow)) world_.prove(stored.flow, sip::Standing::registered);
    qualifier_.handle_heard(stored.mac);
    if (const HotDesk* desk = context_.directory.desk_of(stored.mac))
      desks_.submit(hotdesk::PhoneRegistered{desk->id, identity_of(*account), stored.flow, stored.call_id});
  }
  orphans_.start(std::move(dialogs));
}

}  // namespace roamdesk::element

#include "exchange/element/registrations.hpp"

#include "common/sip/date.hpp"
#include "exchange/element/listening.hpp"

namespace roamdesk::element {

Registrations::Outcome Registrations::handle_register(const sip::Flow& flow, const sip::Message& request,
                                                      const registrar::Account& account) {
  struct Before {
    std::string aor_user;
    PackedText call_id;
    sip::FlowAddress flow;
  };
  std::optional<Before> before;
  if (const auto* binding = registrar_.find(account.device))
    before = Before{binding->aor_user, binding->call_id, binding->flow};
  auto done = registrar_.handle_register(flow, request, account, context_.unique(), context_.now.mono);
  Outcome outcome{std::move(done.response)};
  // RFC 3261 §10.3 step 8, §20.17: phones without a clock of their own take the time from here.
  if (outcome.response.status == 200) outcome.response.add_header("Date", sip::date(context_.now.wall));
  World& world = context_.world;
  if (const auto* registered = std::get_if<registrar::Registered>(&done.change)) {
    const auto& binding = *registrar_.find(account.device);
    if (!before) left_.erase(account.device);
    outcome.change = Outcome::Change::registered;
    outcome.moved = registered->moved;
    outcome.booted = !before || before->call_id != binding.call_id;
    if (before && before->flow != binding.flow) world.release(before->flow);
    world.prove(binding.flow, sip::Standing::registered);
    if (before && before->aor_user != binding.aor_user) world.delete_binding(account.device, before->aor_user);
    world.put_binding({binding.device, binding.aor_user, binding.digest_user.str(), binding.contact, binding.flow,
                       binding.call_id.str(), binding.cseq, binding.user_agent, context_.wall(binding.expires)});
  } else if (std::holds_alternative<registrar::Unregistered>(done.change)) {
    outcome.change = Outcome::Change::unregistered;
    if (before) {
      left_.insert_or_assign(account.device, Left{before->flow, before->aor_user, context_.now.mono});
      world.release(before->flow);
      world.delete_binding(account.device, before->aor_user);
    }
  }
  return outcome;
}

std::vector<registrar::Binding> Registrations::handle_timeout() {
  auto gone = registrar_.handle_timeout(context_.now.mono);
  for (const auto& binding : gone) {
    left_.insert_or_assign(binding.device, Left{binding.flow, binding.aor_user, context_.now.mono});
    context_.world.release(binding.flow);
    context_.world.delete_binding(binding.device, binding.aor_user);
  }
  return gone;
}

std::optional<registrar::Binding> Registrations::remove(const Mac& device) {
  const auto* found = registrar_.find(device);
  if (!found) return std::nullopt;
  auto binding = *found;
  context_.world.delete_binding(device, binding.aor_user);
  context_.world.release(binding.flow);
  registrar_.remove(device);
  return binding;
}

void Registrations::restore(const StoredBinding& stored) {
  registrar_.restore({stored.mac, stored.aor_user, stored.digest_user, stored.contact, stored.flow, stored.call_id,
                      stored.cseq, stored.user_agent, context_.now.mono + (stored.expires - context_.now.wall)});
  // At our own site at once; elsewhere when its line is there.
  if (context_.world.find_or_open(stored.flow)) context_.world.prove(stored.flow, sip::Standing::registered);
}

std::optional<sip::Flow> Registrations::flow_of(const Mac& device) const {
  const auto* binding = registrar_.find(device);
  return binding ? flow_of(*binding) : std::nullopt;
}

std::optional<sip::Flow> Registrations::flow_of(const registrar::Binding& binding) const {
  if (auto flow = context_.world.find_or_open(binding.flow)) return flow;
  const auto listening = listening_address(binding.flow, binding.contact);
  return listening ? context_.world.connect(*listening) : std::nullopt;
}

std::optional<IpAddress> Registrations::address_of(const Mac& device) const {
  const auto* binding = registrar_.find(device);
  return binding ? std::optional{binding->flow.peer.address} : std::nullopt;
}

bool Registrations::is_at(const Mac& device, const sip::FlowAddress& address) const {
  const auto* binding = registrar_.find(device);
  if (!binding || binding->flow.site != address.site || binding->flow.peer.address != address.peer.address)
    return false;
  return binding->flow == address || registrar_.at(address.site, address.peer.address).size() == 1;
}

std::optional<Mac> Registrations::device_at(const sip::FlowAddress& address) const {
  const auto there = registrar_.at(address.site, address.peer.address);
  for (const auto& device : there)
    if (registrar_.find(device)->flow == address) return device;
  return there.size() == 1 ? std::optional{there.front()} : std::nullopt;
}

std::optional<Mac> Registrations::left_at(const sip::FlowAddress& address, std::string_view aor_user) const {
  constexpr std::chrono::hours longest{24};
  if (!registrar_.at(address.site, address.peer.address).empty()) return std::nullopt;
  std::optional<Mac> found;
  for (const auto& [device, left] : left_) {
    if (left.flow.site != address.site || left.flow.peer != address.peer) continue;
    if (found) return std::nullopt;
    if (left.aor_user == aor_user && context_.now.mono - left.at <= longest) found = device;
  }
  return found;
}

}  // namespace roamdesk::element

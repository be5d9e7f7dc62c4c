#include "exchange/element/accounts.hpp"
#include "exchange/element/element.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/provisioning/web_password.hpp"

// What follows from a device being registered, and from its not being so any more; and from its site's line.
namespace roamdesk::element {

void Element::restore(Change record) { context_.directory.apply(std::move(record)); }

void Element::start(const std::vector<OldCredentials>& old, const std::vector<StoredBinding>& bindings,
                    std::vector<StoredDialog> dialogs, std::uint32_t highest_desk_number, Now now, Handover handover) {
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
  clock_.start();
  for (const auto& stored : bindings) restore_binding(stored);
  outside_.start();
  emergency_.start();
  upstreams_.start();
  const auto adopted = adopt(std::move(handover));
  std::erase_if(dialogs, [&](const StoredDialog& dialog) { return adopted.contains(dialog.tag); });
  orphans_.start(std::move(dialogs));
}

void Element::restore_binding(const StoredBinding& stored) {
  // Credentials that aren't good any more leave no binding behind. Such a phone is told to fetch when it asks: what it
  // knows may be of after the backup that was restored.
  const auto account = account_of(context_.directory, stored.digest_user);
  if (stored.expires <= context_.now.wall || !account || account->device != stored.mac)
    return onboarding_.phone_left(stored.mac, stored.flow, stored.contact);
  registrations_.restore(stored);
  qualifier_.handle_heard(stored.mac);
  if (const HotDesk* desk = context_.directory.desk_of(stored.mac))
    desks_.submit(hotdesk::PhoneRegistered{desk->id, identity_of(*account), stored.flow, stored.call_id});
}

void Element::on_register(const sip::RequestReceived& e) {
  const auto who = authenticate(e);
  if (!who) return;
  const auto& account = who->account;
  if (!who->rights.takes_place) {
    report_stranger(*who, e.flow.address, "REGISTER");
    return refuse(e, 403);
  }
  auto outcome = registrations_.handle_register(e.flow, e.request, account);
  transactions_.respond(e.tx, std::move(outcome.response), context_.now.mono);
  switch (outcome.change) {
    case Registrations::Outcome::Change::none:
      return;
    case Registrations::Outcome::Change::registered:
      return registered(account, e.flow, outcome);
    case Registrations::Outcome::Change::unregistered:
      return registration_gone(account.device, false);
  }
}

void Element::registered(const registrar::Account& account, const sip::Flow& flow,
                         const Registrations::Outcome& outcome) {
  const Mac& device = account.device;
  const auto now = context_.now.mono;
  if (outcome.booted) {
    calls_.probe(peer_of(device), now);
    presence_.rebooted(device);
  }
  onboarding_.phone_registered(device, outcome.moved ? std::optional{flow.address.peer} : std::nullopt);
  orphans_.handle_registered(device);
  qualifier_.handle_heard(device);
  if (const HotDesk* desk = context_.directory.desk_of(device))
    desks_.submit(hotdesk::PhoneRegistered{desk->id, identity_of(account), flow.address,
                                           registrations_.find(device)->call_id.str()});
  // Lamps stay with the person they were lit for.
  if (!speakers_.person_at(device))
    presence_.end_all_of(device, now);
  else if (outcome.moved)
    presence_.move(device, flow, now);
  ring_waiting(device);
  if (outcome.moved) {
    calls_.reached(peer_of(device), now);
    world_.publish(PhoneChanged{device});
  }
}

// `expired`: nothing was heard of it; else it said good-bye.
void Element::registration_gone(const Mac& device, bool expired) {
  if (const HotDesk* desk = context_.directory.desk_of(device)) {
    if (expired)
      desks_.submit(hotdesk::BindingExpired{desk->id});
    else
      desks_.submit(hotdesk::PhoneUnregistered{desk->id});
  }
  qualifier_.handle_unregistered(device);
  world_.publish(PhoneChanged{device});
}

void Element::handle_site_disconnected(const SiteId& site, Now now) {
  const Turn turn{*this, now};
  if (!lines_.went_down(site, now.mono)) return;
  for (const auto& [device, binding] : registrations_.all())
    if (binding.flow.site == site) world_.publish(PhoneChanged{device});
}

bool Element::is_online(const Mac& device) const {
  const auto* binding = registrations_.find(device);
  return binding && !lines_.is_down(binding->flow.site) && !qualifier_.is_gone(device);
}

std::size_t Element::phones_online() const {
  if (lines_.all_up()) return registrations_.size() - qualifier_.gone();
  return static_cast<std::size_t>(std::count_if(registrations_.all().begin(), registrations_.all().end(),
                                                [this](const auto& entry) { return is_online(entry.first); }));
}

void Element::handle_site_connected(const SiteId& site, Now now) {
  const Turn turn{*this, now};
  const auto back = lines_.came_back(site);
  if (back.was_down)
    for (const auto& [device, binding] : registrations_.all())
      if (binding.flow.site == site) world_.publish(PhoneChanged{device});
  std::vector<HotDeskId> within_reach;
  // Bindings attach themselves again: each is reached over a flow of the new session from its next message on.
  for (const auto& [device, binding] : registrations_.all())
    if (binding.flow.site == site)
      if (const auto flow = world_.find_or_open(binding.flow)) {
        world_.prove(binding.flow, sip::Standing::registered);
        presence_.move(device, *flow, now.mono);
        if (const HotDesk* desk = context_.directory.desk_of(device)) within_reach.push_back(desk->id);
      }
  for (const auto& desk : within_reach) desks_.submit(hotdesk::PhoneWithinReach{desk});
  for (const Mac& device : back.to_ask) calls_.probe(peer_of(device), now.mono);
  outside_.handle_site_connected(site);
  orphans_.handle_site_connected(site);
}

}  // namespace roamdesk::element

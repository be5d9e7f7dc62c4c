#include "exchange/element/refusals.hpp"

namespace roamdesk::element {

void Refusals::report(const std::optional<Mac>& mac, const SiteId& site, const Endpoint& peer, const std::string& why) {
  if (!allowance_.take({site, peer.address}, why + (mac ? " " + mac->text() : ""), context_.now.mono)) return;
  context_.world.publish(ProvisioningRefused{mac, site, peer, why});
  const Phone* phone = mac ? context_.directory.phone(*mac) : nullptr;
  if (!phone || !phone->assigned) return;
  const HotDesk* desk = phone->extension ? nullptr : context_.directory.desk_of(*mac);
  context_.audit("provisioning.suspicious", "device", to_string(peer.address) + " at " + site.value(),
                 desk ? desk->id.value() : mac->text(), why);
}

void Refusals::handle_timeout() {
  for (const auto& [site, count] : allowance_.handle_timeout(context_.now.mono))
    context_.world.publish(
        Trouble{"provisioning.suspicious", site.value(), std::to_string(count) + " more within a minute"});
}

}  // namespace roamdesk::element

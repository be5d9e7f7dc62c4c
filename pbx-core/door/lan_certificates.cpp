#include "pbx-core/door/lan_certificates.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::door {
namespace {

// That no network gives a machine: nobody's, this machine's, a group's (RFC 1122 §3.2.1.3, RFC 4291 §2.4).
bool is_a_networks(IpAddress address) {
  const bool group = address.is_v4() ? address.v4() >> 28 >= 0xe : address.high() >> 56 == 0xff;
  return !address.is_unspecified() && !group;
}

}  // namespace

LanCertificates::LanCertificates(std::vector<IpAddress> core) : core_(std::move(core)) {
  std::erase_if(core_, [](IpAddress address) { return address.is_loopback() || !is_a_networks(address); });
}

std::optional<std::string> LanCertificates::refusal(const SiteId& site, const std::vector<IpAddress>& addresses,
                                                    TimePoint now) {
  if (addresses.empty()) return "it has told no network";
  for (const IpAddress address : addresses) {
    if (!is_a_networks(address)) return to_string(address) + " is no machine's address in a network";
    if (std::find(core_.begin(), core_.end(), address) != core_.end())
      return to_string(address) + " is the core's own address";
  }
  if (!given_[site].bucket.take(rate, now)) return "it has had eight within an hour";
  return std::nullopt;
}

std::vector<IpAddress> LanCertificates::note(const SiteId& site, const std::vector<IpAddress>& addresses) {
  auto before = std::exchange(given_[site].addresses, addresses);
  if (before == addresses) before.clear();
  return before;
}

}  // namespace roamdesk::door

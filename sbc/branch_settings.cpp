#include "sbc/branch_settings.hpp"

#include "common/base/package.hpp"

namespace roamdesk::sbc {

net::SipListeners::Settings listener_settings(const std::vector<LanConfig>& lans, const Branch::Options& options) {
  net::SipListeners::Settings settings;
  for (const LanConfig& lan : lans) {
    net::SipNetwork& network = settings.networks.emplace_back();
    if (lan.sip) network.udp = network.tcp = Endpoint{lan.address, *lan.sip};
    if (lan.sips) network.tls = Endpoint{lan.address, *lan.sips};
    if (lan.pnp) network.pnp = {lan.address};
  }
  settings.pnp_group = options.pnp_group;
  // A branch has hundreds of phones, each with one connection or two.
  settings.limits.places.in_all = 2048;
  settings.limits.places.reserved = 512;
  settings.limits.places.per_address = 16;
  settings.limits.places.per_known_address = 64;
  settings.handshakes = options.handshakes;
  return settings;
}

Uplink::Settings uplink_settings(const Config& config, const Branch::Options& options) {
  Uplink::Settings settings;
  settings.cores = names_of(config.core);
  settings.state_dir = config.state_dir;
  settings.enrolment_key = config.enrolment_key;
  settings.lans = to_lans(config.lan);
  // A package is worth more than the mark, where there isn't room for both.
  const auto marked = software_text(settings.software + std::string{run_mark}, options.package);
  const auto plain = software_text(settings.software, options.package);
  settings.software = package_in(plain) && !package_in(marked) ? plain : marked;
  settings.session = options.session;
  settings.back_off = options.back_off;
  settings.grace = options.grace;
  settings.look_again = options.look_again;
  return settings;
}

KeptSettings::Values values_of(const Config& config) {
  KeptSettings::Values values;
  values.log = config.log;
  values.sip_dscp = config.dscp.sip;
  values.rtp_dscp = config.dscp.rtp;
  return values;
}

std::vector<std::string> names_of(const std::vector<config::HostPort>& cores) {
  std::vector<std::string> names;
  names.reserve(cores.size());
  for (const auto& core : cores) names.push_back(to_string(core));
  return names;
}

std::vector<IpAddress> addresses_of(const std::vector<LanConfig>& lans) {
  std::vector<IpAddress> addresses;
  addresses.reserve(lans.size());
  for (const LanConfig& lan : lans) addresses.push_back(lan.address);
  return addresses;
}

std::vector<tunnel::Lan> to_lans(const std::vector<LanConfig>& lans) {
  std::vector<tunnel::Lan> out;
  for (const LanConfig& lan : lans) {
    tunnel::Lan& told = out.emplace_back();
    told.address = lan.address;
    told.sip = lan.sip.value_or(0);
    told.sips = lan.sips.value_or(0);
    told.provisioning = lan.provisioning.value_or(0);
    told.ntp = lan.ntp.value_or(0);
    told.rtp = lan.rtp;
    told.pnp = lan.pnp && lan.sip;
  }
  return out;
}

}  // namespace roamdesk::sbc

#pragma once
#include <string>
#include <vector>

#include "sbc/branch.hpp"

namespace roamdesk::sbc {

// What a branch's parts are told of its configuration.
net::SipListeners::Settings listener_settings(const std::vector<LanConfig>& lans, const Branch::Options& options);
Uplink::Settings uplink_settings(const Config& config, const Branch::Options& options);
KeptSettings::Values values_of(const Config& config);
std::vector<std::string> names_of(const std::vector<config::HostPort>& cores);
std::vector<IpAddress> addresses_of(const std::vector<LanConfig>& lans);

}  // namespace roamdesk::sbc

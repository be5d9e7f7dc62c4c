#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/secret.hpp"
#include "common/config/types.hpp"
#include "common/log/log.hpp"
#include "common/media_orders/loop_kind.hpp"

namespace roamdesk::sbc {

// One branch network (VLAN).
struct LanConfig {
  IpAddress address;                                 // what its phones are pointed at
  std::optional<std::uint16_t> sip = 5060;           // UDP and TCP; so with the others: null is none
  std::optional<std::uint16_t> sips = 5061;          // SIP over TLS
  std::optional<std::uint16_t> provisioning = 5000;  // HTTP, /provision/ only
  std::optional<std::uint16_t> https = 5001;         // the same over TLS
  std::optional<std::uint16_t> ntp = 123;            // answers SNTP
  PortRange rtp{20000, 29999};
  bool pnp = true;  // answer SIP plug-and-play (224.0.1.75:5060) here
};

// sbc.yaml, key by key (contract §2). `core` and `lan.address` have no default.
struct Config {
  std::filesystem::path state_dir = "/var/lib/sbc";  // identity, status socket
  std::vector<config::HostPort> core;                // tried in order
  std::optional<Secret> enrolment_key;               // enrols at the first start
  std::vector<LanConfig> lan;                        // at least one, at most 32
  media::LoopKind media_loop = media::LoopKind::automatic;
  // DSCP of what leaves for phones, 0..63 (RFC 2474).
  struct Dscp {
    std::uint8_t sip = 0, rtp = 46;  // none; EF (RFC 3246)
    friend bool operator==(const Dscp&, const Dscp&) = default;
  } dscp;
  log::Settings log;
  std::optional<Endpoint> metrics = Endpoint{{0x7f000001}, 9091};
};

// Key by key, without secrets: for a diagnosis.
std::string to_text(const Config& config);

// Throws config::ConfigError with one line for each fault.
Config load_config(const std::filesystem::path& file);

}  // namespace roamdesk::sbc

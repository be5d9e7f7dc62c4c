#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/config/types.hpp"
#include "common/log/log.hpp"
#include "common/media_orders/loop_kind.hpp"
#include "exchange/model/records.hpp"
#include "pbx-core/notices/mail_server.hpp"

namespace roamdesk::core {

// pbx-core.yaml, key by key (contract §2). The defaults are those of the product; `sip.domain` alone has none.
struct Config {
  std::filesystem::path state_dir = "/var/lib/pbx-core";  // store, certificates, custom prompts and templates
  std::string store = "sqlite";                           // the only one so far
  config::TimeZone time_zone{"Europe/Nicosia"};           // of the site `local`

  struct Sip {
    std::string domain;                                // digest realm; all faces are aliases of it in URIs
    std::optional<Endpoint> udp = Endpoint{{}, 5060};  // null: no listener; so with the other two
    std::optional<Endpoint> tcp = Endpoint{{}, 5060};
    std::optional<Endpoint> tls = Endpoint{{}, 5061};
  } sip;

  struct Rtp {
    PortRange ports{10000, 19999};
    std::optional<IpAddress> advertise;  // in SDP, in place of the address at which the phone's SIP arrived
  } rtp;

  std::vector<Endpoint> tunnel{{every_address, 5090}};  // TCP and UDP, from the SBCs

  struct Http {
    std::optional<Endpoint> listen = Endpoint{{}, 5000};  // provisioning; to loopback peers console and API as well
    std::optional<Endpoint> tls = Endpoint{every_address, 5001};  // all three
    // PEM files of the administrator's own certificate for it, with its chain; nullopt: one of the core's own CA.
    std::optional<std::filesystem::path> certificate, key;
    // The Debian repository that branches install from, served to all below /packages/; nullopt: none is.
    std::optional<std::filesystem::path> packages = "/var/lib/roamdesk/packages";
    // Reverse proxies; whom they speak for (X-Forwarded-For, Forwarded) is believed from these addresses only.
    std::vector<IpAddress> trusted_proxies;
  } http;

  std::optional<Endpoint> ntp = Endpoint{{}, 123};  // answers SNTP; null: no time service
  bool ntp_is_set = false;                          // by the file; the default is done without where it can't be had

  struct Pnp {
    std::optional<Endpoint> listen = Endpoint{{0xe000014b}, 5060};  // 224.0.1.75; null switches plug-and-play off
    std::vector<IpAddress> interfaces;  // addresses of the interfaces to join on; empty: no plug-and-play
  } pnp;

  // Where names are looked up (dns.servers); empty: at the servers of /etc/resolv.conf.
  std::vector<Endpoint> dns_servers;

  // A backup every night.
  struct Backup {
    std::filesystem::path directory;
    config::TimeOfDay at{std::chrono::minutes{150}};  // in `time_zone`
    std::uint16_t keep = 14;                          // 1 to 1000
  };
  std::optional<Backup> backup;  // nullopt: none is made by itself

  // All SIP goes to a Homer collector as well.
  struct Hep {
    Endpoint collector;               // over UDP
    std::uint16_t capture_id = 2001;  // by which the collector knows us
    std::string node = "pbx-core";
  };
  std::optional<Hep> hep;  // nullopt: none does

  std::optional<notices::MailServer> mail;  // nullopt: no e-mails are sent

  media::LoopKind media_loop = media::LoopKind::automatic;
  // nullopt: one for each core that the program may use, 8 at most.
  std::optional<std::size_t> media_threads{};

  // codes, hot_desk, emergency: what can be changed while running; these are the store's defaults.
  Settings settings;

  log::Settings log;
  std::optional<Endpoint> metrics = Endpoint{{0x7f000001}, 9090};  // /metrics, /healthz, /readyz
};

// Throws config::ConfigError with one line for each fault.
Config load_config(const std::filesystem::path& file);

// Where files of phones' firmware lie.
inline std::filesystem::path firmware_folder(const std::filesystem::path& state_dir) { return state_dir / "firmware"; }

}  // namespace roamdesk::core

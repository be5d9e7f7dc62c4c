#include "pbx-core/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "common/config/common_keys.hpp"
#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/listeners.hpp"
#include "pbx-core/notices/mail_config.hpp"
#include "pbx-core/platform/certificate_files.hpp"

namespace roamdesk::core {
namespace {

using config::Section;

// The settings of one section of the file, by their description. (What is read before it is used: a null leaves the
// default.)
struct FromFile {
  Section& section;
  std::string prefix;  // "codes."

  std::optional<std::string_view> mine(std::string_view path) const {
    return path.starts_with(prefix) ? std::optional{path.substr(prefix.size())} : std::nullopt;
  }
  void text(std::string_view path, std::string& value) {
    if (const auto key = mine(path)) section.read(*key, value);
  }
  void time_of_day(std::string_view path, std::optional<std::string>& value) {
    const auto key = mine(path);
    if (!key) return;
    std::optional<config::TimeOfDay> time;
    section.read(*key, time);
    if (time) value = to_string(*time);
  }
  void duration(std::string_view path, std::optional<std::chrono::seconds>& value, std::chrono::seconds,
                std::chrono::seconds) {
    if (const auto key = mine(path)) section.read(*key, value);
  }
  void choice(std::string_view path, bool& value, const char* yes, const char* no) {
    if (const auto key = mine(path)) section.read_choice<bool>(*key, value, {{yes, true}, {no, false}});
  }
  template <Worded E>
  void word(std::string_view path, E& value) {
    const auto key = mine(path);
    if (!key) return;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      section.read_choice<E>(*key, value, {{words<E>[I], static_cast<E>(I)}...});
    }
    (std::make_index_sequence<words<E>.size()>{});
  }
  void texts(std::string_view path, std::vector<std::string>& value, std::size_t) {
    if (const auto key = mine(path)) section.read(*key, value);
  }
  void number_of_api(std::string_view, unsigned, unsigned, unsigned) {}
};

// The sections that hold settings.
struct Sections {
  std::set<std::string> names;
  void note(std::string_view path) { names.emplace(path.substr(0, path.find('.'))); }
  void text(std::string_view path, const auto&) { note(path); }
  void time_of_day(std::string_view path, const auto&) { note(path); }
  void duration(std::string_view path, const auto&, std::chrono::seconds, std::chrono::seconds) { note(path); }
  void choice(std::string_view path, bool, const char*, const char*) { note(path); }
  void word(std::string_view path, const auto&) { note(path); }
  void texts(std::string_view path, const auto&, std::size_t) { note(path); }
  void number_of_api(std::string_view, unsigned, unsigned, unsigned) {}
};

void check_code(Section& section, std::string_view key, const std::string& code) {
  const auto node = section.child(key);
  if (node && !node->is_null() && !routing::is_code(code)) node->refuse(fmt::format("expected {}", routing::code_form));
}

void check_codes(Section& section, const Settings& settings) {
  check_code(section, "hot_desk", settings.hot_desk_code);
  check_code(section, "logout", settings.logout_code);
  check_code(section, "hide_number", settings.hide_number_code);
  const auto checked = routing::check_codes(routing::codes_of(settings));
  if (!checked && checked.error().fault == routing::CodeFault::same)
    section.node().fault("codes: '" + settings.hot_desk_code + "', '" + settings.logout_code + "' and '" +
                             settings.hide_number_code + "' clash",
                         "expected codes that more than a last star tells apart");
}

void check_emergency(Section& section, const Settings& settings) {
  const auto node = section.child("numbers");
  if (!node) return;
  const auto& numbers = settings.emergency_numbers;
  if (!std::all_of(numbers.begin(), numbers.end(), routing::is_emergency_number))
    node->fault("emergency.numbers: not all are numbers", "expected digits in quotes, as [\"112\", \"911\"]");
}

// The sections of settings, and what else stands in them.
void read_settings(Section& root, Config& config) {
  Settings& values = config.settings;
  Sections sections;
  settings(sections, values);
  for (const std::string& name : sections.names)
    root.read_section(name, [&](Section& section) {
      FromFile file{section, name + "."};
      settings(file, values);
      if (name == "codes") check_codes(section, values);
      if (name == "emergency") check_emergency(section, values);
      if (name != "media") return;
      config::read_media_loop(section, config.media_loop);
      config::read_media_threads(section, config.media_threads);
    });
}

// Both or none, and they must fit each other: a core that starts without its console's certificate is found too late.
void read_certificate(Section& section, Config::Http& http) {
  section.read("certificate", http.certificate);
  section.read("key", http.key);
  if (http.certificate.has_value() != http.key.has_value()) {
    const auto node = section.child(http.certificate ? "certificate" : "key");
    return node->fault(node->name() + ": stands alone", "expected http.certificate and http.key, or neither");
  }
  if (!http.certificate) return;
  const auto fault = certificate_fault(*http.certificate, *http.key);
  if (fault) section.child(fault->of_key ? "key" : "certificate")->refuse("expected " + fault->expected);
}

// "192.0.2.53", or with a port.
void read_dns(Section& section, std::vector<Endpoint>& servers) {
  constexpr std::uint16_t default_port = 53;
  std::vector<std::string> texts;
  section.read("servers", texts);
  for (const std::string& text : texts) {
    const auto address = parse_ip(text);
    const auto server = address ? Endpoint{*address, default_port} : parse_endpoint(text);
    if (!server)
      return section.child("servers")->refuse(
          "expected addresses, as [192.0.2.53, \"127.0.0.1:5353\", \"2001:db8::53\"]");
    servers.push_back(*server);
  }
}

bool is_within(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
  return !relative.empty() && *relative.begin() != "..";
}

void read_backup(Section& root, const std::filesystem::path& state_dir, std::optional<Config::Backup>& backup) {
  if (const auto node = root.child("backup"); !node || node->is_null()) return;
  root.read_section("backup", [&](Section& section) {
    Config::Backup read;
    section.require("directory", "expected the folder that a backup is put into every night");
    section.read("directory", read.directory);
    if (const auto node = section.child("directory"); node && is_within(read.directory, state_dir))
      node->refuse("expected a folder outside of state_dir: each backup would hold all former ones");
    section.read("at", read.at);
    section.read("keep", read.keep);
    if (const auto node = section.child("keep"); node && read.keep > 1000) node->refuse("expected a number, 1 to 1000");
    backup = read;
  });
}

void read_hep(Section& root, std::optional<Config::Hep>& hep) {
  if (const auto node = root.child("hep"); !node || node->is_null()) return;
  root.read_section("hep", [&](Section& section) {
    Config::Hep read;
    section.require("collector", "expected the address and port of a Homer collector, as 192.0.2.60:9060");
    section.read("collector", read.collector);
    section.read("capture_id", read.capture_id);
    section.read("node", read.node);
    if (const auto node = section.child("node"); node && (read.node.empty() || read.node.size() > 64))
      node->refuse("expected a name of 1 to 64 characters");
    hep = read;
  });
}

void read_all(Section& root, Config& config) {
  root.read("state_dir", config.state_dir);
  root.read_choice<std::string>("store", config.store, {{"sqlite", "sqlite"}});
  root.read("time_zone", config.time_zone);
  root.require("sip", "expected `sip: { domain: pbx.example.com }`");
  root.read_section("sip", [&](Section& sip) {
    sip.require("domain", "expected the name under which phones register, as pbx.example.com");
    sip.read("domain", config.sip.domain);
    if (const auto node = sip.child("domain"); node && !node->is_null() && !config::is_host(config.sip.domain))
      node->refuse("expected a host name, as pbx.example.com");
    sip.read("udp", config.sip.udp);
    sip.read("tcp", config.sip.tcp);
    sip.read("tls", config.sip.tls);
  });
  root.read_section("rtp", [&](Section& rtp) {
    config::read_rtp_ports(rtp, "ports", config.rtp.ports);
    rtp.read("advertise", config.rtp.advertise);
    if (config.rtp.advertise && !config.rtp.advertise->is_v4())
      rtp.child("advertise")->refuse("expected an IPv4 address: of IPv6 the one at which SIP arrives is told");
  });
  root.read("tunnel", config.tunnel);
  root.read_section("http", [&](Section& http) {
    http.read("listen", config.http.listen);
    http.read("tls", config.http.tls);
    http.read("packages", config.http.packages);
    http.read("trusted_proxies", config.http.trusted_proxies);
    read_certificate(http, config.http);
  });
  root.read("ntp", config.ntp);
  if (const auto node = root.child("ntp")) {
    config.ntp_is_set = true;
    if (config.ntp && config.sip.udp && config.ntp->port == config.sip.udp->port)
      node->fault("ntp: has SIP's port " + std::to_string(config.ntp->port), "expected its own port");
  }
  root.read_section("pnp", [&](Section& pnp) {
    pnp.read("listen", config.pnp.listen);
    if (const auto node = pnp.child("listen");
        node && config.pnp.listen &&
        !(config.pnp.listen->address.is_v4() && config.pnp.listen->address.v4() >> 28 == 14))
      node->refuse("expected a multicast address and a port, as 224.0.1.75:5060, or null");
    pnp.read("interfaces", config.pnp.interfaces);
    if (!std::all_of(config.pnp.interfaces.begin(), config.pnp.interfaces.end(), [](auto a) { return a.is_v4(); }))
      pnp.child("interfaces")->refuse("expected IPv4 addresses: plug-and-play is IPv4's");
  });
  root.read_section("dns", [&](Section& dns) { read_dns(dns, config.dns_servers); });
  read_backup(root, config.state_dir, config.backup);
  read_hep(root, config.hep);
  notices::read_mail(root, config.mail);
  read_settings(root, config);
  config::read_operations(root, config.log, config.metrics);
  check_listeners(root, config);
}

}  // namespace

Config load_config(const std::filesystem::path& file) {
  Config config;
  config::load_file(file, [&](Section& root) { read_all(root, config); });
  return config;
}

}  // namespace roamdesk::core

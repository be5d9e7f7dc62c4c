#include "pbx-core/config.hpp"

#include <algorithm>

#include "common/config/section.hpp"
#include "pbx-core/platform/certificate_files.hpp"

namespace roamdesk::core {
namespace {

using config::Section;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 15 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What a phone's keypad can dial, and what no extension can be: it begins with a star and ends with one.
bool is_code(std::string_view text) {
  return text.size() >= 3 && text.size() <= 16 && text.front() == '*' && text.back() == '*' &&
         text.find_first_not_of("0123456789*") == text.npos && text.find("**") == text.npos;
}

void read_code(Section& section, std::string_view key, std::string& out) {
  section.read(key, out);
  const auto node = section.child(key);
  if (node && !node->is_null() && !is_code(out))
    node->refuse("expected digits between stars, at most 16 characters, as \"*77*\"");
}

void read_codes(Section& section, Config::Codes& codes) {
  read_code(section, "hot_desk", codes.hot_desk);
  read_code(section, "logout", codes.logout);
  // Dialled text is matched against the longer code first; equal ones can't be told apart, and a hot-desk code that
  // begins with the whole logout code would never be reached.
  if (codes.hot_desk.starts_with(codes.logout))
    section.node().fault("codes: '" + codes.hot_desk + "' and '" + codes.logout + "' clash",
                         "expected a logout code that the hot-desk code doesn't begin with");
}

void read_emergency(Section& section, Config::Emergency& emergency) {
  section.read("numbers", emergency.numbers);
  const auto node = section.child("numbers");
  if (!node) return;
  if (!std::all_of(emergency.numbers.begin(), emergency.numbers.end(), is_number))
    node->fault("emergency.numbers: not all are numbers", "expected digits in quotes, as [\"112\", \"911\"]");
}

void read_rtp(Section& section, Config::Rtp& rtp) {
  section.read("ports", rtp.ports);
  section.read("advertise", rtp.advertise);
  const auto node = section.child("ports");
  if (node && rtp.ports.last - rtp.ports.first < 3)
    node->refuse(
        "expected at least 4 ports: a call has two legs, a leg has an even port for RTP and the next for RTCP");
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
  root.read_section("rtp", [&](Section& rtp) { read_rtp(rtp, config.rtp); });
  root.read("tunnel", config.tunnel);
  root.read_section("http", [&](Section& http) {
    http.read("listen", config.http.listen);
    http.read("tls", config.http.tls);
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
        node && config.pnp.listen && (config.pnp.listen->address.value >> 28) != 14)
      node->refuse("expected a multicast address and a port, as 224.0.1.75:5060, or null");
    pnp.read("interfaces", config.pnp.interfaces);
  });
  root.read_section("codes", [&](Section& codes) { read_codes(codes, config.codes); });
  root.read_section("hot_desk", [&](Section& hot_desk) {
    hot_desk.read("automatic_logout", config.hot_desk.automatic_logout);
    hot_desk.read("max_session", config.hot_desk.max_session);
    hot_desk.read_choice<bool>("when_already_logged_in", config.hot_desk.move_when_already_logged_in,
                               {{"move", true}, {"refuse", false}});
  });
  root.read_section("emergency", [&](Section& emergency) { read_emergency(emergency, config.emergency); });
  root.read("log", config.log);
  root.read("metrics", config.metrics);
}

}  // namespace

Config load_config(const std::filesystem::path& file) {
  Config config;
  config::load_file(file, [&](Section& root) { read_all(root, config); });
  return config;
}

Settings default_settings(const Config& config) {
  Settings settings;
  settings.hot_desk_code = config.codes.hot_desk;
  settings.logout_code = config.codes.logout;
  if (config.hot_desk.automatic_logout) settings.automatic_logout = to_string(*config.hot_desk.automatic_logout);
  settings.max_session = config.hot_desk.max_session;
  settings.move_when_already_logged_in = config.hot_desk.move_when_already_logged_in;
  settings.emergency_numbers = config.emergency.numbers;
  return settings;
}

}  // namespace roamdesk::core

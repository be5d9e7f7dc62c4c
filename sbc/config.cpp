#include "sbc/config.hpp"

#include <fmt/format.h>

#include <charconv>

#include "common/config/common_keys.hpp"
#include "common/tunnel/enrolment.hpp"

namespace roamdesk::sbc {
namespace {

using config::Node;
using config::Section;

constexpr std::size_t most_lans = 32;  // what a hello carries

void read_lan(const Node& node, LanConfig& lan) {
  Section section{node};
  section.require("address", "expected this machine's IPv4 address on the phones' network, as 192.168.1.5");
  section.read("address", lan.address);
  if (const auto address = section.child("address"); address && lan.address.is_unspecified() && !address->is_null())
    address->fault(section.node().name() + ".address: 0.0.0.0 can't be told to a phone",
                   "expected this machine's address on the phones' network");
  if (const auto address = section.child("address"); address && !lan.address.is_v4())
    address->refuse("expected an IPv4 address: the phones' networks are IPv4");
  section.read("sip", lan.sip);
  section.read("sips", lan.sips);
  section.read("provisioning", lan.provisioning);
  section.read("https", lan.https);
  section.read("ntp", lan.ntp);
  config::read_rtp_ports(section, "rtp", lan.rtp);
  section.read("pnp", lan.pnp);
  // Listeners on one address; UDP for SIP and NTP, TCP for the four others.
  if (lan.sip && lan.sip == lan.sips)
    node.fault(fmt::format("{}: sip and sips have the same port {}", node.name(), *lan.sip), "expected two ports");
  if (lan.provisioning && (lan.provisioning == lan.sip || lan.provisioning == lan.sips))
    node.fault(fmt::format("{}: provisioning has SIP's port {}", node.name(), *lan.provisioning),
               "expected its own port");
  if (lan.https && (lan.https == lan.sip || lan.https == lan.sips || lan.https == lan.provisioning))
    node.fault(fmt::format("{}: https has the port {} of another listener", node.name(), *lan.https),
               "expected its own port");
  if (lan.ntp && lan.ntp == lan.sip)
    node.fault(fmt::format("{}: ntp has SIP's port {}", node.name(), *lan.ntp), "expected its own port");
  section.finish();
}

void read_lans(const Node& node, std::vector<LanConfig>& lans) {
  if (node.tree().kind != config::Tree::Kind::list) {
    read_lan(node, lans.emplace_back());
    return;
  }
  const auto& items = node.tree().items;
  if (items.empty() || items.size() > most_lans)
    node.fault(fmt::format("lan: {} networks", items.size()), fmt::format("expected 1 to {}", most_lans));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Node item{items[i], fmt::format("lan[{}]", i), node.faults()};
    LanConfig lan;
    read_lan(item, lan);
    for (const LanConfig& other : lans)
      if (other.address == lan.address && !lan.address.is_unspecified())
        item.fault(fmt::format("{}: the address {} stands in two networks", item.name(), to_string(lan.address)),
                   "expected one entry for each address");
    lans.push_back(lan);
  }
}

void read_dscp(Section& section, std::string_view key, std::uint8_t& out) {
  const auto node = section.child(key);
  if (!node) return;
  const std::string& text = node->tree().text;
  unsigned value = 64;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (node->tree().kind != config::Tree::Kind::scalar || error != std::errc{} || end != text.data() + text.size() ||
      value > 63)
    return node->refuse("expected a number from 0 to 63; 46 is EF, 24 is CS3");
  out = static_cast<std::uint8_t>(value);
}

void read_all(Section& root, Config& config) {
  root.read("state_dir", config.state_dir);
  root.require("core", "expected where the core is, as [\"pbx.example.com:5090\"]");
  root.read("core", config.core);
  if (const auto core = root.child("core");
      core && core->tree().kind == config::Tree::Kind::list && core->tree().items.empty())
    core->fault("core: an empty list", "expected where the core is, as [\"pbx.example.com:5090\"]");
  root.read("enrolment_key", config.enrolment_key);
  if (config.enrolment_key)
    if (const auto key = tunnel::parse_enrolment_key(config.enrolment_key->reveal()); !key)
      root.child("enrolment_key")
          ->fault(fmt::format("enrolment_key: {}", tunnel::describe(key.error())),
                  "expected the whole line that the console shows");
  root.require("lan", "expected `lan: { address: 192.168.1.5 }`");
  if (const auto lan = root.child("lan")) read_lans(*lan, config.lan);
  root.read_section("media", [&](Section& media) { config::read_media_loop(media, config.media_loop); });
  root.read_section("dscp", [&](Section& dscp) {
    read_dscp(dscp, "sip", config.dscp.sip);
    read_dscp(dscp, "rtp", config.dscp.rtp);
  });
  config::read_operations(root, config.log, config.metrics);
}

}  // namespace

std::string to_text(const Config& config) {
  std::string text = fmt::format("state_dir: {}\n", config.state_dir.string());
  for (const auto& core : config.core) text += fmt::format("core: {}\n", to_string(core));
  text += fmt::format("enrolment_key: {}\n", config.enrolment_key ? "(set)" : "null");
  const auto port = [](const std::optional<std::uint16_t>& value) {
    return value ? fmt::to_string(*value) : std::string{"null"};
  };
  for (const LanConfig& lan : config.lan)
    text += fmt::format("lan: address {}, sip {}, sips {}, provisioning {}, https {}, ntp {}, rtp {}-{}, pnp {}\n",
                        to_string(lan.address), port(lan.sip), port(lan.sips), port(lan.provisioning), port(lan.https),
                        port(lan.ntp), lan.rtp.first, lan.rtp.last, lan.pnp);
  text += fmt::format("media.loop: {}\n", word_of(config.media_loop));
  text += fmt::format("dscp: sip {}, rtp {}\n", config.dscp.sip, config.dscp.rtp);
  text += fmt::format("metrics: {}\n", config.metrics ? to_string(*config.metrics) : "null");
  return text;
}

Config load_config(const std::filesystem::path& file) {
  Config config;
  config::load_file(file, [&](Section& root) { read_all(root, config); });
  return config;
}

}  // namespace roamdesk::sbc

#include <algorithm>

#include "common/phones/vendor_facts.hpp"

namespace roamdesk::phones::vendors {
namespace {

constexpr Oui poly_ouis[] = {"0004f2", "64167f", "482567"};

// "FileTransport PolycomVVX-VVX_101-UA/5.4.3.1014 Type/Application", "PolyEdge-Edge_E350-UA/8.1.0.12034_64167f112233"
std::optional<UserAgent> read_poly_agent(AgentWords words) {
  const auto word = words[0];
  const auto dash = word.find('-');
  const auto tail = word.find("-UA/");
  if (dash == std::string_view::npos || tail == std::string_view::npos || tail <= dash) return std::nullopt;
  UserAgent agent;
  agent.model = word.substr(dash + 1, tail - dash - 1);
  const auto version = word.substr(tail + 4);
  const auto serial = std::min(version.find('_'), version.size());
  agent.firmware = version.substr(0, serial);
  if (serial < version.size()) agent.mac = read_agent_mac(version.substr(serial + 1));
  return agent;
}

constexpr AgentForm poly_agent{.mark = "Poly", .place = MarkPlace::start_of_any_word, .read = read_poly_agent};

}  // namespace

extern constinit const VendorFacts poly{
    .vendor = Vendor::poly,
    .name = "poly",
    .display = "Poly",
    .ouis = poly_ouis,
    .user_agent = &poly_agent,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    .resync = bare_check_sync,
    .grammar = nullptr,
};

}  // namespace roamdesk::phones::vendors

#include <string_view>

#include "common/phones/vendor_facts.hpp"

namespace roamdesk::phones::vendors {
namespace {

// The last one is of HP, whose phones they are now.
constexpr Oui poly_ouis[] = {"0004f2", "64167f", "482567", "f04ea4"};

// "FileTransport PolycomVVX-VVX_450-UA/6.4.0.1234 (SN:482567b5313f) Type/Application", "Poly/CCX_600-UA/7.2.0.1234"; of
// SIP: "PolyEdge-Edge_E350-UA/8.1.0.12034_64167f112233".
std::optional<UserAgent> read_poly_agent(AgentWords words) {
  const auto word = words[0];
  const auto family = word.find_first_of("-/");
  const auto tail = word.find("-UA/");
  if (family == std::string_view::npos || tail == std::string_view::npos || tail <= family) return std::nullopt;
  UserAgent agent;
  agent.model = word.substr(family + 1, tail - family - 1);
  read_version_with_tail(word.substr(tail + 4), agent);
  if (!agent.mac) agent.mac = find_agent_mac(words.subspan(1));
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

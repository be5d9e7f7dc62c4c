#include <string_view>

#include "common/phones/vendor_facts.hpp"

namespace roamdesk::phones::vendors {
namespace {

constexpr Word cisco_mark = "Cisco-CP-";

// "Cisco-CP-7832-3PCC/11.0.1 (00562b112233)"; of SIP: "Cisco-CP-8865-3PCC/12.0.3_dcf719f39350_…", "…/11.3.7_MPP_0001".
std::optional<UserAgent> read_cisco_agent(AgentWords words) {
  const auto slash = words[0].find('/');
  UserAgent agent;
  std::string_view model = words[0].substr(0, slash).substr(std::string_view{cisco_mark}.size());
  if (model.ends_with("-3PCC")) model.remove_suffix(5);
  agent.model = model;
  if (agent.model.empty()) return std::nullopt;
  if (slash != std::string_view::npos) read_version_with_tail(words[0].substr(slash + 1), agent);
  if (!agent.mac) agent.mac = find_agent_mac(words.subspan(1));
  return agent;
}

constexpr AgentForm cisco_agent{.mark = cisco_mark, .place = MarkPlace::start_of_first_word, .read = read_cisco_agent};

}  // namespace

extern constinit const VendorFacts cisco{
    .vendor = Vendor::cisco,
    .name = "cisco",
    .display = "Cisco",
    // Too many, and most of them no phone's.
    .ouis = std::span<const Oui>{},
    .user_agent = &cisco_agent,
    .no_models = no_words,
    .event_model_prefix = "",
    .model_prefixes = no_words,
    .firmware_names_hardware = false,
    .resync = bare_check_sync,
    .grammar = nullptr,
};

}  // namespace roamdesk::phones::vendors

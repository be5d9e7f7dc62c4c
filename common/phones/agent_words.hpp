#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/phones/user_agent.hpp"

// What the vendors' readers of a User-Agent share. Hand-written and linear: a User-Agent comes from any sender, and a
// regular expression's time is the sender's to choose.
namespace roamdesk::phones {

using AgentWords = std::span<const std::string_view>;

// Where the vendor's mark stands in the text, in any case.
enum class MarkPlace : std::uint8_t {
  first_word,           // it is the first word
  start_of_first_word,  // "Cisco-CP-7832-3PCC/11.0.1"
  start_of_any_word,    // "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33"
};

// "28.72.0.1": digits and dots, at least one dot.
bool is_version(std::string_view text);
// Twelve digits with or without a colon between each two; also in brackets, whole or broken, and behind "SN:".
std::optional<Mac> read_agent_mac(std::string_view word);
// The first of these words that is one.
std::optional<Mac> find_agent_mac(AgentWords words);
// What may follow a slash: "6.4.6.2460_482567b5313f", "12.0.3_dcf719f39350_d4e6994b-60bc". The version ends at the
// first
// '_'; what follows is looked through for a MAC.
void read_version_with_tail(std::string_view text, UserAgent& agent);
// "Vendor model[ more] version [mac]", of which the model is needed: Yealink, Fanvil, Htek, and the SIP form of
// Grandstream. Between version and MAC may stand anything.
std::optional<UserAgent> read_plain_agent(AgentWords words);

}  // namespace roamdesk::phones

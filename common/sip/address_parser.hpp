#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "common/sip/message.hpp"

// Cuts header values out of the wire's text, so that what is passed on is what was received, to the letter
// (a Contact goes back into Request-URIs unchanged; sofia-sip's own URI decoder would unescape it).
namespace roamdesk::sip {

// `;name=value;…`, possibly empty; false where it is malformed. Quoted values stay quoted.
bool parse_params(std::string_view text, Params& params);
// One address and the end of what it took; at most `max` of a comma-separated list. False where one is malformed.
bool parse_name_addrs(std::string_view text, std::vector<NameAddr>& out, std::size_t max = 32);
bool parse_vias(std::string_view text, std::vector<Via>& out, std::size_t max = 64);

}  // namespace roamdesk::sip

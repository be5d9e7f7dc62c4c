#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "common/sip/message.hpp"

// Cuts header values out of the wire's text, so that what is passed on is what was received, to the letter
// (a Contact goes back into Request-URIs unchanged; sofia-sip's own URI decoder would unescape it).
namespace roamdesk::sip {

// `;name=value;…`, possibly empty; false where it is malformed, or there are more than 64. Quoted values stay quoted.
bool parse_params(std::string_view text, Params& params);
// A comma-separated list, at most `max` addresses. A name may stand there without its quotes, or with one of them
// (`Room (2) <sip:…>`). False where one is malformed; the others are there all the same.
bool parse_name_addrs(std::string_view text, std::vector<NameAddr>& out, std::size_t max = 32);
// False where one is malformed: what stands before it is there.
bool parse_vias(std::string_view text, std::vector<Via>& out, std::size_t max = 64);

enum class Reading {
  as_written,  // by the grammar of RFC 3261 §25.1
  recovered,   // there is a URI in <>, and something beside it that doesn't belong there
  unread,      // no URI: see NameAddr::unread. Its tag is there where it has one
};
// From or To: whatever came, it can be echoed, and told apart by its tag.
Reading read_address(std::string_view text, NameAddr& out);

}  // namespace roamdesk::sip

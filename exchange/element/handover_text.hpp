#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "exchange/element/handover.hpp"

namespace roamdesk::element {

// As bytes for a file, which are good for this version of the program and those that write the same form. Keys of SRTP
// stand in its session descriptions: it is for nobody else to read.
std::string to_text(const Handover& handover);

enum class HandoverFault : std::uint8_t {
  other_version = 1,  // of a program that writes another form
  damaged,            // cut off, too long, or no such text at all
};
const char* explain(HandoverFault fault);
// Bounded, and all or nothing: of a text that isn't whole nothing is believed.
Result<Handover, HandoverFault> read_handover(std::string_view text);

}  // namespace roamdesk::element

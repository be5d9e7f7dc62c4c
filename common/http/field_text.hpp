#pragma once

#include <string_view>

#include "common/base/text.hpp"

// How a header field's text is read (RFC 9110 §5).
namespace roamdesk::http {

// Names are the same whatever their case (§5.1).
constexpr bool same_name(std::string_view a, std::string_view b) { return equal_ignoring_case(a, b); }

}  // namespace roamdesk::http

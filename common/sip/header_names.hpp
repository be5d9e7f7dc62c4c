#pragma once
#include <string_view>

namespace roamdesk::sip {

// The spelling under which a header is kept, for those of RFC 3261 §7.3.3, §20 and the extensions that phones use
// ("i" and "call-id" are "Call-ID"); any other name as it is.
std::string_view canonical_name(std::string_view name);

}  // namespace roamdesk::sip

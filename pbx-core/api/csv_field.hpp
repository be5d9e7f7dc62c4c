#pragma once
#include <string>
#include <string_view>

namespace roamdesk::api {

// One field of RFC 4180, quoted where it has to be. What a spreadsheet would take for a formula gets an apostrophe: a
// person's name may come from anywhere.
std::string csv_field(std::string_view text);

}  // namespace roamdesk::api

#pragma once
#include "exchange/model/directory.hpp"
#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/reader.hpp"

// What locations may be; pure. As outside_rules.hpp has it.
namespace roamdesk::api {

void check_record(Reader& reader, const Location& location);
Fault clash(const Location& location, const Directory& directory, const routing::Codes& codes);
Fault still_used(const Location& location, const Directory& directory, const Settings& settings);

}  // namespace roamdesk::api

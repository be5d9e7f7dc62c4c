#pragma once
#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "pbx-core/api/service.hpp"

// What calls with a spreadsheet as their body have in common.
namespace roamdesk::api {

// Whether it is asked only what would be done; nullopt where the call has been refused (415, 400).
std::optional<bool> wants_dry_run(const CallPtr& call);
// 422 with the plan's rows: nothing was changed.
void refuse_sheet(const CallPtr& call, boost::json::object plan, std::size_t errors, std::size_t rows);
// 200 with a sheet to download.
void answer_sheet(const CallPtr& call, const std::string& file, std::string text);

}  // namespace roamdesk::api

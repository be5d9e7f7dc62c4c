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
// 422 with the plan's rows, or 412 where all that is wrong is that they have been changed meanwhile: nothing was done.
void refuse_sheet(const CallPtr& call, boost::json::object plan, std::size_t errors, std::size_t rows, bool all_stale);
// Whether the sheet with versions is asked for (?versions=true); nullopt where the call has been refused (400).
std::optional<bool> wants_versions(const CallPtr& call);

// What a dry run says has a tag: with it in If-Match the sheet is imported only if it would still do the same, and each
// row only over the record that was there then.
void answer_dry_run(const CallPtr& call, const boost::json::object& plan);
// Whether the plan is the one that the caller has seen, or it doesn't say so; else the call has been refused (412).
bool is_plan_seen(const CallPtr& call, const boost::json::object& plan);
inline bool names_plan(const CallPtr& call) { return call->request.field("If-Match").has_value(); }
// 200 with a sheet to download.
void answer_sheet(const CallPtr& call, const std::string& file, std::string text);

}  // namespace roamdesk::api

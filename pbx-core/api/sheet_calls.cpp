#include "pbx-core/api/sheet_calls.hpp"

#include <fmt/format.h>

#include "pbx-core/api/conditions.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
namespace {

std::optional<bool> truth_in_query(const CallPtr& call, const std::string& name) {
  const std::string said = call->request.query(name).value_or("false");
  if (said == "true" || said == "false") return said == "true";
  call->fail({400, fmt::format("{} in the query is neither true nor false; true or false is expected", name), name});
  return std::nullopt;
}

}  // namespace

std::optional<bool> wants_dry_run(const CallPtr& call) {
  const std::string type(call->request.field("Content-Type").value_or("text/csv"));
  if (!type.starts_with("text/csv") && !type.starts_with("text/plain")) {
    call->fail({415, "The body isn't a sheet; Content-Type: text/csv is expected", ""});
    return std::nullopt;
  }
  return truth_in_query(call, "dry_run");
}

std::optional<bool> wants_versions(const CallPtr& call) { return truth_in_query(call, "versions"); }

void answer_dry_run(const CallPtr& call, const boost::json::object& plan) {
  http::Response response = json_response(200, plan);
  response.fields.push_back({"ETag", tag_of(plan)});
  call->respond(std::move(response));
}

bool is_plan_seen(const CallPtr& call, const boost::json::object& plan) {
  const auto field = call->request.field("If-Match");
  if (!field || matches(tags_in(*field), tag_of(plan))) return true;
  call->fail({412,
              "The sheet wouldn't do any more what the dry run has said; nothing was done. Look at a new dry run, "
              "and send with its ETag",
              ""});
  return false;
}

void refuse_sheet(const CallPtr& call, boost::json::object plan, std::size_t errors, std::size_t rows, bool all_stale) {
  const unsigned status = all_stale ? 412 : 422;
  plan["type"] = "about:blank";
  plan["title"] = http::reason_phrase(status);
  plan["status"] = status;
  plan["detail"] = fmt::format("{} of {} rows can't be imported; nothing was changed", errors, rows);
  http::Response response = json_response(status, plan);
  response.fields[0].value = "application/problem+json";
  call->respond(std::move(response));
}

void answer_sheet(const CallPtr& call, const std::string& file, std::string text) {
  http::Response response;
  response.fields = {{"Content-Type", "text/csv; charset=utf-8; header=present"},
                     {"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file)},
                     {"Cache-Control", "no-store"}};
  response.body = std::move(text);
  call->respond(std::move(response));
}

}  // namespace roamdesk::api

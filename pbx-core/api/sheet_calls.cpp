#include "pbx-core/api/sheet_calls.hpp"

#include <fmt/format.h>

#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {

std::optional<bool> wants_dry_run(const CallPtr& call) {
  const std::string type(call->request.field("Content-Type").value_or("text/csv"));
  if (!type.starts_with("text/csv") && !type.starts_with("text/plain")) {
    call->fail({415, "The body isn't a sheet; Content-Type: text/csv is expected", ""});
    return std::nullopt;
  }
  const std::string dry = call->request.query("dry_run").value_or("false");
  if (dry == "true" || dry == "false") return dry == "true";
  call->fail({400, "dry_run in the query is neither true nor false; true or false is expected", "dry_run"});
  return std::nullopt;
}

void refuse_sheet(const CallPtr& call, boost::json::object plan, std::size_t errors, std::size_t rows) {
  plan["type"] = "about:blank";
  plan["title"] = http::reason_phrase(422);
  plan["status"] = 422;
  plan["detail"] = fmt::format("{} of {} rows can't be imported; nothing was changed", errors, rows);
  http::Response response = json_response(422, plan);
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

#include "pbx-core/api/problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace roamdesk::api {

http::Response json_response(unsigned status, const boost::json::value& body) {
  http::Response response;
  response.status = status;
  response.fields = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = boost::json::serialize(body);
  return response;
}

namespace {

http::Response respond_with(const Problem& problem, bool second_factor) {
  boost::json::object body{{"type", "about:blank"},
                           {"title", http::reason_phrase(problem.status)},
                           {"status", problem.status},
                           {"detail", problem.detail}};
  if (!problem.field.empty()) body["field"] = problem.field;
  if (problem.line > 0) body["line"] = problem.line;
  if (!problem.changed.empty()) body["changed"] = boost::json::array(problem.changed.begin(), problem.changed.end());
  if (second_factor) body["second_factor"] = true;
  http::Response response = json_response(problem.status, body);
  response.fields[0].value = "application/problem+json";
  if (problem.status == 401) response.fields.push_back({"WWW-Authenticate", "Bearer realm=\"Roamdesk\""});
  return response;
}

}  // namespace

http::Response to_response(const Problem& problem) { return respond_with(problem, false); }
http::Response to_response_for_code(const Problem& problem) { return respond_with(problem, true); }

}  // namespace roamdesk::api

#include "pbx-core/api/render.hpp"
#include "pbx-core/api/shown.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {
namespace json = boost::json;

json::object to_json(const DrawnKeys& drawn) {
  json::array all, not_shown;
  for (const DrawnKey& key : drawn.keys) {
    json::object object{{"position", key.position}};
    if (key.page) object["page"] = *key.page;
    if (key.row) object["row"] = *key.row;
    if (key.column) object["column"] = *key.column;
    if (key.module) object["module"] = *key.module;
    object["type"] = word_of(key.key.type);
    object["label"] = key.key.label;
    object["value"] = key.key.value;
    object["removable"] = key.removable;
    all.push_back(std::move(object));
  }
  for (const Key& key : drawn.not_shown) not_shown.push_back(shown(key));
  return {{"keys", std::move(all)}, {"not_shown", std::move(not_shown)}};
}

json::object to_json(const Job& job) {
  json::array problems;
  for (const JobProblem& problem : job.problems) {
    json::object object;
    if (problem.line > 0) object["line"] = problem.line;
    object["subject"] = problem.subject;
    object["detail"] = problem.detail;
    problems.push_back(std::move(object));
  }
  return {{"id", job.id},
          {"by", job.by},
          {"kind", word_of(job.kind)},
          {"state", word_of(job.state)},
          {"done", job.done},
          {"total", job.total},
          {"problems", std::move(problems)},
          {"started", to_rfc3339(job.started)},
          {"ended", job.ended ? json::value(to_rfc3339(*job.ended)) : json::value(nullptr)}};
}

}  // namespace roamdesk::api

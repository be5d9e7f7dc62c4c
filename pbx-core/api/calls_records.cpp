#include <fmt/format.h>

#include "pbx-core/api/csv_field.hpp"
#include "pbx-core/api/query.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/shown.hpp"
#include "pbx-core/api/sites.hpp"

// What was said of calls that have ended: as JSON in pages, as CSV whole.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr std::size_t most_in_file = 50'000;

std::int64_t milliseconds(const CallRecord& r) { return r.answered ? (r.ended - *r.answered).count() : 0; }
const char* media_of(const CallRecord& r) {
  return r.from_site == r.to_site && r.from_site != local_site() ? "site" : "core";
}
json::object record_to_json(const CallRecord& record) {
  json::object object = shown(record);
  object["duration_s"] = (milliseconds(record) + 500) / 1000;
  object["media"] = media_of(record);
  return object;
}

std::string to_csv(const std::vector<CallRecord>& records) {
  std::string csv =
      "id,call,from,from_name,to,to_name,started,answered,ended,duration_s,outcome,from_site,to_site,from_desk,to_desk,"
      "media\r\n";
  for (const CallRecord& r : records)
    csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", r.id, csv_field(r.call),
                       csv_field(r.from), csv_field(r.from_name), csv_field(r.to), csv_field(r.to_name),
                       to_rfc3339(r.started), r.answered ? to_rfc3339(*r.answered) : "", to_rfc3339(r.ended),
                       (milliseconds(r) + 500) / 1000, word_of(r.outcome), csv_field(r.from_site.value()),
                       csv_field(r.to_site.value()), csv_field(r.from_desk), csv_field(r.to_desk), media_of(r));
  return csv;
}

// The query of the request; a problem where a part of it can't be.
struct RecordsAsked {
  store::CallQuery query;
  std::optional<Problem> problem;
};
RecordsAsked asked_by(const http::Request& request, std::size_t limit, std::size_t most) {
  RecordsAsked asked;
  asked.query.limit = limit;
  asked.query.before = number_in(request, "before", asked.problem);
  if (const auto wanted = number_in(request, "limit", asked.problem)) {
    if (*wanted > static_cast<std::int64_t>(most))
      asked.problem = Problem{422, fmt::format("limit in the query is too large; 1 to {} is expected", most), "limit"};
    else
      asked.query.limit = static_cast<std::size_t>(*wanted);
  }
  asked.query.since = time_in(request, "since", asked.problem);
  asked.query.until = time_in(request, "until", asked.problem);
  asked.query.extension = request.query("extension").value_or("");
  asked.query.text = request.query("text").value_or("");
  if (const auto outcome = request.query("outcome"); outcome && !outcome->empty()) {
    asked.query.outcome = value_of<CallOutcome>(*outcome);
    if (!asked.query.outcome)
      asked.problem =
          Problem{400, "outcome in the query is unknown; expected one of " + all_words<CallOutcome>(), "outcome"};
  }
  return asked;
}

void list_call_records(Service& service, const CallPtr& call) {
  auto asked = asked_by(call->request, 100, 1000);
  if (asked.problem) return call->fail(*asked.problem);
  asked.query.sites = call->who.sites;
  service.store().call_records(asked.query, [self = service.shared_from_this(), call](store::CallPage page) {
    self->on_api([call, page = std::move(page)] {
      json::array records;
      for (const auto& record : page.records) records.push_back(record_to_json(cut_record(record, call->who)));
      call->answer(200, json::object{{"records", std::move(records)},
                                     {"next", page.next ? json::value(*page.next) : json::value(nullptr)}});
    });
  });
}

void export_call_records(Service& service, const CallPtr& call) {
  auto asked = asked_by(call->request, most_in_file, most_in_file);
  if (asked.problem) return call->fail(*asked.problem);
  asked.query.sites = call->who.sites;
  service.store().call_records(asked.query, [self = service.shared_from_this(), call](store::CallPage page) {
    self->on_api([call, page = std::move(page)]() mutable {
      for (auto& record : page.records) record = cut_record(std::move(record), call->who);
      http::Response response;
      response.fields = {{"Content-Type", "text/csv; charset=utf-8"},
                         {"Content-Disposition", "attachment; filename=\"roamdesk-calls.csv\""},
                         {"Cache-Control", "no-store"}};
      response.body = to_csv(page.records);
      call->respond(std::move(response));
    });
  });
}

}  // namespace

std::vector<Route> call_record_routes() {
  return {{"GET", "/call-records", Role::reader, list_call_records},
          {"GET", "/call-records.csv", Role::reader, export_call_records}};
}

}  // namespace roamdesk::api

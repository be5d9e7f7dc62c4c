#include <fmt/format.h>

#include <cmath>

#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

// SBCs run from here: their log, their diagnosis, their restart, and how their lines were.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr std::int64_t most_lines = 2000;

bool sbc_name_fine(const CallPtr& call) {
  const Fault fault = check_sbc_name(call->parameters[0]);
  if (fault) call->fail({422, "The name in the path " + *fault, "name"});
  return !fault;
}

// What comes of a branch is text, whatever it sends.
std::string printable(std::string text) {
  for (char& c : text)
    if (c != '\n' && (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f)) c = '?';
  return text;
}

void respond_with_text(const CallPtr& call, const std::string& name, std::string text) {
  http::Response response;
  response.fields = {{"Content-Type", "text/plain; charset=utf-8"},
                     {"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name)},
                     {"Cache-Control", "no-store"}};
  response.body = printable(std::move(text));
  call->respond(std::move(response));
}

json::value rounded(const std::optional<double>& value, double scale) {
  return value ? json::value(std::round(*value * scale) / scale) : json::value(nullptr);
}

json::object line_past_shown(const LinePast& past) {
  json::array points;
  for (const auto& p : past.points)
    points.push_back(json::object{{"from", to_rfc3339(p.from)},
                                  {"up", std::round(p.up * 1000) / 1000},
                                  {"rtt_ms", rounded(p.rtt_ms, 10)},
                                  {"jitter_ms", rounded(p.jitter_ms, 10)},
                                  {"loss", rounded(p.loss, 1e5)},
                                  {"worst_loss", rounded(p.worst_loss, 1e5)},
                                  {"mos", rounded(p.mos, 100)}});
  return {{"step_s", past.step.count()}, {"points", std::move(points)}};
}

}  // namespace

void report_of_sbc(Service& service, const CallPtr& call) {
  if (!sbc_name_fine(call)) return;
  Reader reader(call->body, {"kind", "lines"});
  const std::string kind = reader.required("kind", "log");
  const auto lines = reader.integer("lines").value_or(500);
  if (kind != "log" && kind != "diagnosis") reader.refuse("kind", Fault{"is unknown; expected log or diagnosis"});
  if (lines < 1 || lines > most_lines) reader.refuse("lines", Fault{"is out of range; expected 1 to 2000"});
  if (call->failed(reader)) return;
  const std::string name = call->parameters[0];
  const bool is_log = kind == "log";
  auto text = std::make_shared<std::string>();
  service.command(
      call, {is_log ? "sbc.log_taken" : "sbc.diagnosis_taken", name, ""},
      [=](Domain& domain, const Actor& actor, Done done) {
        domain.report_of_sbc(name, is_log ? tunnel::ReportKind::log : tunnel::ReportKind::diagnosis,
                             static_cast<std::uint16_t>(lines), actor,
                             [text, done = std::move(done)](Answer answer, std::string said) {
                               *text = std::move(said);
                               done(std::move(answer));
                             });
      },
      [call, name, kind, text](Outcome) {
        respond_with_text(call, fmt::format("{}-{}.txt", name, kind), std::move(*text));
      });
}

void restart_sbc(Service& service, const CallPtr& call) {
  if (!sbc_name_fine(call)) return;
  Reader reader(call->body, {"what", "during_calls"});
  const std::string what = reader.required("what", "program");
  const bool during_calls = reader.boolean("during_calls").value_or(false);
  if (what != "program" && what != "machine") reader.refuse("what", Fault{"is unknown; expected program or machine"});
  if (call->failed(reader)) return;
  const std::string name = call->parameters[0];
  const auto kind = what == "machine" ? tunnel::RestartKind::machine : tunnel::RestartKind::program;
  service.command(
      call,
      {kind == tunnel::RestartKind::machine ? "sbc.rebooted" : "sbc.restarted", name,
       during_calls ? "during_calls" : ""},
      [=](Domain& domain, const Actor& actor, Done done) {
        domain.restart_sbc(name, kind, during_calls, actor, std::move(done));
      },
      [call](Outcome) { call->no_content(); });
}

void show_line_past(Service& service, const CallPtr& call) {
  if (!sbc_name_fine(call)) return;
  const std::string span(call->request.query("span").value_or("day"));
  if (span != "day" && span != "month")
    return call->fail({422, "span in the query is unknown; day or month is expected", "span"});
  service.read([name = call->parameters[0],
                month = span == "month"](const Domain& domain) { return domain.line_past(name, month); },
               [call](std::optional<LinePast> past) {
                 if (!past) return call->fail({404, "There is no SBC " + call->parameters[0], "name"});
                 call->answer(200, line_past_shown(*past));
               });
}

}  // namespace roamdesk::api

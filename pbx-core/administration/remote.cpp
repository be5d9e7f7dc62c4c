#include <algorithm>

#include "pbx-core/administration/administration.hpp"

// SBCs run from the console: reports, restarts, and how their lines were.
namespace roamdesk::administration {

using api::Outcome;

std::optional<api::Answer> Administration::not_remote(const std::string& name) const {
  if (!directory().sbc(name)) return api::Answer{Outcome::unknown, "There is no SBC " + name + "."};
  const auto info = door_.sbc(name);
  if (!info || !info->connected)
    return api::Answer{Outcome::clash, "The SBC " + name + " isn't connected; it can be asked when it is back."};
  if (!info->is_run_from_core)
    return api::Answer{Outcome::clash, "The SBC " + name + " is too old for this (" + info->version +
                                           "); update it first, then ask again."};
  return std::nullopt;
}

// In the audit before it is asked: who reads a branch's log is known, even where the answer never comes.
void Administration::report_of_sbc(std::string name, tunnel::ReportKind kind, std::uint16_t lines, api::Actor actor,
                                   Reported done) {
  auto text = std::make_shared<std::string>();
  queue(
      [this, text, name, kind, lines, done = std::move(done)](api::Answer answer) {
        if (answer.outcome != Outcome::ok) return done(std::move(answer), {});
        tunnel::ReportOrder order;
        order.order = unique_();
        order.kind = kind;
        order.lines = lines;
        door_.report(name, std::move(order), [done](std::optional<std::string> bytes, std::string why) {
          if (!bytes) return done({Outcome::unavailable, std::move(why)}, {});
          done({}, std::move(*bytes));
        });
      },
      [this, name, actor = std::move(actor)](api::Done respond) {
        if (auto refused = not_remote(name)) return respond(std::move(*refused));
        store({}, actor, std::move(respond), {});
      });
}

void Administration::restart_sbc(std::string name, tunnel::RestartKind kind, bool during_calls, api::Actor actor,
                                 api::Done done) {
  queue(
      [this, name, kind, during_calls, done = std::move(done)](api::Answer answer) {
        if (answer.outcome != Outcome::ok) return done(std::move(answer));
        tunnel::RestartOrder order;
        order.order = unique_();
        order.kind = kind;
        order.during_calls = during_calls;
        door_.restart(name, std::move(order), [done](std::string why) {
          if (!why.empty()) return done({Outcome::clash, std::move(why)});
          done({});
        });
      },
      [this, name, during_calls, actor = std::move(actor)](api::Done respond) {
        if (auto refused = not_remote(name)) return respond(std::move(*refused));
        const auto sites = sites_now();
        const auto there = sites.find(name);
        if (!during_calls && there != sites.end() && there->second.calls > 0)
          return respond({Outcome::clash, "The branch has calls, which would end; wait, or say during_calls."});
        store({}, actor, std::move(respond), {});
      });
}

LineHistory& Administration::line_history(const std::string& name) {
  const auto known = line_histories_.find(name);
  if (known != line_histories_.end()) return known->second;
  const auto& kept = directory().all<LineMonth>();
  const auto month = kept.find(name);
  return line_histories_.emplace(name, month == kept.end() ? LineHistory{} : LineHistory::parse(month->second.steps))
      .first->second;
}

void Administration::note_lines(element::Now now) {
  Changes changes;
  for (const auto& [name, sbc] : directory().sbcs()) {
    if (sbc.certificate_serial.empty()) continue;  // it was never there
    LineHistory::Sample sample;
    if (const auto info = door_.sbc(name); info && info->connected) {
      using Milliseconds = std::chrono::duration<double, std::milli>;
      sample = {true, Milliseconds{info->rtt}.count(), Milliseconds{info->jitter.value_or(Duration{})}.count(),
                info->loss};
    }
    LineHistory& history = line_history(name);
    if (history.take(now.wall, sample)) changes.push_back(Put<LineMonth>{{name, history.text()}});
  }
  // With the SBC goes what is known of its line.
  std::erase_if(line_histories_, [&](const auto& one) { return !directory().sbc(one.first); });
  for (const auto& [name, month] : directory().all<LineMonth>())
    if (!directory().sbc(name)) changes.push_back(Delete<LineMonth>{name});
  if (!changes.empty())
    element_.commit(
        std::move(changes), [](bool) {}, now);
}

std::optional<api::LinePast> Administration::line_past(const std::string& name, bool month) const {
  if (!directory().sbc(name)) return std::nullopt;
  const auto known = line_histories_.find(name);
  const auto now = now_().wall;
  if (known != line_histories_.end()) return month ? known->second.month(now) : known->second.day(now);
  const auto& kept = directory().all<LineMonth>();
  const auto stored = kept.find(name);
  const auto past = stored == kept.end() ? LineHistory{} : LineHistory::parse(stored->second.steps);
  return month ? past.month(now) : past.day(now);
}

}  // namespace roamdesk::administration

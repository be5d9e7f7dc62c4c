#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "common/crypto/random.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/shown.hpp"
#include "pbx-core/rollout/words.hpp"

// The update of branches in waves: begun, stopped, resumed, given up here; carried out by pbx-core/rollout, which finds
// the records.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

using Names = std::vector<std::string>;

Names served(const Service& service) {
  return service.options().installer ? service.options().installer().versions : Names{};
}

const Rollout* last(const Directory& directory) {
  const auto& all = directory.all<Rollout>();
  return all.empty() ? nullptr : &all.rbegin()->second;
}

// What an update would do with each SBC; and the last one.
json::object whole(const Domain& domain, const Names& versions) {
  json::object object{{"served", json::array(versions.begin(), versions.end())}, {"rollout", nullptr}};
  json::array sbcs;
  for (const SbcView& sbc : domain.sbcs()) {
    const bool known = sbc.package || !sbc.version.empty();
    const auto will = known ? rollout::prospect(sbc.package, sbc.version, versions) : rollout::Prospect{};
    sbcs.push_back({{"sbc", sbc.record.name},
                    {"package", sbc.package ? json::value(to_string(*sbc.package)) : nullptr},
                    {"to", will.to.empty() ? json::value(nullptr) : json::value(will.to)},
                    {"why", will.why.empty() ? json::value(nullptr) : json::value(will.why)}});
  }
  object["sbcs"] = std::move(sbcs);
  if (const Rollout* rollout = last(domain.directory())) {
    json::object shown_rollout = shown(*rollout);
    json::array branches;
    for (const auto& [name, branch] : domain.directory().all<RolloutBranch>()) branches.push_back(shown(branch));
    shown_rollout["branches"] = std::move(branches);
    object["rollout"] = std::move(shown_rollout);
  }
  return object;
}

void answer_whole(Service& service, const CallPtr& call, unsigned status) {
  service.read([versions = served(service)](const Domain& domain) { return whole(domain, versions); },
               [call, status](json::object object) { call->answer(status, std::move(object)); });
}

void show_rollout(Service& service, const CallPtr& call) { answer_whole(service, call, 200); }

// Takes the place of the last one, which has come to its end.
Domain::Decision begin(const Directory& directory, Rollout fresh, const std::optional<Names>& names) {
  if (const Rollout* before = last(directory); before && before->state != RolloutState::ended)
    return Answer{Outcome::clash, "An update runs or is stopped; let it go on, or give it up first (DELETE /rollout)"};
  Changes changes;
  for (const auto& [id, before] : directory.all<Rollout>()) changes.push_back(Delete<Rollout>{id});
  for (const auto& [sbc, branch] : directory.all<RolloutBranch>()) changes.push_back(Delete<RolloutBranch>{sbc});
  std::size_t branches = 0;
  const auto add = [&](const std::string& name) {
    RolloutBranch branch;
    branch.sbc = name;
    changes.push_back(Put<RolloutBranch>{std::move(branch)});
    ++branches;
  };
  if (names) {
    for (const std::string& name : *names) {
      const Sbc* sbc = directory.sbc(name);
      if (!sbc) return Answer{Outcome::refused, "There is no SBC " + name};
      if (sbc->certificate_serial.empty()) return Answer{Outcome::refused, "The SBC " + name + " was never there"};
      add(name);
    }
  } else {
    for (const auto& [name, sbc] : directory.sbcs())
      if (!sbc.certificate_serial.empty()) add(name);
  }
  if (branches == 0) return Answer{Outcome::clash, "There is no SBC that could be updated"};
  changes.push_back(Put<Rollout>{std::move(fresh)});
  return changes;
}

void start_rollout(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"sbcs"});
  auto names = reader.texts("sbcs", 4096);
  if (names) {
    if (names->empty()) reader.refuse("sbcs", Fault{"is empty; expected names of SBCs, or null for all"});
    for (const std::string& name : *names) reader.refuse("sbcs", check_sbc_name(name));
    std::sort(names->begin(), names->end());
    names->erase(std::unique(names->begin(), names->end()), names->end());
  }
  if (call->failed(reader)) return;
  Rollout fresh;
  fresh.id = crypto::random_hex(16);
  fresh.by = call->actor().name;
  fresh.started = service.now();
  fresh.versions = served(service);
  if (fresh.versions.empty()) return call->fail({409, "This core serves no packages; see docs/core.md", ""});
  const auto detail = fmt::format("{}: {}", names ? fmt::format("{}", fmt::join(*names, ", ")).substr(0, 200) : "all",
                                  fmt::join(fresh.versions, ", "));
  service.command(
      call, {"rollout.started", "", detail},
      [fresh, names](Domain& domain, const Actor& actor, Done done) {
        domain.change([fresh, names](const Directory& directory) { return begin(directory, fresh, names); }, actor,
                      std::move(done));
      },
      [&service, call](Outcome) { answer_whole(service, call, 201); });
}

// From one state into another; a clash where it isn't in it.
void turn(Service& service, const CallPtr& call, const char* action, RolloutState from, const char* refusal,
          std::function<Changes(Rollout, const Directory&)> change) {
  service.command(
      call, {action, "", ""},
      [=](Domain& domain, const Actor& actor, Done done) {
        domain.change(
            [=](const Directory& directory) -> Domain::Decision {
              const Rollout* known = last(directory);
              if (!known || known->state != from) return Answer{Outcome::clash, refusal};
              return change(*known, directory);
            },
            actor, std::move(done));
      },
      [&service, call](Outcome) { answer_whole(service, call, 200); });
}

void stop_rollout(Service& service, const CallPtr& call) {
  turn(service, call, "rollout.stopped", RolloutState::running, "No update runs",
       [by = call->actor().name](Rollout rollout, const Directory&) {
         rollout.state = RolloutState::stopped;
         rollout.why = by + " has stopped it";
         return Changes{Put<Rollout>{std::move(rollout)}};
       });
}

void resume_rollout(Service& service, const CallPtr& call) {
  turn(service, call, "rollout.resumed", RolloutState::stopped, "No update is stopped",
       [](Rollout rollout, const Directory&) {
         rollout.state = RolloutState::running;
         rollout.failed = false;
         rollout.why.clear();
         return Changes{Put<Rollout>{std::move(rollout)}};
       });
}

// Nothing more is looked at, either.
void end_rollout(Service& service, const CallPtr& call) {
  turn(service, call, "rollout.given_up", RolloutState::stopped, "No update is stopped",
       [at = service.now()](Rollout rollout, const Directory& directory) {
         Changes changes;
         for (const auto& [name, branch] : directory.all<RolloutBranch>()) {
           if (branch.step > RolloutStep::watched) continue;
           RolloutBranch left = branch;
           left.why = left.step == RolloutStep::waiting ? "it was given up" : "it was given up while it was under way";
           left.step = RolloutStep::left_out;
           left.since = at;
           changes.push_back(Put<RolloutBranch>{std::move(left)});
         }
         rollout.state = RolloutState::ended;
         rollout.ended = at;
         changes.push_back(Put<Rollout>{std::move(rollout)});
         return changes;
       });
}

}  // namespace

std::vector<Route> rollout_routes() {
  constexpr auto administrator = Role::administrator;
  return {{"GET", "/rollout", Role::reader, show_rollout},
          {"POST", "/rollout", administrator, start_rollout},
          {"DELETE", "/rollout", administrator, end_rollout},
          {"POST", "/rollout/stop", administrator, stop_rollout},
          {"POST", "/rollout/resume", administrator, resume_rollout}};
}

}  // namespace roamdesk::api

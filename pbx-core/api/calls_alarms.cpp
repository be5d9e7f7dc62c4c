#include <algorithm>
#include <utility>

#include "exchange/alarms/words.hpp"
#include "pbx-core/api/query.hpp"
#include "pbx-core/api/record_calls.hpp"
#include "pbx-core/api/render_alarms.hpp"

// What is wrong, who has seen it, and who is told.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr std::int64_t most_cleared = 1000, cleared_shown = 100;

// Those that are open first, the worst on top; of each severity, and of the cleared ones, the latest first.
std::vector<Alarm> ordered(const Directory& directory, std::size_t cleared) {
  std::vector<Alarm> all;
  for (const auto& [id, alarm] : directory.all<Alarm>()) all.push_back(alarm);
  std::sort(all.begin(), all.end(), [](const Alarm& a, const Alarm& b) {
    if (a.cleared.has_value() != b.cleared.has_value()) return !a.cleared;
    if (a.cleared) return a.cleared != b.cleared ? *a.cleared > *b.cleared : a.id < b.id;
    if (a.severity != b.severity) return a.severity > b.severity;
    return a.raised != b.raised ? a.raised > b.raised : a.id < b.id;
  });
  const auto open = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const Alarm& alarm) { return !alarm.cleared; }));
  all.resize(std::min(all.size(), open + cleared));
  return all;
}

void list_alarms(Service& service, const CallPtr& call) {
  std::optional<Problem> problem;
  const auto cleared = number_in(call->request, "cleared", problem);
  if (!problem && cleared && *cleared > most_cleared)
    problem = Problem{422, "cleared is out of range; expected 1 to 1000", "cleared"};
  if (problem) return call->fail(*problem);
  service.read([shown = static_cast<std::size_t>(cleared.value_or(cleared_shown))](
                   const Domain& domain) { return ordered(domain.directory(), shown); },
               [call](const std::vector<Alarm>& all) {
                 json::array answer;
                 for (const Alarm& alarm : all) answer.push_back(shown_alarm(alarm));
                 call->answer(200, std::move(answer));
               });
}

std::optional<Alarm> find_alarm(const Directory& directory, const std::string& id) {
  const auto found = directory.all<Alarm>().find(id);
  return found == directory.all<Alarm>().end() ? std::nullopt : std::optional{found->second};
}

void acknowledge_alarm(Service& service, const CallPtr& call) {
  const std::string id = call->parameters[0];
  const auto now = service.now();
  service.command(
      call, {"alarm.acknowledged", id, ""},
      [id, now](Domain& domain, const Actor& actor, Done done) {
        domain.change(
            [id, now, by = actor.name](const Directory& directory) -> Domain::Decision {
              auto alarm = find_alarm(directory, id);
              if (!alarm) return Answer{Outcome::unknown, "There is no alarm " + id};
              if (alarm->acknowledged)
                return Answer{Outcome::clash, alarm->acknowledged_by + " has acknowledged it already, at " +
                                                  to_rfc3339(*alarm->acknowledged)};
              alarm->acknowledged = now;
              alarm->acknowledged_by = by;
              return Changes{Put<Alarm>{std::move(*alarm)}};
            },
            actor, std::move(done));
      },
      [&service, call, id](Outcome) {
        service.read([id](const Domain& domain) { return find_alarm(domain.directory(), id); },
                     [call, id](const std::optional<Alarm>& alarm) {
                       if (!alarm) return call->fail({404, "There is no alarm " + id, ""});
                       call->answer(200, shown_alarm(*alarm));
                     });
      });
}

struct AlarmReceivers {
  using Record = AlarmReceiver;
  static constexpr const char *name = "receiver of alarms", *action = "alarm_receiver", *path = "alarm-receivers",
                              *key = "name";
  static constexpr std::size_t most = 50;

  static AlarmReceiver fresh() { return {}; }
  // A web hook alone is signed.
  static void complete(AlarmReceiver& receiver) {
    if (receiver.way != AlarmWay::web_hook) receiver.signing_key = Secret{};
  }
  static AlarmReceiver placed(AlarmReceiver receiver, const Directory&) { return receiver; }
  static void more(json::object&, const AlarmReceiver&, const Domain&) {}
};

void test_receiver(Service& service, const CallPtr& call) {
  const std::string name = call->parameters[0];
  service.read(
      [name](const Domain& domain) -> std::optional<AlarmReceiver> {
        const auto& all = domain.directory().all<AlarmReceiver>();
        const auto found = all.find(name);
        return found == all.end() ? std::nullopt : std::optional{found->second};
      },
      [&service, call, name](const std::optional<AlarmReceiver>& receiver) {
        if (!receiver) return call->fail({404, "There is no receiver of alarms " + name, "name"});
        send_test(service, call, *receiver);
      });
}

}  // namespace

json::object shown_alarm(const Alarm& alarm) {
  json::object object = shown(alarm);
  object["text"] = alarms::headline(alarm);
  object["advice"] = alarms::advice(alarm.kind);
  return object;
}

std::vector<Route> alarm_routes() {
  using Calls = RecordCalls<AlarmReceivers>;
  constexpr auto administrator = Role::administrator;
  return {{"GET", "/alarms", Role::reader, list_alarms},
          {"POST", "/alarms/{id}/acknowledge", Role::operator_, acknowledge_alarm},
          {"GET", "/alarm-receivers", administrator, Calls::list},
          {"POST", "/alarm-receivers", administrator, Calls::create},
          {"GET", "/alarm-receivers/{name}", administrator, Calls::show, false, false, false, Calls::version},
          {"PATCH", "/alarm-receivers/{name}", administrator, Calls::change, false, false, false, Calls::version},
          {"DELETE", "/alarm-receivers/{name}", administrator, Calls::remove, false, false, false, Calls::version},
          {"POST", "/alarm-receivers/{name}/test", administrator, test_receiver}};
}

}  // namespace roamdesk::api

#include "pbx-core/api/record_calls.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

struct Trunks {
  using Record = Trunk;
  static constexpr const char *name = "trunk", *action = "trunk", *path = "trunks", *key = "name";
  static constexpr std::size_t most = 200;

  static Trunk fresh() { return {}; }
  static void complete(Trunk&) {}
  static Trunk placed(Trunk trunk, const Directory&) { return trunk; }
  static json::object to_json(const TrunkState::Subscriptions& of) {
    return {{"all", of.all},
            {"told", of.told},
            {"refused", of.refused},
            {"reason", of.reason.empty() ? json::value(nullptr) : json::value(of.reason)}};
  }
  static void more(json::object& object, const Trunk& trunk, const Domain& domain) {
    object["has_password"] = !trunk.password.empty();
    const auto state = domain.trunk_state(trunk.name);
    if (!state) {
      object["state"] = nullptr;
      return;
    }
    object["state"] =
        json::object{{"condition", state->condition},
                     {"reason", state->reason.empty() ? json::value(nullptr) : json::value(state->reason)},
                     {"since", to_rfc3339(state->since)},
                     {"next", state->next ? json::value(to_rfc3339(*state->next)) : json::value(nullptr)},
                     {"server", state->server.empty() ? json::value(nullptr) : json::value(state->server)},
                     {"calls", state->calls},
                     {"accounts", nullptr}};
    if (const auto& accounts = state->accounts)
      object["state"].as_object()["accounts"] = json::object{{"all", accounts->all},
                                                             {"registered", accounts->registered},
                                                             {"refused", accounts->refused},
                                                             {"waiting", accounts->waiting},
                                                             {"mailboxes", to_json(accounts->mailboxes)},
                                                             {"lamps", to_json(accounts->lamps)}};
  }
};

void show_registration(Service& service, const CallPtr& call) {
  service.read(
      [name = call->parameters[0]](const Domain& domain) { return domain.trunk_state(name); },
      [call](std::optional<TrunkState> state) {
        if (!state) return call->fail({404, "There is no trunk " + call->parameters[0], "name"});
        json::array all;
        for (const auto& said : state->registration)
          all.push_back(json::object{
              {"at", to_rfc3339(said.at)}, {"received", said.received}, {"peer", said.peer}, {"text", said.text}});
        call->answer(200, std::move(all));
      });
}

std::optional<json::object> test_call_of(const Domain& domain, const std::string& trunk) {
  const auto view = domain.test_call(trunk);
  if (!view) return std::nullopt;
  return json::object{{"number", view->number},     {"called", view->called},       {"server", view->server},
                      {"result", view->result},     {"status", view->status},       {"reason", view->reason},
                      {"at", to_rfc3339(view->at)}, {"took_ms", view->took.count()}};
}

void make_test_call(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"number"});
  const std::string number = reader.required("number", "+4930123456");
  reader.refuse("number", check_e164(number));
  if (call->failed(reader)) return;
  const std::string name = call->parameters[0];
  service.command(
      call, {"trunk.test_call", name, number},
      [name, number](Domain& domain, const Actor& actor, Done done) {
        domain.test_call(name, number, actor, std::move(done));
      },
      [&service, call, name](Outcome) {
        service.answer_with(call, 202, [name](const Domain& domain) { return test_call_of(domain, name); });
      });
}

void show_test_call(Service& service, const CallPtr& call) {
  service.read([name = call->parameters[0]](const Domain& domain) { return test_call_of(domain, name); },
               [call](std::optional<json::object> shown) {
                 if (!shown)
                   return call->fail({404, "No test call was made by a trunk " + call->parameters[0], "name"});
                 call->answer(200, std::move(*shown));
               });
}

void list_presets(Service& service, const CallPtr& call) {
  json::array all;
  for (const json::object& preset : service.options().trunk_presets) all.push_back(preset);
  call->answer(200, std::move(all));
}

}  // namespace

std::vector<Route> trunk_routes() {
  using Calls = RecordCalls<Trunks>;
  return {{"GET", "/trunks", Role::reader, Calls::list},
          {"POST", "/trunks", Role::administrator, Calls::create},
          {"GET", "/trunks/{name}", Role::reader, Calls::show, false, false, false, Calls::version},
          {"GET", "/trunks/{name}/registration", Role::operator_, show_registration},
          {"POST", "/trunks/{name}/test-call", Role::administrator, make_test_call},
          {"GET", "/trunks/{name}/test-call", Role::operator_, show_test_call},
          {"PATCH", "/trunks/{name}", Role::administrator, Calls::change, false, false, false, Calls::version},
          {"DELETE", "/trunks/{name}", Role::administrator, Calls::remove, false, false, false, Calls::version},
          {"GET", "/trunk-presets", Role::reader, list_presets}};
}

}  // namespace roamdesk::api

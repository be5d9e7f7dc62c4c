#include <algorithm>

#include "common/post/letter.hpp"
#include "common/post/receivers.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/shown.hpp"

// Calls for help that people have to acknowledge, and whether messages about them arrive.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

// What nobody has acknowledged stands first; the latest first in each part.
void list_emergencies(Service& service, const CallPtr& call) {
  service.read(
      [](const Domain& domain) {
        std::vector<Emergency> all;
        for (const auto& [id, one] : domain.directory().all<Emergency>()) all.push_back(one);
        std::sort(all.begin(), all.end(), [](const Emergency& a, const Emergency& b) {
          if (a.acknowledged.has_value() != b.acknowledged.has_value()) return !a.acknowledged;
          return a.at != b.at ? a.at > b.at : a.id < b.id;
        });
        return all;
      },
      [call](const std::vector<Emergency>& all) {
        json::array answer;
        for (const auto& one : all) answer.push_back(shown(one));
        call->answer(200, std::move(answer));
      });
}

std::optional<json::object> shown_by(const Domain& domain, const std::string& id) {
  const auto& all = domain.directory().all<Emergency>();
  const auto found = all.find(id);
  return found == all.end() ? std::nullopt : std::optional{shown(found->second)};
}

void acknowledge(Service& service, const CallPtr& call) {
  const std::string id = call->parameters[0];
  const auto now = service.now();
  service.command(
      call, {"emergency.acknowledged", id, ""},
      [id, now](Domain& domain, const Actor& actor, Done done) {
        domain.change(
            [id, now, by = actor.name](const Directory& directory) -> Domain::Decision {
              const auto found = directory.all<Emergency>().find(id);
              if (found == directory.all<Emergency>().end())
                return Answer{Outcome::unknown, "There is no emergency " + id};
              Emergency emergency = found->second;
              if (emergency.acknowledged)
                return Answer{Outcome::clash, emergency.acknowledged_by + " has acknowledged it already, at " +
                                                  to_rfc3339(*emergency.acknowledged)};
              emergency.acknowledged = now;
              emergency.acknowledged_by = by;
              return Changes{Put<Emergency>{std::move(emergency)}};
            },
            actor, std::move(done));
      },
      [&service, call, id](Outcome) {
        service.answer_with(call, 200, [id](const Domain& domain) { return shown_by(domain, id); });
      });
}

void show_ways(Service& service, const CallPtr& call) {
  const auto& mail = service.options().notice_ways.mail;
  json::value shown = nullptr;
  if (mail)
    shown =
        json::object{{"server", mail->server}, {"from", mail->from}, {"tls", mail->tls}, {"logs_in", mail->logs_in}};
  call->answer(200, json::object{{"mail", shown}});
}

void test_notice(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"mail", "web_hook"});
  const auto mail = reader.text("mail"), web_hook = reader.text("web_hook");
  if (mail.has_value() == web_hook.has_value())
    reader.malformed("mail", "stands beside web_hook, or both are missing; exactly one of them is expected");
  if (mail && !post::is_mail_address(*mail))
    reader.refuse("mail", Fault{"isn't an address; expected one like \"reception@example.com\""});
  if (web_hook && !post::is_web_hook(*web_hook))
    reader.refuse("web_hook", Fault{"isn't a URL; expected one like \"https://example.com/alarm\""});
  if (call->failed(reader)) return;
  AlarmReceiver receiver;
  receiver.way = mail ? AlarmWay::mail : AlarmWay::web_hook;
  receiver.to = mail ? *mail : *web_hook;
  send_test(service, call, std::move(receiver));
}

}  // namespace

void send_test(Service& service, const CallPtr& call, AlarmReceiver receiver) {
  if (!service.options().test_notice) return call->fail({503, "This core can't send messages", ""});
  // Of a web hook only where it is: the rest may be its secret.
  const auto to = post::shown_receiver({receiver.way == AlarmWay::mail     ? post::Way::mail
                                        : receiver.way == AlarmWay::syslog ? post::Way::syslog
                                                                           : post::Way::web_hook,
                                        receiver.to, std::string{}});
  // Audited first: who has sent something to where is known whatever comes of it.
  service.commit(
      call, {AppendAudit{service.audit_of(*call, {"notice.tested", to, ""})}},
      [&service, call, message = TestMessage{std::move(receiver)}] {
        service.options().test_notice(message, [call, alive = service.shared_from_this()](TestResult result) {
          alive->on_api([call, result = std::move(result)] {
            call->answer(200,
                         json::object{{"delivered", result.delivered},
                                      {"reason", result.delivered ? json::value(nullptr) : json::value(result.why)}});
          });
        });
      },
      [] {});
}

std::vector<Route> emergency_routes() {
  return {{"GET", "/emergencies", Role::reader, list_emergencies},
          {"POST", "/emergencies/{id}/acknowledge", Role::operator_, acknowledge},
          {"GET", "/notices", Role::reader, show_ways},
          {"POST", "/notices/test", Role::administrator, test_notice}};
}

}  // namespace roamdesk::api

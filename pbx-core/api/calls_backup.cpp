#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {
namespace json = boost::json;
namespace {

void respond_with(const CallPtr& call, const std::string& name, std::string bytes) {
  http::Response response;
  response.fields = {{"Content-Type", "application/octet-stream"},
                     {"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name)},
                     {"Cache-Control", "no-store"}};
  response.body = std::move(bytes);
  call->respond(std::move(response));
}

// One at a time: `begin` makes or reads it. Audited first: the user who takes all keys and secrets away is known, even
// where the answer never arrives.
void give(Service& service, const CallPtr& call, Trace trace, std::string name, std::function<void(BackupDone)> begin) {
  if (service.backup_under_way())
    return call->fail({409, "A backup is being made or taken already; try again when it is there", ""});
  service.backup_under_way() = true;
  service.commit(
      call, {AppendAudit{service.audit_of(*call, std::move(trace))}},
      [&service, call, name = std::move(name), begin = std::move(begin)] {
        begin([&service, call, name, alive = service.shared_from_this()](BackupMade made) {
          service.on_api([&service, call, name, alive, made = std::move(made)]() mutable {
            service.backup_under_way() = false;
            if (!made.bytes) return call->fail({503, "The backup failed: " + made.fault, ""});
            respond_with(call, name, *std::move(made.bytes));
          });
        });
      },
      [&service] { service.backup_under_way() = false; });
}

}  // namespace

void make_backup(Service& service, const CallPtr& call) {
  if (!service.options().backups.make) return call->fail({503, "This core can't make backups", ""});
  std::string minute = to_rfc3339(service.now()).substr(0, 16);
  std::erase(minute, ':');
  give(service, call, {"backup.made", "", ""}, fmt::format("roamdesk-{}.backup", minute),
       service.options().backups.make);
}

void list_backups(Service& service, const CallPtr& call) {
  const auto nights = service.options().backups.nights ? service.options().backups.nights() : NightlyBackups{};
  json::object body{{"plan", nullptr}, {"fault", nullptr}, {"files", json::array{}}};
  if (nights.plan)
    body["plan"] = {{"directory", nights.plan->directory},
                    {"at", nights.plan->at},
                    {"keep", nights.plan->keep},
                    {"next", to_rfc3339(nights.plan->next)}};
  if (nights.fault) body["fault"] = {{"at", to_rfc3339(nights.fault->at)}, {"why", nights.fault->why}};
  for (const auto& file : nights.files)
    body["files"].as_array().push_back(
        {{"name", file.name}, {"made_at", to_rfc3339(file.made_at)}, {"bytes", file.bytes}});
  json::array kept;
  if (const auto& ways = service.options().backups.restore; ways.kept)
    for (const auto& file : ways.kept())
      kept.push_back({{"name", file.name}, {"made_at", to_rfc3339(file.made_at)}, {"bytes", file.bytes}});
  body["kept"] = std::move(kept);
  call->answer(200, body);
}

// By a name that the list shows, and no other: a name is no path.
void take_backup(Service& service, const CallPtr& call) {
  const std::string& name = call->parameters[0];
  const auto nights = service.options().backups.nights ? service.options().backups.nights() : NightlyBackups{};
  const auto known =
      std::any_of(nights.files.begin(), nights.files.end(), [&](const auto& f) { return f.name == name; });
  if (!known || !service.options().backups.read) return call->fail({404, "There is no backup " + name, "name"});
  give(service, call, {"backup.taken", name, ""}, name,
       [&service, name](BackupDone done) { service.options().backups.read(name, std::move(done)); });
}

}  // namespace roamdesk::api

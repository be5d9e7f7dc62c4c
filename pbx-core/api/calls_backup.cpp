#include <fmt/format.h>

#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {

void make_backup(Service& service, const CallPtr& call) {
  if (!service.options().make_backup) return call->fail({503, "This core can't make backups", ""});
  if (service.backup_under_way())
    return call->fail({409, "A backup is being made already; try again when it is there", ""});
  service.backup_under_way() = true;
  // Audited first: the user who takes all keys and secrets away is known, even where the answer never arrives.
  service.commit(
      call, {AppendAudit{service.audit_of(*call, {"backup.made", "", ""})}},
      [&service, call] {
        service.options().make_backup([&service, call, alive = service.shared_from_this()](BackupMade made) {
          service.on_api([&service, call, alive, made = std::move(made)]() mutable {
            service.backup_under_way() = false;
            if (!made.bytes) return call->fail({503, "The backup failed: " + made.fault, ""});
            std::string name = to_rfc3339(service.now()).substr(0, 16);
            std::erase(name, ':');
            http::Response response;
            response.fields = {
                {"Content-Type", "application/octet-stream"},
                {"Content-Disposition", fmt::format("attachment; filename=\"roamdesk-{}.backup\"", name)},
                {"Cache-Control", "no-store"}};
            response.body = *std::move(made.bytes);
            call->respond(std::move(response));
          });
        });
      },
      [&service] { service.backup_under_way() = false; });
}

}  // namespace roamdesk::api

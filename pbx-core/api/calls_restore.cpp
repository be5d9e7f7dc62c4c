#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "common/crypto/random.hpp"
#include "common/http/content.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/validation.hpp"

// A restore while the core runs: a backup is put in piece by piece or named, looked into, and takes the place of what
// is there. By a log-in only, and at last by the password: whoever restores says who may do what from then on.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

using core::FirmwareFiles;

bool has_restore(Service& service, const CallPtr& call) {
  if (service.options().backups.restore.look) return true;
  call->fail({503, "This core can't restore backups", ""});
  return false;
}

void fail_upload(const CallPtr& call, const FirmwareFiles::Fault& fault) {
  using Kind = FirmwareFiles::Fault;
  const unsigned status = fault.kind == Kind::bad       ? 422
                          : fault.kind == Kind::unknown ? 404
                          : fault.kind == Kind::disk    ? 503
                                                        : 409;
  call->fail({status, fault.what, ""});
}

// Those that were put in and never looked at.
void clear_away_uploads(const std::filesystem::path& folder) {
  std::error_code fault;
  std::vector<std::filesystem::path> whole;
  for (auto at = std::filesystem::directory_iterator(folder, fault);
       !fault && at != std::filesystem::directory_iterator(); at.increment(fault))
    if (http::is_sha256(at->path().filename().string())) whole.push_back(at->path());
  for (const auto& path : whole) std::filesystem::remove(path, fault);
}

void begin_backup_upload(Service& service, const CallPtr& call) {
  if (!has_restore(service, call)) return;
  Reader reader(call->body, {"bytes"});
  const auto bytes = reader.integer("bytes");
  if (!bytes) reader.malformed("bytes", "is missing; expected the file's size");
  if (call->failed(reader)) return;
  auto& files = *service.restore_files();
  files.forget_stale(service.now(), [&](const std::string& id) { service.restore_uploads().erase(id); });
  clear_away_uploads(service.options().backups.restore.uploads);
  const std::string id = crypto::random_hex(8);
  const auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(*bytes, 0));
  if (const auto fault = files.begin(id, size, service.now())) return fail_upload(call, *fault);
  service.restore_uploads()[id] = {call->who.user, size};
  call->answer(201, json::object{{"id", id}, {"piece", files.limits().piece}});
}

// Whether it is an upload of the caller's own; else an answer is given.
bool is_own_upload(Service& service, const CallPtr& call) {
  const auto found = service.restore_uploads().find(call->parameters[0]);
  if (found != service.restore_uploads().end() && found->second.by == call->who.user) return true;
  call->fail({404, "There is no such upload of yours; it may have been given up", "id"});
  return false;
}

void take_backup_piece(Service& service, const CallPtr& call) {
  if (!has_restore(service, call) || !is_own_upload(service, call)) return;
  const std::string id = call->parameters[0], text = call->request.query("offset").value_or("");
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    return call->fail({400, "offset in the query is not a number; expected where this piece begins", "offset"});
  auto& files = *service.restore_files();
  const auto there = files.append(id, offset, call->request.body, service.now());
  if (const auto* fault = std::get_if<FirmwareFiles::Fault>(&there)) {
    if (!files.is_uploading(id)) service.restore_uploads().erase(id);
    return fail_upload(call, *fault);
  }
  const auto received = std::get<std::uint64_t>(there);
  if (received < service.restore_uploads()[id].bytes) return call->answer(200, json::object{{"received", received}});
  service.restore_uploads().erase(id);
  const auto named = files.finish(id);
  if (const auto* fault = std::get_if<FirmwareFiles::Fault>(&named)) return fail_upload(call, *fault);
  call->answer(201, json::object{{"received", received}, {"name", std::get<std::string>(named)}});
}

void give_up_backup_upload(Service& service, const CallPtr& call) {
  if (!has_restore(service, call) || !is_own_upload(service, call)) return;
  service.restore_files()->give_up(call->parameters[0]);
  service.restore_uploads().erase(call->parameters[0]);
  call->no_content();
}

struct Numbers {
  std::size_t extensions = 0, desks = 0, sbcs = 0, users = 0;
};
json::object shown_numbers(const Numbers& n) {
  return {{"extensions", n.extensions}, {"desks", n.desks}, {"sbcs", n.sbcs}, {"users", n.users}};
}

json::array names_beyond(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  json::array beyond;
  for (const auto& one : names)
    if (std::find(known.begin(), known.end(), one) == known.end()) beyond.emplace_back(one);
  return beyond;
}

json::object shown_look(const RestoreLook& look, const Numbers& now, const std::vector<std::string>& users,
                        const std::string& asks) {
  const auto& staged = look.staged;
  const auto& names = staged.users;
  return {{"id", look.id},
          {"made_at", staged.summary.made_at},
          {"version", staged.summary.version},
          {"schema", staged.schema},
          {"known_schema", staged.known_schema},
          {"bytes", staged.summary.bytes},
          {"now", shown_numbers(now)},
          {"then", shown_numbers({staged.extensions, staged.desks, staged.sbcs, names.size()})},
          {"users_back", names_beyond(names, users)},
          {"users_gone", names_beyond(users, names)},
          {"asker_known", std::find(names.begin(), names.end(), asks) != names.end()}};
}

void answer_with_look(Service& service, const CallPtr& call, const RestoreLook& look) {
  if (look.id.empty()) return call->fail({422, "It can't be restored: " + look.fault, "name"});
  std::vector<std::string> users;
  for (const auto& [name, user] : service.users())
    if (!user.disabled) users.push_back(name);
  service.read(
      [](const Domain& domain) {
        const auto& all = domain.directory();
        return Numbers{all.extensions().size(), all.desks().size(), all.sbcs().size(), 0};
      },
      [call, look, users](Numbers now) {
        now.users = users.size();
        call->answer(200, shown_look(look, now, users, call->who.user));
      });
}

void look_at_backup(Service& service, const CallPtr& call) {
  if (!has_restore(service, call)) return;
  Reader reader(call->body, {"place", "name"});
  const auto place = reader.required_word<BackupPlace>("place");
  const auto name = reader.required("name", "roamdesk-2026-11-29T013000Z.backup");
  if (call->failed(reader)) return;
  const auto done = [&service, call, alive = service.shared_from_this()](RestoreLook look) {
    service.on_api([&service, call, alive, look = std::move(look)] { answer_with_look(service, call, look); });
  };
  if (!service.options().backups.restore.look(place, name, done))
    call->fail({409, "Another restore is being made ready; try again in a moment", ""});
}

// What is there now is kept first; then the answer, and only then the core starts again.
void begin_restore(Service& service, const CallPtr& call, const std::string& id) {
  const auto record = service.audit_of(*call, {"backup.restored", "", ""});
  service.commit(
      call, {AppendAudit{service.audit_of(*call, {"backup.restore", "", ""})}},
      [&service, call, id, record] {
        const auto done = [&service, call, alive = service.shared_from_this()](const std::string& fault) {
          service.on_api([&service, call, alive, fault] {
            if (!fault.empty()) return call->fail({503, "Nothing was restored: " + fault, ""});
            call->answer(202, json::object{{"restarts", true}});
            service.options().backups.restore.restart();
          });
        };
        if (!service.options().backups.restore.begin(id, record, done))
          call->fail({409, "This backup isn't ready to be restored any more; look at it again", "id"});
      },
      [] {});
}

void restore_backup(Service& service, const CallPtr& call) {
  if (!has_restore(service, call)) return;
  Reader reader(call->body, {"id", "password"});
  const auto id = reader.required("id", "what the look said");
  Secret password{reader.required("password", "your own")};
  if (call->failed(reader)) return;
  service.confirm_password(call, std::move(password), "password",
                           [&service, call, id] { begin_restore(service, call, id); });
}

}  // namespace

std::vector<Route> restore_routes() {
  constexpr auto administrator = Role::administrator;
  return {{"POST", "/restore/uploads", administrator, begin_backup_upload, true},
          {"PUT", "/restore/uploads/{id}", administrator, take_backup_piece, true, true},
          {"DELETE", "/restore/uploads/{id}", administrator, give_up_backup_upload, true},
          {"POST", "/restore/look", administrator, look_at_backup, true},
          {"POST", "/restore", administrator, restore_backup, true}};
}

}  // namespace roamdesk::api

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/validation.hpp"

// Backups at a server by SFTP: where they go, whether that works, and what is there. By a log-in only: whoever may
// name the server gets all keys of the house.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr const char* hidden = "***";

bool has_way(Service& service, const CallPtr& call) {
  if (service.options().backups.sftp.state) return true;
  call->fail({503, "This core can't make backups", ""});
  return false;
}

json::value shown_time(const std::optional<WallTime>& at) {
  return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
}
json::value shown_secret(const Secret& secret) { return secret.empty() ? json::value(nullptr) : json::value(hidden); }

json::object shown_target(const sftp::Target& target) {
  return {{"host", target.host},
          {"port", target.port},
          {"user", target.user},
          {"directory", target.directory},
          {"password", shown_secret(target.password)},
          {"private_key", shown_secret(target.private_key)},
          {"host_key", target.host_key},
          {"at", config::to_string(target.at)},
          {"keep", target.keep}};
}

json::object shown_result(const SftpResult& result) {
  json::object body{{"ok", result.ok}};
  if (!result.kind.empty()) body["kind"] = result.kind;
  if (!result.why.empty()) body["why"] = result.why;
  if (!result.offered.empty()) body["offered"] = result.offered;
  return body;
}

void answer_with_state(Service& service, const CallPtr& call) {
  const auto [target, status, under_way] = service.options().backups.sftp.state();
  json::object body{{"target", nullptr}, {"last", nullptr}, {"fault", nullptr}, {"under_way", under_way}};
  if (target) body["target"] = shown_target(*target);
  if (status.made) body["last"] = {{"at", to_rfc3339(*status.made)}, {"name", status.name}, {"bytes", status.bytes}};
  if (status.failed) {
    body["fault"] = {{"at", shown_time(status.failed)}, {"kind", status.kind}, {"why", status.why}};
    if (!status.offered.empty()) body["fault"].as_object()["offered"] = status.offered;
  }
  call->answer(200, std::move(body));
}

void show_sftp_backup(Service& service, const CallPtr& call) {
  if (has_way(service, call)) answer_with_state(service, call);
}

std::uint16_t number_of(Reader& reader, std::string_view name, std::uint16_t otherwise, std::int64_t most) {
  const auto given = reader.integer(name);
  if (!given) return otherwise;
  if (*given < 1 || *given > most) {
    reader.refuse(name, fmt::format("is out of range; expected 1 to {}", most));
    return otherwise;
  }
  return static_cast<std::uint16_t>(*given);
}

void read_at(Reader& reader, config::TimeOfDay& at) {
  const auto given = reader.text("at");
  if (!given) return;
  if (const auto fault = check_time_of_day(*given)) return reader.refuse("at", fault);
  at.since_midnight = std::chrono::minutes{std::stoi(given->substr(0, 2)) * 60 + std::stoi(given->substr(3, 2))};
}

// The secrets that are left out, null or *** stay as they are, for the server that they were given for and no other.
void keep_secrets(sftp::Target& target, const std::optional<sftp::Target>& before) {
  if (!before || !target.password.empty() || !target.private_key.empty()) return;
  if (before->host != target.host || before->port != target.port || before->user != target.user) return;
  if (!target.host_key.empty() && !before->host_key.empty() && before->host_key != target.host_key) return;
  target.password = before->password;
  target.private_key = before->private_key;
}

Secret secret_of(Reader& reader, std::string_view name) {
  auto given = reader.text_or_none(name);
  return given && *given != hidden ? Secret{*std::move(given)} : Secret{};
}

// nullopt: it isn't one, and an answer was given.
std::optional<sftp::Target> read_target(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"host", "port", "user", "directory", "password", "private_key", "host_key", "at", "keep"});
  sftp::Target target;
  target.host = reader.required("host", "backup.example.com");
  target.port = number_of(reader, "port", target.port, 65'535);
  target.user = reader.required("user", "roamdesk");
  target.directory = reader.text_or_none("directory").value_or("");
  target.password = secret_of(reader, "password");
  target.private_key = secret_of(reader, "private_key");
  target.host_key = reader.text_or_none("host_key").value_or("");
  target.keep = number_of(reader, "keep", target.keep, 1000);
  read_at(reader, target.at);
  if (call->failed(reader)) return std::nullopt;
  keep_secrets(target, service.options().backups.sftp.state().target);
  if (const auto fault = sftp::fault_of(target)) {
    call->fail({422, fault->field + " " + fault->what, fault->field});
    return std::nullopt;
  }
  return target;
}

void fail_busy(const CallPtr& call) {
  call->fail({409, "The SFTP server is being asked something already; try again in a moment", ""});
}

// Audited first: who sends all keys of the house where is known, even where the answer never arrives.
void set_target(Service& service, const CallPtr& call, Trace trace, std::optional<sftp::Target> target) {
  service.commit(
      call, {AppendAudit{service.audit_of(*call, std::move(trace))}},
      [&service, call, target = std::move(target)] {
        const auto done = [&service, call, alive = service.shared_from_this(),
                           none = !target.has_value()](const SftpResult& result) {
          service.on_api([&service, call, alive, none, result] {
            if (!result.ok) return call->fail({503, "It can't be stored: " + result.why, ""});
            if (none) return call->no_content();
            answer_with_state(service, call);
          });
        };
        if (!service.options().backups.sftp.set(target, done)) fail_busy(call);
      },
      [] {});
}

void put_sftp_backup(Service& service, const CallPtr& call) {
  if (!has_way(service, call)) return;
  auto target = read_target(service, call);
  if (!target) return;
  if (target->host_key.empty())
    return call->fail(
        {422, "host_key is missing; expected the SHA-256 of the server's key: a try shows it", "host_key"});
  Trace trace{
      "sftp_backup.set", target->host,
      fmt::format("{}@{}:{} {} {}", target->user, target->host, target->port, target->directory, target->host_key)};
  set_target(service, call, std::move(trace), std::move(target));
}

void delete_sftp_backup(Service& service, const CallPtr& call) {
  if (!has_way(service, call)) return;
  const auto before = service.options().backups.sftp.state().target;
  if (!before) return call->fail({404, "No backups go by SFTP", ""});
  set_target(service, call, {"sftp_backup.deleted", before->host, ""}, std::nullopt);
}

void try_sftp_backup(Service& service, const CallPtr& call) {
  if (!has_way(service, call)) return;
  auto target = call->body.empty() ? service.options().backups.sftp.state().target : read_target(service, call);
  if (!target) {
    if (call->body.empty()) call->fail({404, "No backups go by SFTP", ""});
    return;
  }
  const auto done = [&service, call, alive = service.shared_from_this()](const SftpResult& result) {
    service.on_api([call, alive, result] { call->answer(200, shown_result(result)); });
  };
  if (!service.options().backups.sftp.try_out(*std::move(target), done)) fail_busy(call);
}

void bring_sftp_backup(Service& service, const CallPtr& call) {
  if (!has_way(service, call)) return;
  if (!service.options().backups.sftp.state().target) return call->fail({404, "No backups go by SFTP", ""});
  service.options().backups.sftp.now();
  call->no_content();
}

void list_sftp_backups(Service& service, const CallPtr& call) {
  if (!has_way(service, call)) return;
  if (!service.options().backups.sftp.state().target) return call->fail({404, "No backups go by SFTP", ""});
  const auto done = [&service, call, alive = service.shared_from_this()](
                        const SftpResult& result, const std::vector<NightlyBackups::File>& files) {
    service.on_api([call, alive, result, files] {
      auto body = shown_result(result);
      json::array list;
      for (const auto& file : files)
        list.push_back({{"name", file.name}, {"made_at", to_rfc3339(file.made_at)}, {"bytes", file.bytes}});
      body["files"] = std::move(list);
      call->answer(200, std::move(body));
    });
  };
  if (!service.options().backups.sftp.list(done)) fail_busy(call);
}

}  // namespace

std::vector<Route> sftp_backup_routes() {
  constexpr auto administrator = Role::administrator;
  return {{"GET", "/sftp-backup", administrator, show_sftp_backup},
          {"PUT", "/sftp-backup", administrator, put_sftp_backup, true},
          {"DELETE", "/sftp-backup", administrator, delete_sftp_backup, true},
          {"POST", "/sftp-backup/try", administrator, try_sftp_backup, true},
          {"POST", "/sftp-backup/now", administrator, bring_sftp_backup, true},
          {"GET", "/sftp-backup/files", administrator, list_sftp_backups, true}};
}

}  // namespace roamdesk::api

#include "pbx-core/commands.hpp"

#include <chrono>
#include <cstdio>

#include "common/asio/wall_clock.hpp"
#include "common/config/owner.hpp"
#include "pbx-core/api/control.hpp"
#include "pbx-core/api/validation.hpp"
#include "pbx-core/backup/backup.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/store/copy.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::core {

int check_command(const std::filesystem::path& config) {
  load_config(config);  // throws with all faults; main prints them and exits with 2
  std::puts("configuration ok");
  return 0;
}

int sbc_add_command(const std::filesystem::path& config, const std::string& name) {
  const auto settings = load_config(config);
  api::ControlRequest request;
  request.command = "sbc.add";
  request.arguments["name"] = name;
  const auto reply = api::control(settings.state_dir / "control.sock", request);
  if (!reply) {
    std::fprintf(stderr, "%s\n", api::to_string(reply.error()).c_str());
    return 1;
  }
  std::fprintf(reply->ok ? stdout : stderr, "%s\n", reply->text.c_str());
  return reply->ok ? 0 : 1;
}

namespace {
std::string now() { return api::to_rfc3339(wall_now()); }

bool core_runs_on(const std::filesystem::path& state_dir) {
  api::ControlRequest request;
  request.command = "ping";  // not known to it; any answer will do
  const auto reply = api::control(state_dir / "control.sock", request);
  return reply || reply.error() != api::ControlFault::not_running;
}
}  // namespace

int backup_command(const std::filesystem::path& config, const std::filesystem::path& file) try {
  const auto summary = backup::make(load_config(config).state_dir, file, now());
  std::printf("%s: %zu files, %llu bytes. It holds the core's keys: keep it as safe as the core.\n", file.c_str(),
              summary.files, static_cast<unsigned long long>(summary.bytes));
  return 0;
} catch (const backup::BackupError& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}

int restore_command(const std::filesystem::path& config, const std::filesystem::path& file) try {
  const auto state_dir = load_config(config).state_dir;
  if (core_runs_on(state_dir)) {
    std::fprintf(stderr, "%s: a core is running on it; stop it first\n", state_dir.c_str());
    return 1;
  }
  const auto restored = backup::restore(file, state_dir, now());
  std::printf("restored %zu files of %s (pbx-core %s) to %s\n", restored.summary.files,
              restored.summary.made_at.c_str(), restored.summary.version.c_str(), state_dir.c_str());
  if (!restored.before.empty()) std::printf("what was there is in %s\n", restored.before.c_str());
  return 0;
} catch (const backup::BackupError& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}

int health_command(const std::filesystem::path& config) {
  const auto reply = api::control(load_config(config).state_dir / "control.sock", {"health", {}});
  const bool healthy = reply && reply->ok;
  std::fprintf(healthy ? stdout : stderr, "%s\n", reply ? reply->text.c_str() : api::to_string(reply.error()).c_str());
  return healthy ? 0 : 1;
}

int store_schema_command(const std::filesystem::path& config) try {
  const auto state_dir = load_config(config).state_dir;
  config::act_as_owner_of(state_dir);
  const auto schemas = store::schemas_of(state_dir / "store.sqlite");
  std::printf("%d %d %s\n", schemas.stored, schemas.known, state_dir.c_str());
  return 0;
} catch (const store::StoreError& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}

int store_keep_command(const std::filesystem::path& config) try {
  const auto state_dir = load_config(config).state_dir;
  config::act_as_owner_of(state_dir);
  if (core_runs_on(state_dir)) {
    std::fprintf(stderr, "%s: a core is running on it; stop it first\n", state_dir.c_str());
    return 1;
  }
  store::keep_store(state_dir / "store.sqlite", state_dir / "store.before");
  return 0;
} catch (const store::StoreError& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}

}  // namespace roamdesk::core

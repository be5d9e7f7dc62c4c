#include "pbx-core/operations/restore_job.hpp"

#include <boost/asio/post.hpp>

#include "common/crypto/random.hpp"
#include "common/http/content.hpp"
#include "common/log/log.hpp"
#include "pbx-core/backup/backup.hpp"
#include "pbx-core/backup/nightly.hpp"
#include "pbx-core/sftp/deliver.hpp"

namespace roamdesk::core {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t most_fetched = std::uint64_t{4} << 30;

// What `work` throws, in words; "" where nothing.
template <class Work>
std::string fault_of_work(Work work) {
  try {
    work();
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

RestoreJob::RestoreJob(const Config& config, SftpBackup& sftp, boost::asio::io_context& io,
                       std::function<WallTime()> now)
    : state_dir_(config.state_dir),
      uploads_(state_dir_ / "store.uploads"),
      kept_(backup::kept_folder(state_dir_)),
      folder_(config.backup ? config.backup->directory : fs::path{}),
      sftp_(sftp),
      io_(io),
      now_(std::move(now)) {}

void RestoreJob::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    thread_.request_stop();
  }
  if (thread_.joinable()) thread_.join();
}

fs::path RestoreJob::find(api::BackupPlace place, const std::string& name, const std::stop_token& stop) {
  using enum api::BackupPlace;
  const bool fits = place == upload ? http::is_sha256(name) : backup::made_at_of(name).has_value();
  if (!fits) throw backup::BackupError("there is no such backup");
  switch (place) {
    case folder:
      return folder_ / name;
    case kept:
      return kept_ / name;
    case upload:
      return uploads_ / name;
    case sftp:
      break;
  }
  const auto target = sftp_.state().target;
  if (!target) throw backup::BackupError("no backups go by SFTP");
  const auto file = state_dir_ / "store.fetched";
  sftp::fetch(*target, name, file, most_fetched, stop);
  return file;
}

bool RestoreJob::begin(std::function<void(const std::stop_token&)> work) {
  const std::lock_guard lock(mutex_);
  if (under_way_ || stopped_) return false;
  under_way_ = true;
  // The one before has ended but for its last instructions.
  thread_ = std::jthread([work = std::move(work)](const std::stop_token& stop) { work(stop); });
  return true;
}

api::RestoreWays RestoreJob::ways() {
  const auto ended = [this](std::string ready) {
    const std::lock_guard lock(mutex_);
    under_way_ = false;
    ready_ = std::move(ready);
  };
  return {.uploads = uploads_,
          .kept =
              [this] {
                std::vector<api::NightlyBackups::File> files;
                for (const auto& file : backup::nightly_files(kept_))
                  files.push_back({file.name, file.made_at, file.bytes});
                return files;
              },
          .look =
              [this, ended](api::BackupPlace place, std::string name, std::function<void(api::RestoreLook)> done) {
                return begin([this, ended, place, name = std::move(name), done = std::move(done)](const auto& stop) {
                  api::RestoreLook look;
                  fs::path file;
                  look.fault = fault_of_work([&] {
                    file = find(place, name, stop);
                    look.staged = backup::stage(file, state_dir_, stop);
                  });
                  // Whoever has put a file in knows no path of ours.
                  if (const auto path = file.string() + ": "; look.fault.starts_with(path))
                    look.fault.replace(0, path.size(), "the file ");
                  std::error_code ignored;
                  if (place == api::BackupPlace::sftp || place == api::BackupPlace::upload) fs::remove(file, ignored);
                  if (look.fault.empty()) look.id = crypto::random_hex(8);
                  ended(look.id);
                  done(std::move(look));
                });
              },
          .begin =
              [this, ended](std::string id, AuditRecord record, std::function<void(std::string)> done) {
                {
                  const std::lock_guard lock(mutex_);
                  if (id.empty() || id != ready_) return false;
                }
                return begin([this, ended, record = std::move(record), done = std::move(done)](const auto& stop) {
                  // The start keeps what is there once more. That it can be kept is better known while somebody waits.
                  auto fault = fault_of_work(
                      [&] { backup::settle(state_dir_, record, backup::keep(state_dir_, now_(), stop).name); });
                  if (fault.empty())
                    log::warning("backup.restoring", {{"user", record.actor}});
                  else
                    log::error("backup.restore_failed", {{"why", fault}});
                  ended({});
                  done(std::move(fault));
                });
              },
          .restart =
              [this] {
                wants_restart_ = true;
                boost::asio::post(io_, [this] { io_.stop(); });
              }};
}

}  // namespace roamdesk::core

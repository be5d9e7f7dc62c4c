#include "pbx-core/operations/backup_job.hpp"

#include "pbx-core/api/validation.hpp"
#include "pbx-core/backup/backup.hpp"
#include "pbx-core/platform/files.hpp"

namespace roamdesk::core {

void BackupJob::run(WallTime now, api::BackupDone done) {
  last_ = std::jthread([state_dir = state_dir_, now, done = std::move(done)](const std::stop_token& stop) {
    const auto file = state_dir / "store.backup";
    api::BackupMade made;
    try {
      backup::make(state_dir, file, api::to_rfc3339(now), backup::Counts::at_once, stop);
      made.bytes = read_file(file);
    } catch (const std::exception& error) {
      made.fault = error.what();
    }
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    done(std::move(made));
  });
}

void BackupJob::read(const NightlyBackup& nightly, std::string name, api::BackupDone done) {
  last_ = std::jthread([&nightly, name = std::move(name), done = std::move(done)] { done(nightly.read(name)); });
}

void BackupJob::stop() {
  last_.request_stop();
  if (last_.joinable()) last_.join();
}

}  // namespace roamdesk::core

#pragma once
#include <algorithm>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "pbx-core/operations/backup_job.hpp"
#include "pbx-core/operations/nightly_backup.hpp"
#include "pbx-core/operations/restore_job.hpp"
#include "pbx-core/operations/sftp_backup.hpp"

namespace roamdesk::core {

// Backups that somebody asks for, and those of every night; and the way back.
class Backups {
 public:
  // `made` is told of each night's, on a thread of its own.
  Backups(const Config& config, boost::asio::io_context& io, std::function<WallTime()> now,
          std::function<void(const NightlyBackup::Done&)> made)
      : now_(now),
        made_(std::move(made)),
        nightly_(config, io, [this](const auto& done) { note(done); }),
        sftp_(config, nightly_, io, now, [this](const auto& done) { note(done); }),
        job_(config.state_dir),
        restore_(config, sftp_, io, std::move(now)) {}

  api::BackupWays ways() {
    return {.make = [this](auto done) { job_.run(now_(), std::move(done)); },
            .nights = [this] { return nightly_.view(now_()); },
            .read = [this](auto name, auto done) { job_.read(nightly_, std::move(name), std::move(done)); },
            .sftp = sftp_.ways(),
            .restore = restore_.ways()};
  }
  void start() {
    nightly_.start(now_);
    sftp_.start();
  }
  // What is under way ends at once.
  void stop() {
    restore_.stop();
    sftp_.stop();
    nightly_.stop();
    job_.stop();
  }
  // A restore was settled: the program is to start again, with what it brings.
  bool wants_restart() const { return restore_.wants_restart(); }
  // Where the last tries found no room. Any thread.
  std::vector<FullDisk> full_disks() const {
    const std::lock_guard lock(mutex_);
    std::vector<FullDisk> all;
    for (const auto& full : {full_, full_for_sftp_})
      if (full && std::find(all.begin(), all.end(), *full) == all.end()) all.push_back(*full);
    return all;
  }
  BackupFigures figures() const {
    auto figures = nightly_.figures();
    sftp_.add(figures);
    return figures;
  }

 private:
  void note(const NightlyBackup::Done& done) {
    {
      const std::lock_guard lock(mutex_);
      (done.to.empty() ? full_ : full_for_sftp_) = done.full;
    }
    made_(done);
  }

  std::function<WallTime()> now_;
  const std::function<void(const NightlyBackup::Done&)> made_;
  mutable std::mutex mutex_;  // for what follows
  std::optional<FullDisk> full_, full_for_sftp_;
  NightlyBackup nightly_;
  SftpBackup sftp_;  // brings what the one above has made
  BackupJob job_;    // reads it
  RestoreJob restore_;
};

}  // namespace roamdesk::core

#pragma once
#include <filesystem>
#include <thread>

#include "pbx-core/api/api.hpp"
#include "pbx-core/operations/nightly_backup.hpp"

namespace roamdesk::core {

// The backup that the API asks for, one at a time, on a thread of its own: the copy of the store takes as long as the
// disk does.
class BackupJob {
 public:
  explicit BackupJob(std::filesystem::path state_dir) : state_dir_(std::move(state_dir)) {}
  // `done` is called on that thread.
  void run(WallTime now, api::BackupDone done);
  // A file of `nightly`, likewise.
  void read(const NightlyBackup& nightly, std::string name, api::BackupDone done);
  // Ends the one that is under way at once; nothing is left of it.
  void stop();

 private:
  std::filesystem::path state_dir_;
  std::jthread last_;
};

}  // namespace roamdesk::core

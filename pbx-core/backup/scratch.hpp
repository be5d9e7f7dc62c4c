#pragma once
#include <filesystem>

namespace roamdesk::backup {

// A folder of ours beside `neighbour`, gone at the end whatever happened; it is locked as long as its program lives.
// What a power cut has left of an earlier one goes first. Throws BackupError.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& neighbour);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

// What a power cut has left of backups under way: in `state_dir` and what it keeps, and in `folder`, if it isn't "".
// For the start, when none of this program's is: what another program has under way stays. What can't be removed stays.
void clear_away_halves(const std::filesystem::path& state_dir, const std::filesystem::path& folder = {}) noexcept;

}  // namespace roamdesk::backup

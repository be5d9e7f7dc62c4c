#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "pbx-core/backup/archive.hpp"

// Whether there is room for a backup, counted before it begins: a disk that it fills is the store's as well.
namespace roamdesk::backup {

// What a core that runs needs of its disk stays free.
constexpr std::uint64_t left_free = std::uint64_t{64} << 20;

class NoRoom : public BackupError {
 public:
  NoRoom(std::filesystem::path at, std::uint64_t needed, std::uint64_t free);
  const std::filesystem::path& folder() const { return folder_; }
  const std::string& figures() const { return figures_; }  // "812 MB are needed, 300 MB are free"

 private:
  std::filesystem::path folder_;
  std::string figures_;
};

// Bytes. What a backup takes for the while, at most.
struct RoomNeeded {
  std::uint64_t at_state = 0, at_folder = 0;
};
// `store`: of it, `state`: of all that is in a backup. The store is copied beside itself; `draft` is the file that
// comes of it; where it is `read_back`, that is unpacked beside it when the copy is gone. Pure.
RoomNeeded room_needed(std::uint64_t store, std::uint64_t state, std::uint64_t draft, bool read_back, bool same_disk);

// Throws NoRoom where a backup of `state_dir` in `folder` finds none. `newest`: how large the last one was, by which
// this one is estimated; 0: by what is in it. Throws std::filesystem::filesystem_error.
void check_room(const std::filesystem::path& state_dir, const std::filesystem::path& folder, bool read_back,
                std::uint64_t newest = 0);

}  // namespace roamdesk::backup

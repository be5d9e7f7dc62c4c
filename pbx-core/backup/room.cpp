#include "pbx-core/backup/room.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "pbx-core/backup/folders.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t megabyte = 1'000'000;

std::string figures_of(std::uint64_t needed, std::uint64_t free) {
  return fmt::format("{} MB are needed, {} MB are free", (needed + megabyte - 1) / megabyte, free / megabyte);
}

bool are_on_one_disk(const fs::path& a, const fs::path& b) {
  struct stat first {
  }, second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev;
}

// What can't be asked says so when it is written to.
void expect_room(const fs::path& folder, std::uint64_t needed) {
  std::error_code unknown;
  const auto space = fs::space(folder, unknown);
  if (!unknown && space.available < needed) throw NoRoom(folder, needed, space.available);
}
std::uint64_t bytes_in(const fs::path& file) {
  std::error_code gone;
  const auto bytes = fs::file_size(file, gone);
  return gone ? 0 : bytes;
}

}  // namespace

NoRoom::NoRoom(fs::path at, std::uint64_t needed, std::uint64_t free)
    : BackupError(fmt::format("there is no room for a backup in {}: {}", at.string(), figures_of(needed, free))),
      folder_(std::move(at)),
      figures_(figures_of(needed, free)) {}

RoomNeeded room_needed(std::uint64_t store, std::uint64_t state, std::uint64_t draft, bool read_back, bool same_disk) {
  const std::uint64_t unpacked = read_back ? state : 0;
  if (!same_disk) return {store + left_free, draft + unpacked};
  const auto together = draft + std::max(store, unpacked) + left_free;
  return {together, together};
}

void check_room(const fs::path& state_dir, const fs::path& folder, bool read_back, std::uint64_t newest) {
  const std::uint64_t store = bytes_in(state_dir / store_name);
  std::uint64_t state = store;
  for (const auto& path : files_beside_store(state_dir)) state += bytes_in(path);
  const std::uint64_t draft = newest > 0 ? std::min(state, newest + newest / 4) : state;
  const bool same_disk = are_on_one_disk(state_dir, folder);
  const auto needed = room_needed(store, state, draft, read_back, same_disk);
  if (!same_disk) expect_room(state_dir, needed.at_state);
  expect_room(folder, needed.at_folder);
}

}  // namespace roamdesk::backup

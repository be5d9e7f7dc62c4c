#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"

// The backups of every night, in a folder of their own.
namespace roamdesk::backup {

struct NightlyFile {
  std::string name;  // "roamdesk-2026-11-29T003000Z.backup"
  WallTime made_at;  // whole seconds
  std::uint64_t bytes = 0;
  friend bool operator==(const NightlyFile&, const NightlyFile&) = default;
};

// The name of one that is made now.
std::string nightly_name(WallTime now);
// nullopt: another file's name, which is nobody's business here. So a name that is one leads nowhere else.
std::optional<WallTime> made_at_of(std::string_view name);

// The folder's, the newest first. Empty where it can't be read.
std::vector<NightlyFile> nightly_files(const std::filesystem::path& folder);

// A backup as the file `draft`, read back as a restore would. It counts when note_made() says so. Blocks. Throws
// BackupError, NoRoom before it begins, and BackupStopped soon after `stop`; then there is no such file.
void make_checked(const std::filesystem::path& state_dir, const std::filesystem::path& draft, WallTime now,
                  const std::stop_token& stop = {});

// One more: made, read back as a restore would, and only then under its name and instead of the oldest beyond `keep`.
// Blocks. Throws BackupError, and BackupStopped soon after `stop`; then all that was there is there, and nothing else.
NightlyFile make_nightly(const std::filesystem::path& state_dir, const std::filesystem::path& folder, unsigned keep,
                         WallTime now, const std::stop_token& stop = {});

}  // namespace roamdesk::backup

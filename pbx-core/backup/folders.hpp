#pragma once
#include <filesystem>
#include <vector>

namespace roamdesk::backup {

inline constexpr const char* store_name = "store.sqlite";

// What a backup takes along beside the store, sorted: everything but the store's own, drafts and copies under way, what
// a process leaves to the next one for seconds, and phones' firmware, gigabytes that their makers give out. Throws
// std::filesystem::filesystem_error.
std::vector<std::filesystem::path> files_beside_store(const std::filesystem::path& state_dir);

// Brings a folder's entries to the disk. Throws BackupError.
void sync_folder(const std::filesystem::path& folder);
// Of all folders at and below `top`.
void sync_folders(const std::filesystem::path& top);

}  // namespace roamdesk::backup

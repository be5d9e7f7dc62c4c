#pragma once
#include <filesystem>

namespace roamdesk::backup {

// Brings a folder's entries to the disk. Throws BackupError.
void sync_folder(const std::filesystem::path& folder);
// Of all folders at and below `top`.
void sync_folders(const std::filesystem::path& top);

}  // namespace roamdesk::backup

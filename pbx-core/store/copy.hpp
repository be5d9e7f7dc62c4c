#pragma once
#include <filesystem>

namespace roamdesk::store {

// A consistent copy of the store `from`, which another process may be writing, as a new file `to`. Every commit that
// was acknowledged before the call is in it. Blocks. Throws StoreError.
void copy_store(const std::filesystem::path& from, const std::filesystem::path& to);

// Whether `file` is a store of ours, whole, and not newer than this program; changes nothing in it. Throws StoreError.
void check_store(const std::filesystem::path& file);

}  // namespace roamdesk::store

#pragma once
#include <filesystem>

#include "common/base/secret.hpp"

namespace roamdesk::store {

// The key under which PINs and console passwords are hashed: 256 random bits, hex, in state_dir/pepper.key (0600), so
// that the database alone gives no PIN away. Made and fsynced at the first start. Throws StoreError where the file is
// damaged, readable by others, or can't be made.
Secret load_or_make_pepper(const std::filesystem::path& state_dir);

}  // namespace roamdesk::store

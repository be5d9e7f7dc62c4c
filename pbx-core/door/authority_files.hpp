#pragma once
#include <filesystem>

#include "common/base/time.hpp"
#include "common/crypto/certificate.hpp"

namespace roamdesk::door {

// The core's certificate authority in `state_dir` (authority.pem, authority.key, mode 0600); made at the first start.
// Throws std::runtime_error where it can't be read or written: a new one in place of a lost one would strand all SBCs.
crypto::Authority load_or_make_authority(const std::filesystem::path& state_dir, WallTime now);

}  // namespace roamdesk::door

#pragma once
#include <filesystem>
#include <optional>

#include "common/crypto/certificate.hpp"

namespace roamdesk::sbc {

// Key, certificate and the core's authority in one file, mode 0600: a renewal is one rename, so a crash leaves the old
// identity or the new one, never a mixture.
std::filesystem::path identity_file(const std::filesystem::path& state_dir);
// nullopt: none yet. Throws std::runtime_error where it can't be read or isn't one.
std::optional<crypto::Identity> load_identity(const std::filesystem::path& state_dir);
// Durable when it returns. Throws std::runtime_error.
void store_identity(const std::filesystem::path& state_dir, const crypto::Identity& identity);

}  // namespace roamdesk::sbc

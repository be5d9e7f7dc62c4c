#pragma once
#include <filesystem>

#include "common/base/secret.hpp"

namespace roamdesk::sbc {

// What the command line does beside serving; each returns its exit code (docs/contract.md) and throws
// config::ConfigError, or std::exception with a sentence for the operator.

// 0 and "configuration ok".
int check_command(const std::filesystem::path& config);
// 0 enrolled. By root, the identity belongs to who owns state_dir.
int enrol_command(const std::filesystem::path& config, const Secret& key);
// 0 connected, 3 not (or not running).
int status_command(const std::filesystem::path& config);

}  // namespace roamdesk::sbc

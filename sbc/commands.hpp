#pragma once
#include <filesystem>
#include <string>

namespace roamdesk::sbc {

// What the command line does beside serving; each returns its exit code (docs/contract.md) and throws
// config::ConfigError, or std::exception with a sentence for the operator.

// 0 and "configuration ok".
int check_command(const std::filesystem::path& config);
// 0 enrolled.
int enrol_command(const std::filesystem::path& config, const std::string& key);
// 0 connected, 3 not (or not running).
int status_command(const std::filesystem::path& config);

}  // namespace roamdesk::sbc

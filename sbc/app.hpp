#pragma once
#include <filesystem>

namespace roamdesk::sbc {

// Runs the branch in the foreground until SIGTERM or SIGINT: builds every part, ties them together. Throws
// config::ConfigError, or std::exception with a sentence for the operator.
int serve(const std::filesystem::path& config);

}  // namespace roamdesk::sbc

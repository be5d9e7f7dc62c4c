#pragma once
#include <filesystem>
#include <string>

namespace roamdesk::core {

// `pbx-core user reset-password NAME`: prints a new password, whether a core runs or not. Who may write into state_dir
// may: root, and the service's own user. 0, or 1 with the reason.
int reset_password_command(const std::filesystem::path& config, const std::string& name);

}  // namespace roamdesk::core

#pragma once
#include <filesystem>

namespace roamdesk::core {

// Templates, models and prompts: `share/roamdesk` beside the folder that our program stands in (/usr/bin/pbx-core has
// /usr/share/roamdesk), or what ROAMDESK_SHARE names. Nothing of where we were built is compiled in.
std::filesystem::path share_directory();

}  // namespace roamdesk::core

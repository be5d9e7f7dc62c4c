#pragma once
#include <filesystem>
#include <string>

namespace roamdesk::core {

// `pbx-core check`: 0 and "configuration ok", or 2 and a line for each fault.
int check_command(const std::filesystem::path& config);
// `pbx-core sbc add NAME`: asks the running core; prints the enrolment key. 0, or 1 with the reason.
int sbc_add_command(const std::filesystem::path& config, const std::string& name);
// `pbx-core backup FILE`: writes everything in state_dir to FILE, whether a core runs or not. 0, or 1 with the reason.
int backup_command(const std::filesystem::path& config, const std::filesystem::path& file);
// `pbx-core restore FILE`: the other way. Refuses while a core runs on state_dir. 0, or 1 with the reason.
int restore_command(const std::filesystem::path& config, const std::filesystem::path& file);

// `pbx-core health`: asks the running core's signalling thread. 0 and its version, or 1 with the reason.
int health_command(const std::filesystem::path& config);
// `pbx-core store schema`: a line "12 13 /var/lib/pbx-core" (of the store, of this program, state_dir), for an upgrade:
// where the first is less than the second, this program would change the store. 0, or 1 with the reason.
int store_schema_command(const std::filesystem::path& config);
// `pbx-core store keep`: `store.before` in state_dir is the store as it is. Refuses while a core runs on it. 0, or 1
// with the reason.
int store_keep_command(const std::filesystem::path& config);

}  // namespace roamdesk::core

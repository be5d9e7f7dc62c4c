#pragma once
#include <filesystem>
#include <string>

namespace roamdesk::sbc {

// What the sub-commands do; each returns the exit code of the contract. Faults go to standard error.
int serve(const std::filesystem::path& config);
int check(const std::filesystem::path& config);
// 0 enrolled; 1 not: the sentence says why.
int enrol(const std::filesystem::path& config, const std::string& key);
// 0 connected, 3 not (or not running).
int show_status(const std::filesystem::path& config);

}  // namespace roamdesk::sbc

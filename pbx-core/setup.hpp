#pragma once
#include <filesystem>
#include <string>

#include "pbx-core/config.hpp"

namespace roamdesk::core {

// The file of a new core: the domain, everything else by its default.
std::string first_file(const std::string& domain);
// What a firewall has to let in, a line for each listener that isn't on loopback.
std::string firewall_lines(const Config& config);

struct SetUp {
  std::filesystem::path config;
  std::string domain;       // empty: this machine's name
  bool write_only = false;  // nothing is looked at or printed
};
// `pbx-core setup`: writes the file where there is none; then says whether the core runs (it has 15 s to), where its
// console is, where the first password is, and what the firewall has to let in. 0, or 1 where it doesn't run.
int setup_command(const SetUp& what);

}  // namespace roamdesk::core

#pragma once
#include <filesystem>

#include "sbc/branch.hpp"

namespace roamdesk::sbc {

// SIGHUP: the log, and the list of cores from the next try to connect on. What phones and sockets hang on (the LANs,
// the state) needs a restart. A fault is logged and leaves everything as it was.
void reload(const std::filesystem::path& config_file, Branch& branch);

}  // namespace roamdesk::sbc

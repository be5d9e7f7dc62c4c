#pragma once
#include <filesystem>
#include <optional>

#include "common/base/package.hpp"

namespace roamdesk::sbc {

// The package that this program was installed by, which says so in ../share/roamdesk/sbc.package beside the program's
// folder; nullopt: by none. To be asked at the start: later the file may be the next one's.
std::optional<Package> own_package();
// What such a file says; nullopt where it can't be read or is none.
std::optional<Package> read_package(const std::filesystem::path& file);

}  // namespace roamdesk::sbc

#pragma once
#include <filesystem>
#include <string>

namespace roamdesk::core {

// All of the file; "" where it can't be read.
std::string read_file(const std::filesystem::path& file);

}  // namespace roamdesk::core

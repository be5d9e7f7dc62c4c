#pragma once
#include <boost/json/object.hpp>
#include <filesystem>
#include <vector>

namespace roamdesk::core {

// What is known of providers, a file each (config/trunks), as GET /trunk-presets shows it, by the files' names. Throws
// std::runtime_error that names the file, where one isn't as config/trunks/README.md says. A directory that isn't there
// has none.
std::vector<boost::json::object> load_trunk_presets(const std::filesystem::path& directory);

}  // namespace roamdesk::core

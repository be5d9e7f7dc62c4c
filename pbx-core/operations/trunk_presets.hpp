#pragma once
#include <array>
#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "common/base/words.hpp"

namespace roamdesk::core {

// How a provider finds the place of who calls for help: by the number that the call shows, by a location that goes with
// it (PIDF-LO), by an id of its own (LocationReference).
enum class PlaceBy : std::uint8_t { number, pidf_lo, reference };

// What is known of providers, a file each (config/trunks), as GET /trunk-presets shows it, by the files' names. Throws
// std::runtime_error that names the file, where one isn't as config/trunks/README.md says. A directory that isn't there
// has none.
std::vector<boost::json::object> load_trunk_presets(const std::filesystem::path& directory);

}  // namespace roamdesk::core

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 3> words<core::PlaceBy> = {"number", "pidf_lo", "reference"};
}  // namespace roamdesk

#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/words.hpp"
#include "exchange/model/directory.hpp"

// Whether a call for help can leave.
namespace roamdesk {

enum class EmergencyRoute : std::uint8_t {
  ready,
  no_location,
  // The location names no trunk that is there and switched on.
  no_trunk,
};
template <>
inline constexpr std::array<std::string_view, 3> words<EmergencyRoute> = {"ready", "no_location", "no_trunk"};

// By which trunks, in their order: those of the location that are there and switched on.
std::vector<const Trunk*> emergency_trunks(const Directory& directory, const Location& location);
// `location` is location_of()'s.
EmergencyRoute emergency_route(const Directory& directory, const Location* location);

enum class PlaceKind : std::uint8_t { site, hot_desk, phone };
template <>
inline constexpr std::array<std::string_view, 3> words<PlaceKind> = {"site", "hot_desk", "phone"};

struct WithoutRoute {
  PlaceKind kind{};
  // The site, the desk's id, the phone's MAC.
  std::string name;
  EmergencyRoute why{};
  friend bool operator==(const WithoutRoute&, const WithoutRoute&) = default;
};
// Sites from which no call for help can leave, then desks and dedicated phones with a location of their own from which
// none can. What has none of its own is told by its site.
std::vector<WithoutRoute> places_without_route(const Directory& directory, const Settings& settings);
// "the site branch-1 has no location"
std::string to_string(const WithoutRoute& place);

}  // namespace roamdesk

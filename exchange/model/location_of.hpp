#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/words.hpp"
#include "exchange/model/directory.hpp"

namespace roamdesk {

// By what a phone has its location.
enum class LocationGiver : std::uint8_t { none, desk, phone, site, by_default };
template <>
inline constexpr std::array<std::string_view, 5> words<LocationGiver> = {"none", "desk", "phone", "site", "default"};

struct LocationGiven {
  // nullptr where none is given.
  const Location* location = nullptr;
  LocationGiver by = LocationGiver::none;
  friend bool operator==(const LocationGiven&, const LocationGiven&) = default;
};

// Where a device is: its desk's location or, of a dedicated phone, its own; else its site's; else the default one. The
// person at it doesn't matter. A name of a location that isn't there counts as none. `device`: nullopt where it isn't
// known, and so for a site by itself.
LocationGiven location_given(const Directory& directory, const Settings& settings, const SiteId& site,
                             const std::optional<Mac>& device = std::nullopt);
inline const Location* location_of(const Directory& directory, const Settings& settings, const SiteId& site,
                                   const std::optional<Mac>& device = std::nullopt) {
  return location_given(directory, settings, site, device).location;
}

// The address as it is told from a desk: where the location says no seat it is the desk's id, where it has no `loc` it
// is what the desk's options say. `desk`: nullptr for none.
CivicAddress address_at(const Location& location, const HotDesk* desk);

// What is wrong with a location that somebody names, in one sentence; nullopt where it is there, and for "", which is
// none.
std::optional<std::string> unknown_location(const Directory& directory, const std::string& name);

}  // namespace roamdesk

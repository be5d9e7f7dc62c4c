#include "exchange/model/emergency_route.hpp"

#include "exchange/model/location_of.hpp"

namespace roamdesk {

std::vector<const Trunk*> emergency_trunks(const Directory& directory, const Location& location) {
  std::vector<const Trunk*> usable;
  for (const std::string& name : location.trunks) {
    const auto found = directory.all<Trunk>().find(name);
    if (found != directory.all<Trunk>().end() && found->second.enabled) usable.push_back(&found->second);
  }
  return usable;
}

EmergencyRoute emergency_route(const Directory& directory, const Location* location) {
  if (!location) return EmergencyRoute::no_location;
  return emergency_trunks(directory, *location).empty() ? EmergencyRoute::no_trunk : EmergencyRoute::ready;
}

std::vector<WithoutRoute> places_without_route(const Directory& directory, const Settings& settings) {
  std::vector<WithoutRoute> all;
  const auto look_at = [&](PlaceKind kind, const std::string& name, const Location* location) {
    if (const auto route = emergency_route(directory, location); route != EmergencyRoute::ready)
      all.push_back({kind, name, route});
  };
  look_at(PlaceKind::site, local_site().value(), location_of(directory, settings, local_site()));
  for (const auto& [name, sbc] : directory.sbcs())
    look_at(PlaceKind::site, name, location_of(directory, settings, SiteId{name}));
  for (const auto& [id, desk] : directory.desks())
    if (const auto given = location_given(directory, settings, desk.site, desk.mac); given.by == LocationGiver::desk)
      look_at(PlaceKind::hot_desk, id.value(), given.location);
  for (const auto& [mac, phone] : directory.phones())
    if (const auto given = location_given(directory, settings, phone.site, mac); given.by == LocationGiver::phone)
      look_at(PlaceKind::phone, mac.text(), given.location);
  return all;
}

std::string to_string(const WithoutRoute& place) {
  constexpr std::array<std::string_view, 3> kinds = {"site", "hot desk", "phone"};
  return "the " + std::string{kinds[static_cast<std::size_t>(place.kind)]} + " " + place.name +
         (place.why == EmergencyRoute::no_location ? " has no location"
                                                   : " has a location without a trunk that is switched on");
}

}  // namespace roamdesk

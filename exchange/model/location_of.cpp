#include "exchange/model/location_of.hpp"

namespace roamdesk {

LocationGiven location_given(const Directory& directory, const Settings& settings, const SiteId& site,
                             const std::optional<Mac>& device) {
  const auto named = [&](std::string_view name) -> const Location* {
    if (name.empty()) return nullptr;
    const auto found = directory.all<Location>().find(std::string{name});
    return found == directory.all<Location>().end() ? nullptr : &found->second;
  };
  if (device) {
    const Phone* phone = directory.phone(*device);
    const HotDesk* desk = phone && phone->extension ? nullptr : directory.desk_of(*device);
    if (desk)
      if (const auto* own = named(desk->emergency_location)) return {own, LocationGiver::desk};
    if (phone && phone->extension)
      if (const auto* own = named(phone->emergency_location)) return {own, LocationGiver::phone};
  }
  const Sbc* sbc = directory.sbc(site.value());
  const std::string_view of_site = sbc                    ? std::string_view{sbc->emergency_location}
                                   : site == local_site() ? std::string_view{settings.local_emergency_location}
                                                          : std::string_view{};
  if (const auto* its = named(of_site)) return {its, LocationGiver::site};
  if (const auto* any = named(settings.emergency_location)) return {any, LocationGiver::by_default};
  return {};
}

CivicAddress address_at(const Location& location, const HotDesk* desk) {
  CivicAddress address = location.address;
  if (!desk) return address;
  if (address.seat.empty()) address.seat = desk->id.value();
  if (address.loc.empty()) address.loc = desk->options.location.value_or("");
  return address;
}

std::vector<const Trunk*> emergency_trunks(const Directory& directory, const Location& location) {
  std::vector<const Trunk*> usable;
  for (const std::string& name : location.trunks) {
    const auto found = directory.all<Trunk>().find(name);
    if (found != directory.all<Trunk>().end() && found->second.enabled) usable.push_back(&found->second);
  }
  return usable;
}

}  // namespace roamdesk

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

std::optional<std::string> unknown_location(const Directory& directory, const std::string& name) {
  const auto& all = directory.all<Location>();
  if (name.empty() || all.contains(name)) return std::nullopt;
  constexpr std::size_t most = 10;
  std::string known;
  std::size_t count = 0;
  for (const auto& [one, location] : all)
    if (++count <= most) known += (known.empty() ? "" : ", ") + one;
  if (known.empty()) return "There is no location " + name + ", and no other; make one first";
  return "There is no location " + name + "; expected one of " + known + (count > most ? ", …" : "");
}

}  // namespace roamdesk

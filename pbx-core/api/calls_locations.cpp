#include "exchange/model/emergency_route.hpp"
#include "exchange/routing/emergency_numbers.hpp"
#include "pbx-core/api/record_calls.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

// Who has it of its own.
json::object users_of(const std::string& name, const Domain& domain) {
  const Directory& directory = domain.directory();
  const Settings settings = domain.settings();
  json::array desks, phones, sites;
  for (const auto& [id, desk] : directory.desks())
    if (desk.emergency_location == name) desks.emplace_back(id.value());
  for (const auto& [mac, phone] : directory.phones())
    if (phone.emergency_location == name && phone.extension) phones.emplace_back(mac.text());
  if (settings.local_emergency_location == name) sites.emplace_back(local_site().value());
  for (const auto& [sbc, record] : directory.sbcs())
    if (record.emergency_location == name) sites.emplace_back(sbc);
  return {{"hot_desks", std::move(desks)},
          {"phones", std::move(phones)},
          {"sites", std::move(sites)},
          {"default", settings.emergency_location == name}};
}

struct Locations {
  using Record = Location;
  static constexpr const char *name = "location", *action = "location", *path = "locations", *key = "name";
  static constexpr std::size_t most = 5'000;

  static Location fresh() { return {}; }
  static void complete(Location&) {}
  static Location placed(Location location, const Directory&) { return location; }
  static void more(json::object& object, const Location& location, const Domain& domain) {
    // Of the thirty parts of an address a few are there.
    json::object address;
    for (const auto& [part, value] : object["address"].as_object())
      if (!value.as_string().empty()) address[part] = value;
    object["address"] = std::move(address);
    const auto numbers = routing::emergency_numbers(routing::codes_of(domain.settings()), &location);
    object["emergency_numbers"] = json::array(numbers.begin(), numbers.end());
    object["route"] = word_of(emergency_route(domain.directory(), &location));
    object["used_by"] = users_of(location.name, domain);
  }
};

}  // namespace

std::vector<Route> location_routes() {
  using Calls = RecordCalls<Locations>;
  return {{"GET", "/locations", Role::reader, Calls::list},
          {"POST", "/locations", Role::administrator, Calls::create},
          {"GET", "/locations/{name}", Role::reader, Calls::show, false, false, false, Calls::version},
          {"PATCH", "/locations/{name}", Role::administrator, Calls::change, false, false, false, Calls::version},
          {"DELETE", "/locations/{name}", Role::administrator, Calls::remove, false, false, false, Calls::version}};
}

}  // namespace roamdesk::api

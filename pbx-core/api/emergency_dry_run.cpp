#include "pbx-core/api/emergency_dry_run.hpp"

#include <boost/json/array.hpp>

#include "exchange/model/emergency_route.hpp"
#include "exchange/model/location_of.hpp"

namespace roamdesk::api {
namespace json = boost::json;

json::object emergency_dry_run(const HelpFrom& from, const Domain& domain) {
  const Directory& directory = domain.directory();
  const auto given = location_given(directory, domain.settings(), from.site, from.device);
  json::object answer{{"location", nullptr},
                      {"given_by", word_of(given.by)},
                      {"route", word_of(emergency_route(directory, given.location))},
                      {"callback", nullptr},
                      {"attempts", json::array{}},
                      {"body", nullptr}};
  if (!given.location) return answer;
  const Location& location = *given.location;
  const std::string callback = location.callbacks.empty() ? "" : location.callbacks.front();

  answer["location"] = location.name;
  if (!callback.empty()) answer["callback"] = callback;
  for (const Trunk* trunk : emergency_trunks(directory, location))
    answer["attempts"].as_array().push_back(json::object{{"trunk", trunk->name},
                                                         {"called", from.number},
                                                         {"caller", callback.empty() ? trunk->main_number : callback},
                                                         {"location_sent", trunk->geolocation}});
  return answer;
}

}  // namespace roamdesk::api

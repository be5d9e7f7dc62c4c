#include "pbx-core/api/emergency_dry_run.hpp"

#include <boost/json/array.hpp>

#include "exchange/model/emergency_route.hpp"
#include "exchange/model/location_of.hpp"
#include "pbx-core/api/shown.hpp"

namespace roamdesk::api {
namespace json = boost::json;

json::object emergency_dry_run(const std::string&, const SiteId& site, const std::optional<Mac>& device,
                               const Domain& domain) {
  const Directory& directory = domain.directory();
  const auto given = location_given(directory, domain.settings(), site, device);
  json::object answer{{"location", given.location ? json::value(given.location->name) : json::value(nullptr)},
                      {"given_by", word_of(given.by)},
                      {"route", word_of(emergency_route(directory, given.location))}};
  json::array attempts;
  if (given.location)
    for (const Trunk* trunk : emergency_trunks(directory, *given.location))
      attempts.push_back(json::object{{"trunk", trunk->name}});
  answer["attempts"] = std::move(attempts);
  return answer;
}

}  // namespace roamdesk::api

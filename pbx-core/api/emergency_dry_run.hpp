#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "pbx-core/api/domain.hpp"

namespace roamdesk::api {

// What would happen with a call for help from there, as JSON, without a call: the location and who has given it, the
// trunks in their order with what each is told.
boost::json::object emergency_dry_run(const std::string& number, const SiteId& site, const std::optional<Mac>& device,
                                      const Domain& domain);

}  // namespace roamdesk::api

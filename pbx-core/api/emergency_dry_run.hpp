#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "pbx-core/api/domain.hpp"

namespace roamdesk::api {

struct HelpFrom {
  std::string number;  // as dialled
  SiteId site;
  std::optional<Mac> device{};
  // sip.domain, in which the device is named.
  std::string domain_name{};
  WallTime now{};
};

// What would happen with a call for help from there, as JSON, without a call: the location and who has given it, the
// number at which help would call back, the trunks in their order with what each is told, and how the place is told.
boost::json::object emergency_dry_run(const HelpFrom& from, const Domain& domain);

}  // namespace roamdesk::api

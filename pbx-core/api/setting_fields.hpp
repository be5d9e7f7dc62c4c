#pragma once
#include <boost/json/object.hpp>

#include "exchange/model/settings.hpp"
#include "pbx-core/api/reader.hpp"

// The settings as GET and PATCH /settings have them, by their description in exchange/model/settings.hpp:
// "codes.hot_desk" is the member hot_desk of the object codes.
namespace roamdesk::api {

boost::json::object to_json(const Settings& settings);

// What `body` names is changed in `settings`; what it doesn't name, or where there is a problem, stays.
std::optional<Problem> read_settings(const boost::json::object& body, Settings& settings);

}  // namespace roamdesk::api

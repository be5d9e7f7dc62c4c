#pragma once
#include <boost/json/object.hpp>

#include "exchange/model/records.hpp"
#include "pbx-core/api/gate.hpp"

// Who is who, as JSON. Hashes and second factors have no way out here.
namespace roamdesk::api {

boost::json::object to_json(const User& user);
boost::json::object to_json(const ApiToken& token);
boost::json::object to_json(const LoginSessions::Session& session, bool current);
// GET /me; `role` is what the caller may, an API token perhaps less than its user.
boost::json::object me_to_json(const User& user, Role role);

}  // namespace roamdesk::api

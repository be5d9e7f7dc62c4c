#include "pbx-core/api/render_accounts.hpp"

#include <boost/json/array.hpp>

#include "pbx-core/api/shown.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {
namespace json = boost::json;

json::object to_json(const User& u) {
  return {{"name", u.name},
          {"role", word_of(u.role)},
          {"disabled", u.disabled},
          {"totp", u.second_factor.has_value()},
          {"must_change_password", u.must_change_password},
          {"sites", json::array(u.sites.begin(), u.sites.end())}};
}

json::object to_json(const ApiToken& token) { return shown(token); }

json::object to_json(const LoginSessions::Session& s, bool current) {
  return {{"id", s.id},
          {"user", s.user},
          {"created", to_rfc3339(s.created)},
          {"last_used", to_rfc3339(s.last_used)},
          {"peer", to_string(s.peer)},
          {"agent", s.agent},
          {"current", current},
          {"via", s.via == Via::cookie ? "cookie" : "token"}};
}

json::object me_to_json(const User& user, Role role) {
  return {{"name", user.name},
          {"role", word_of(role)},
          {"totp", user.second_factor.has_value()},
          {"must_change_password", user.must_change_password},
          {"sites", json::array(user.sites.begin(), user.sites.end())}};
}

}  // namespace roamdesk::api

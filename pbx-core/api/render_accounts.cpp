#include "pbx-core/api/render_accounts.hpp"

#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {
namespace json = boost::json;

const char* name_of(Role role) {
  switch (role) {
    case Role::reader:
      return "reader";
    case Role::operator_:
      return "operator";
    case Role::administrator:
      return "administrator";
  }
  return "reader";
}

json::object to_json(const User& u) {
  return {{"name", u.name}, {"role", u.role}, {"disabled", u.disabled}, {"totp", u.second_factor.has_value()}};
}

json::object to_json(const ApiToken& t) {
  return {{"id", t.id},
          {"name", t.name},
          {"user", t.user},
          {"scope", t.scope},
          {"expires", t.expires ? json::value(to_rfc3339(*t.expires)) : json::value(nullptr)}};
}

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
  return {{"name", user.name}, {"role", name_of(role)}, {"totp", user.second_factor.has_value()}};
}

}  // namespace roamdesk::api

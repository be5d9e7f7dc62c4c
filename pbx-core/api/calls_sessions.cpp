#include <algorithm>
#include <boost/json/array.hpp>

#include "pbx-core/api/render_accounts.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {

void list_logins(Service& service, const CallPtr& call) {
  auto sessions = service.sessions().all(service.now());
  std::erase_if(sessions, [&](const LoginSessions::Session& session) {
    return !call->who.administers_all() && session.user != call->who.user;
  });
  std::sort(sessions.begin(), sessions.end(), [](const auto& a, const auto& b) { return a.last_used > b.last_used; });
  boost::json::array all;
  for (const LoginSessions::Session& session : sessions)
    all.push_back(to_json(session, session.id == call->who.credential));
  call->answer(200, all);
}

void end_login(Service& service, const CallPtr& call) {
  const std::string& id = call->parameters[0];
  const LoginSessions::Session* session = service.sessions().find(id, service.now());
  const bool own = session && session->user == call->who.user;
  if (!session || !(own || call->who.administers_all()))
    return call->fail({404, "There is no log-in of this id", "id"});
  const std::string user = session->user;
  service.end_session(id);
  // It has ended whether or not the audit can be written.
  service.store().commit(
      {AppendAudit{service.audit_of(*call, {"console.session_ended", user, ""})}},
      [self = service.shared_from_this(), call](auto) { self->on_api([call] { call->no_content(); }); });
}

}  // namespace roamdesk::api

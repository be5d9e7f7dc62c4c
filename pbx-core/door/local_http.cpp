#include "pbx-core/door/local_http.hpp"

#include "common/http/provisioning.hpp"

namespace roamdesk::door {

void handle_local_http(const http::Request& request, http::Respond respond, DoorHandler& handler) {
  HttpRequest asked;
  asked.site = local_site();
  asked.face = request.local;
  asked.peer = request.peer;
  asked.method = request.method;
  asked.path = request.target;
  asked.user_agent = request.field("User-Agent").value_or("");
  asked.tls = request.tls;
  const bool knows_token = !http::is_for_anybody(request.target);
  handler.on_http(std::move(asked), [respond = std::move(respond), knows_token](HttpAnswer answer) {
    http::Response response;
    response.status = answer.status;
    if (!answer.content_type.empty()) response.fields.push_back({"Content-Type", std::move(answer.content_type)});
    response.body = std::move(answer.body);
    response.vouches_for_peer = answer.status == 200 && knows_token;
    respond(std::move(response));
  });
}

}  // namespace roamdesk::door

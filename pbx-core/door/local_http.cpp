#include "pbx-core/door/local_http.hpp"

#include "common/http/provisioning.hpp"

namespace roamdesk::door {

namespace {

http::Response long_answer(HttpAnswer answer, const std::optional<std::string>& range, const IpAddress& peer,
                           Contents& contents) {
  auto source = contents.open(*answer.content);
  auto ticket = contents.downloads().enter(peer);
  if (source && ticket)
    return http::content_response(std::move(source), answer.content->bytes, std::move(answer.content_type), range,
                                  std::move(ticket));
  http::Response response;
  response.status = source ? 503 : 404;
  if (source) response.fields.push_back({"Retry-After", "60"});
  return response;
}

}  // namespace

void handle_local_http(const http::Request& request, http::Respond respond, DoorHandler& handler, Contents& contents) {
  HttpRequest asked;
  asked.site = local_site();
  asked.face = request.local;
  asked.peer = request.peer;
  asked.method = request.method;
  asked.path = request.target;
  asked.user_agent = request.field("User-Agent").value_or("");
  asked.tls = request.tls;
  const bool knows_token = !http::is_for_anybody(request.target);
  std::optional<std::string> range;
  if (const auto field = request.field("Range")) range = std::string{*field};
  handler.on_http(std::move(asked), [respond = std::move(respond), knows_token, range, peer = request.peer.address,
                                     &contents](HttpAnswer answer) {
    if (answer.content) {
      auto response = long_answer(std::move(answer), range, peer, contents);
      response.vouches_for_peer = true;
      return respond(std::move(response));
    }
    http::Response response;
    response.status = answer.status;
    if (!answer.content_type.empty()) response.fields.push_back({"Content-Type", std::move(answer.content_type)});
    response.body = std::move(answer.body);
    response.vouches_for_peer = answer.status == 200 && knows_token;
    respond(std::move(response));
  });
}

}  // namespace roamdesk::door

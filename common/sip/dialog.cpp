#include "common/sip/dialog.hpp"

#include <utility>

namespace roamdesk::sip {

Dialog Dialog::answering(const Message& request, std::string local_tag) {
  Dialog dialog;
  dialog.call_id = request.call_id;
  dialog.remote_tag = request.from.tag();
  dialog.remote = request.from;
  dialog.local = request.to;
  dialog.set_local_tag(std::move(local_tag));
  dialog.routes = request.record_route;  // in its order: we are the callee
  dialog.remote_cseq = request.cseq.number;
  dialog.refresh_target(request);
  return dialog;
}

Dialog Dialog::beginning(std::string call_id, std::string local_tag, NameAddr local, NameAddr remote, Uri target) {
  Dialog dialog;
  dialog.call_id = std::move(call_id);
  dialog.local = std::move(local);
  dialog.set_local_tag(std::move(local_tag));
  dialog.remote = std::move(remote);
  dialog.target = std::move(target);
  return dialog;
}

void Dialog::set_local_tag(std::string tag) {
  local_tag = std::move(tag);
  local.params.set("tag", local_tag);
}

Message Dialog::make_request(std::string_view method, std::uint32_t cseq) const {
  Message request;
  request.method = method;
  request.request_uri = target;
  request.from = local;
  request.to = remote;
  request.call_id = call_id;
  request.cseq = {cseq, std::string{method}, {}};
  request.route = routes;
  return request;
}

Message Dialog::make_request(std::string_view method) {
  return std::as_const(*this).make_request(method, ++local_cseq);
}

Message Dialog::make_ack(std::uint32_t cseq) const {
  auto ack = make_request("ACK", cseq);
  ack.max_forwards = 70;  // the layer sends it as it is
  return ack;
}

Message Dialog::make_answer(const Message& request, int status, std::string_view reason) const {
  return make_response(request, status, reason.empty() ? default_reason(status) : reason, local_tag);
}

void Dialog::take(const Message& response) {
  // A phone that sends no To tag in its 2xx is of RFC 2543: it has none then.
  remote_tag = response.to.tag();
  if (response.to.unread.empty())
    remote = response.to;
  else if (!remote_tag.empty())
    remote.params.set("tag", remote_tag);  // of what can't be read only the tag is needed
  routes.assign(response.record_route.rbegin(), response.record_route.rend());
  refresh_target(response);
}

void Dialog::refresh_target(const Message& message) {
  if (!message.contact.empty() && !message.contact_star) target = message.contact.front().uri;
}

}  // namespace roamdesk::sip

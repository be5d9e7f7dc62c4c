#include "common/sip/dialog.hpp"

#include <algorithm>

#include "common/sip/text.hpp"

namespace roamdesk::sip {

DialogId dialog_of_request(const Message& request) { return {request.call_id, request.to.tag(), request.from.tag()}; }

DialogId dialog_of_response(const Message& response) {
  return {response.call_id, response.from.tag(), response.to.tag()};
}

std::optional<Dialog> Dialog::as_uas(const Flow& flow, const Message& request, const Message& response) {
  if (request.contact.size() != 1 || response.to.tag().empty()) return std::nullopt;
  Dialog dialog;
  dialog.id = {request.call_id, response.to.tag(), request.from.tag()};
  dialog.flow = flow;
  dialog.local = response.to;
  dialog.remote = request.from;
  dialog.target = request.contact.front().uri;
  dialog.route = request.record_route;
  dialog.remote_cseq = request.cseq.number;
  dialog.early = response.status < 200;
  return dialog;
}

std::optional<Dialog> Dialog::as_uac(const Flow& flow, const Message& request, const Message& response) {
  if (response.to.tag().empty()) return std::nullopt;
  Dialog dialog;
  dialog.id = {request.call_id, request.from.tag(), response.to.tag()};
  dialog.flow = flow;
  dialog.local = request.from;
  dialog.remote = response.to;
  dialog.target = request.request_uri;
  dialog.local_cseq = request.cseq.number;
  dialog.confirm(response);
  return dialog;
}

void Dialog::confirm(const Message& response) {
  route.assign(response.record_route.rbegin(), response.record_route.rend());
  refresh_target(response);
  early = response.status < 200;
}

bool Dialog::accept_sequence(const Message& request) {
  if (request.method == "ACK" || request.method == "CANCEL") return true;
  if (remote_cseq && request.cseq.number <= *remote_cseq) return false;
  remote_cseq = request.cseq.number;
  return true;
}

void Dialog::refresh_target(const Message& message) {
  if (!message.contact.empty()) target = message.contact.front().uri;
}

Message Dialog::make_request(std::string_view method) { return request_with(method, ++local_cseq); }

Message Dialog::make_ack(std::uint32_t invite_cseq) const { return request_with("ACK", invite_cseq); }

Message Dialog::request_with(std::string_view method, std::uint32_t cseq) const {
  Message request;
  request.method = method;
  request.from = local;
  request.to = remote;
  request.call_id = id.call_id;
  request.cseq = {cseq, std::string{method}};
  if (route.empty() || route.front().uri.params.has("lr")) {
    request.request_uri = target;
    request.route = route;
  } else {
    // §12.2.1.1: the first hop is a strict router; it takes itself off the Request-URI and finds the target last.
    request.request_uri = route.front().uri;
    request.request_uri.headers.clear();
    request.route.assign(route.begin() + 1, route.end());
    NameAddr last;
    last.uri = target;
    request.route.push_back(std::move(last));
  }
  return request;
}

}  // namespace roamdesk::sip

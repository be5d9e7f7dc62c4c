#include "sbc/lan/provisioning_relay.hpp"

#include <array>
#include <boost/asio/io_context.hpp>

#include "common/http/provisioning.hpp"

namespace roamdesk::sbc {
namespace {

http::Response answer(unsigned status) {
  http::Response response;
  response.status = status;
  if (status == 503) response.fields.push_back({"Retry-After", "10"});
  return response;
}

bool is_provisioning(const http::Request& request, std::size_t longest) {
  if (request.target.size() > longest || !request.target.starts_with("/provision/")) return false;
  const std::string path = request.path();  // "" where an escape is broken
  return path.starts_with("/provision/") && path.find("/../") == path.npos && !path.ends_with("/..");
}

}  // namespace

ProvisioningRelay::ProvisioningRelay(boost::asio::io_context& io, Limits limits, Send send)
    : timer_(io), limits_(limits), send_(std::move(send)) {}

void ProvisioningRelay::handle(http::Request request, http::Respond respond) {
  if (auto refusal = http::provisioning_refusal(request)) {
    ++refused_;
    respond(std::move(*refusal));
    return;
  }
  if (!is_provisioning(request, limits_.target)) {
    ++refused_;
    respond(answer(404));
    return;
  }
  const auto place = places_.enter(request.peer.address, false, std::chrono::steady_clock::now());
  if (!place) {
    ++refused_;
    respond(answer(503));
    return;
  }
  places_.set_standing(place->place, Places::Standing::stays);
  tunnel::HttpRequest frame;
  frame.id = tunnel::HttpId{++last_};
  frame.face = request.local;
  frame.peer = request.peer;
  frame.method = request.method;
  frame.path = request.target;
  // What provisioning looks at; cookies, credentials and the rest stay on the LAN.
  constexpr std::array<std::string_view, 4> passed{"User-Agent", "Accept", "If-None-Match", "If-Modified-Since"};
  for (const auto name : passed)
    if (const auto value = request.field(name); value && value->size() <= 1024)
      frame.headers.push_back({std::string{name}, std::string{*value}});
  if (!send_(std::move(frame))) {
    places_.leave(place->place);
    respond(answer(503));
    return;
  }
  ++relayed_;
  Waiting waiting;
  waiting.respond = std::move(respond);
  waiting.peer = request.peer.address;
  waiting.knows_token = !http::is_for_anybody(request.target);
  waiting.place = place->place;
  waiting.until = std::chrono::steady_clock::now() + limits_.patience;
  waiting_.emplace(last_, std::move(waiting));
  watch();
}

void ProvisioningRelay::handle(tunnel::HttpHead head) {
  const auto found = waiting_.find(head.id.value());
  if (found == waiting_.end() || found->second.has_head) return;
  found->second.has_head = true;
  found->second.response.status = head.status;
  for (auto& header : head.headers)
    found->second.response.fields.push_back({std::move(header.name), std::move(header.value)});
}

void ProvisioningRelay::handle(tunnel::HttpBody body) {
  const auto found = waiting_.find(body.id.value());
  if (found == waiting_.end()) return;
  Waiting& waiting = found->second;
  if (!waiting.has_head || waiting.response.body.size() + body.bytes.size() > limits_.body ||
      held_ + body.bytes.size() > limits_.body_in_all) {
    send_(tunnel::HttpCancel{body.id});
    finish(body.id.value(), 502);
    return;
  }
  held_ += body.bytes.size();
  waiting.response.body += body.bytes;
  if (body.last) finish(body.id.value(), 0);
}

void ProvisioningRelay::handle(const tunnel::HttpCancel& cancel) { finish(cancel.id.value(), 502); }

void ProvisioningRelay::handle_disconnected() {
  while (!waiting_.empty()) finish(waiting_.begin()->first, 503);
}

// `status` 0: what the core said.
void ProvisioningRelay::finish(std::uint32_t id, unsigned status) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  Waiting waiting = std::move(found->second);
  waiting_.erase(found);
  held_ -= waiting.response.body.size();
  places_.leave(waiting.place);
  if (status == 0 && waiting.response.status == 200 && waiting.knows_token) {
    places_.remember(waiting.peer, std::chrono::steady_clock::now());
    waiting.response.vouches_for_peer = true;
  }
  waiting.respond(status == 0 ? std::move(waiting.response) : answer(status));
}

void ProvisioningRelay::watch() {
  if (watching_ || waiting_.empty()) return;
  watching_ = true;
  timer_.expires_after(std::chrono::seconds{1});
  timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    watching_ = false;
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::uint32_t> late;
    for (const auto& [id, waiting] : waiting_)
      if (waiting.until <= now) late.push_back(id);
    for (const auto id : late) {
      send_(tunnel::HttpCancel{tunnel::HttpId{id}});
      finish(id, 504);
    }
    watch();
  });
}

}  // namespace roamdesk::sbc

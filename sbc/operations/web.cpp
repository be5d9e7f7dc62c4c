#include "sbc/operations/web.hpp"

#include <stdexcept>

#include "common/http/provisioning.hpp"
#include "common/phones/taken_over.hpp"

namespace roamdesk::sbc {
namespace {

// Of a phone that another system has provisioned before us: where it is asked for here.
std::optional<std::string> taken_over(const http::Request& request) {
  return phones::path_taken_over(request.target, request.field("User-Agent").value_or(""));
}

std::optional<http::Response> gate(const http::Request& head) {
  if (auto path = taken_over(head)) {
    http::Request moved = head;
    moved.target = std::move(*path);
    return http::provisioning_gate(moved);
  }
  if (auto refusal = http::provisioning_gate(head)) return refusal;
  if (http::is_below(head.target, "/provision")) return std::nullopt;
  http::Response response;
  response.status = 404;
  return response;
}

http::Handler by_our_path(http::Handler handler) {
  return [handler = std::move(handler)](http::Request request, http::Respond respond) {
    if (auto path = taken_over(request)) request.target = std::move(*path);
    handler(std::move(request), std::move(respond));
  };
}

void open(http::Server& server, Endpoint address, http::Handler handler, http::Gate gate) {
  if (const auto opened = server.listen(address, std::nullopt, std::move(handler), std::move(gate)); !opened)
    throw std::runtime_error("HTTP can't listen on " + to_string(address) + ": " + opened.error().message());
}

}  // namespace

http::Limits provisioning_limits() {
  http::Limits limits;
  limits.body = 4096;  // no phone has reason to send one
  limits.connections = 512;
  limits.connections_per_peer = 8;
  return limits;
}

void open_provisioning(http::Server& server, const Config& config, http::Handler handler) {
  for (const LanConfig& lan : config.lan)
    if (lan.provisioning) open(server, {lan.address, *lan.provisioning}, by_our_path(handler), gate);
}

Result<void> serve_https(http::Server& server, const Config& config, const http::TlsFiles& certificate, bool& opened,
                         const http::Handler& handler) {
  if (opened) return server.use_certificate(certificate);
  for (const LanConfig& lan : config.lan) {
    if (!lan.https) continue;
    const auto listening = server.listen({lan.address, *lan.https}, certificate, by_our_path(handler), gate);
    if (!listening) return listening.error();
    opened = true;
  }
  return Result<void>(boost::system::in_place_value);
}

void open_metrics(http::Server& server, const Config& config, http::Handler metrics) {
  if (config.metrics) open(server, *config.metrics, std::move(metrics), {});
}

}  // namespace roamdesk::sbc

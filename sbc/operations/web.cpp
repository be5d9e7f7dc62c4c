#include "sbc/operations/web.hpp"

#include <stdexcept>

#include "common/http/provisioning.hpp"

namespace roamdesk::sbc {
namespace {

std::optional<http::Response> gate(const http::Request& head) {
  if (auto refusal = http::provisioning_gate(head)) return refusal;
  if (http::is_below(head.target, "/provision")) return std::nullopt;
  http::Response response;
  response.status = 404;
  return response;
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
    if (lan.provisioning) open(server, {lan.address, *lan.provisioning}, handler, gate);
}

Result<void> serve_https(http::Server& server, const Config& config, const http::TlsFiles& certificate, bool& opened,
                         const http::Handler& handler) {
  if (opened) return server.use_certificate(certificate);
  for (const LanConfig& lan : config.lan) {
    if (!lan.https) continue;
    const auto listening = server.listen({lan.address, *lan.https}, certificate, handler, gate);
    if (!listening) return listening.error();
    opened = true;
  }
  return Result<void>(boost::system::in_place_value);
}

void open_metrics(http::Server& server, const Config& config, http::Handler metrics) {
  if (config.metrics) open(server, *config.metrics, std::move(metrics), {});
}

}  // namespace roamdesk::sbc

#include "common/http/forwarded.hpp"
#include "common/http/provisioning.hpp"
#include "common/phones/taken_over.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/api/problem.hpp"
#include "pbx-core/api/security_fields.hpp"

namespace roamdesk::api {
namespace {

using http::is_below;

// In the clear, passwords and tokens stay on this machine (contract §3, end).
bool is_private(const http::Request& request) { return request.tls || request.peer.address.is_loopback(); }

// Of a phone that another system has provisioned before us: where it is asked for here.
std::optional<std::string> taken_over(const http::Request& request) {
  return phones::path_taken_over(request.target, request.field("User-Agent").value_or(""));
}

http::Response only_provisioning() {
  return to_response({404, "Only /provision/ is here; the console and the API are served over TLS", ""});
}

}  // namespace

http::Handler front(http::Handler api, http::Handler provisioning, http::Handler console,
                    std::vector<IpAddress> proxies, http::Handler packages) {
  return [api = std::move(api), provisioning = std::move(provisioning), console = std::move(console),
          proxies = std::move(proxies), packages = std::move(packages)](http::Request request, http::Respond respond) {
    if (auto path = taken_over(request)) request.target = std::move(*path);
    if (auto refusal = http::provisioning_refusal(request)) return respond(std::move(*refusal));
    if (is_below(request.target, "/provision")) return provisioning(std::move(request), std::move(respond));
    respond = with_security_fields(request, std::move(respond));
    if (!is_private(request)) return respond(only_provisioning());
    http::see_through(request, proxies);
    if (is_below(request.target, "/api/v1")) return api(std::move(request), std::move(respond));
    if (packages && is_below(request.target, "/packages")) return packages(std::move(request), std::move(respond));
    const bool api_path = is_below(request.target, "/api");  // a wrong version: a problem, not a page
    if (console && !api_path) return console(std::move(request), std::move(respond));
    respond(to_response({404, "There is nothing here; the API is at /api/v1, described by /api/v1/openapi.json", ""}));
  };
}

std::optional<http::Response> gate(const http::Request& head) {
  if (auto path = taken_over(head)) {
    http::Request moved = head;
    moved.target = std::move(*path);
    return http::provisioning_gate(moved);
  }
  if (auto refusal = http::provisioning_gate(head)) return refusal;
  if (!is_below(head.target, "/provision") && !is_private(head)) return only_provisioning();
  return std::nullopt;
}

}  // namespace roamdesk::api

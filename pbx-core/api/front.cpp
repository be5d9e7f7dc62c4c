#include "pbx-core/api/api.hpp"
#include "pbx-core/api/problem.hpp"
#include "pbx-core/api/security_fields.hpp"

namespace roamdesk::api {
namespace {

bool below(std::string_view target, std::string_view folder) {
  const std::string_view path = target.substr(0, target.find('?'));
  return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

}  // namespace

http::Handler front(http::Handler api, http::Handler provisioning, http::Handler console) {
  return [api = std::move(api), provisioning = std::move(provisioning), console = std::move(console)](
             http::Request request, http::Respond respond) {
    if (below(request.target, "/provision")) return provisioning(std::move(request), std::move(respond));
    respond = with_security_fields(request, std::move(respond));
    // In the clear, passwords and tokens stay on this machine (contract §3, end).
    if (!request.tls && !request.peer.address.is_loopback())
      return respond(to_response({404, "Only /provision/ is here; the console and the API are served over TLS", ""}));
    if (below(request.target, "/api/v1")) return api(std::move(request), std::move(respond));
    const bool api_path = below(request.target, "/api");  // a wrong version: a problem, not a page
    if (console && !api_path) return console(std::move(request), std::move(respond));
    respond(to_response({404, "There is nothing here; the API is at /api/v1, described by /api/v1/openapi.json", ""}));
  };
}

}  // namespace roamdesk::api

#include "pbx-core/operations/web.hpp"

#include <stdexcept>

#include "common/http/assets.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/api/security_fields.hpp"
#include "pbx-core/console/assets.hpp"

namespace roamdesk::core {
namespace {

http::Handler console_handler() {
  std::vector<http::Asset> files;
  for (const console::Asset& a : console::assets())
    files.push_back({a.path, a.content_type, a.etag, a.immutable, a.identity, a.gzip, a.brotli});
  return http::asset_handler(files, api::page_policy);
}

void open(http::Server& server, const Endpoint& at, std::optional<http::TlsFiles> tls, http::Handler to,
          http::Gate gate) {
  if (const auto bound = server.listen(at, std::move(tls), std::move(to), std::move(gate)); !bound)
    throw std::runtime_error("can't listen on " + to_string(at) + ": " + bound.error().message());
}

}  // namespace

void open_web(http::Server& server, const Config& config, const HttpsCertificate& certificate, http::Handler api,
              http::Handler provisioning, http::Handler packages) {
  const auto handler = api::front(std::move(api), std::move(provisioning), console_handler(),
                                  config.http.trusted_proxies, std::move(packages));
  if (config.http.listen) open(server, *config.http.listen, std::nullopt, handler, api::gate);
  if (config.http.tls) open(server, *config.http.tls, certificate.files(), handler, api::gate);
}

void open_metrics(http::Server& server, const Config& config, http::Handler metrics) {
  if (config.metrics) open(server, *config.metrics, std::nullopt, std::move(metrics), {});
}

}  // namespace roamdesk::core

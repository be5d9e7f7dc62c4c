#include "common/http/metrics.hpp"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace roamdesk::http {

Handler metrics_handler(std::shared_ptr<prometheus::Registry> registry, std::function<bool()> ready) {
  return [registry = std::move(registry), ready = std::move(ready)](Request request, Respond respond) {
    Response response;
    response.fields = {{"Content-Type", "text/plain; charset=utf-8"}};
    const std::string path = request.path();
    if (request.method != "GET" && request.method != "HEAD") {
      response.status = 405;
      response.fields.push_back({"Allow", "GET, HEAD"});
      response.body = "Only GET is possible here\n";
    } else if (path == "/metrics") {
      response.fields = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
      response.body = prometheus::TextSerializer().Serialize(registry->Collect());
    } else if (path == "/healthz") {
      response.body = "ok\n";
    } else if (path == "/readyz") {
      const bool is_ready = ready();
      response.status = is_ready ? 200 : 503;
      response.body = is_ready ? "ready\n" : "not ready\n";
    } else {
      response.status = 404;
      response.body = "There are /metrics, /healthz and /readyz here\n";
    }
    respond(std::move(response));
  };
}

}  // namespace roamdesk::http

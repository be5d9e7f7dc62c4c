#pragma once
#include <functional>
#include <memory>

#include "common/http/message.hpp"

namespace prometheus {
class Registry;
}

namespace roamdesk::http {

// The metrics listener's handler: GET /metrics (Prometheus text), /healthz (200 while we run), /readyz (200 or 503).
// `ready` is called on the server's thread: an atomic's load, not more.
Handler metrics_handler(std::shared_ptr<prometheus::Registry> registry, std::function<bool()> ready);

}  // namespace roamdesk::http

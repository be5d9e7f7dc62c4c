#pragma once
#include "common/http/server.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/platform/https_certificate.hpp"

namespace roamdesk::core {

// Opens the listeners for provisioning, API and console; what each offers is api::front's to say. Throws
// std::runtime_error naming the address.
void open_web(http::Server& server, const Config& config, const HttpsCertificate& certificate, http::Handler api,
              http::Handler provisioning, http::Handler packages);
// The same for metrics and health, where they are wanted.
void open_metrics(http::Server& server, const Config& config, http::Handler metrics);

}  // namespace roamdesk::core

#pragma once
#include "common/http/server.hpp"
#include "sbc/config.hpp"

namespace roamdesk::sbc {

// For the listeners that strangers reach.
http::Limits provisioning_limits();

// Opens the listener for phones' files on each network that has one; what neither needs a body nor the core to be
// refused doesn't come to `handler`. Throws std::runtime_error naming the address.
void open_provisioning(http::Server& server, const Config& config, http::Handler handler);
// The same over TLS, once there is a certificate; from the second call on another certificate for the same listeners.
Result<void> serve_https(http::Server& server, const Config& config, const http::TlsFiles& certificate, bool& opened,
                         const http::Handler& handler);
// The same for metrics and health, where they are wanted.
void open_metrics(http::Server& server, const Config& config, http::Handler metrics);

}  // namespace roamdesk::sbc

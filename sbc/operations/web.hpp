#pragma once
#include "common/http/server.hpp"
#include "sbc/config.hpp"

namespace roamdesk::sbc {

// For the listeners that strangers reach.
http::Limits provisioning_limits();

// Opens the listener for phones' files on each network that has one; what neither needs a body nor the core to be
// refused doesn't come to `handler`. Throws std::runtime_error naming the address.
void open_provisioning(http::Server& server, const Config& config, http::Handler handler);
// The same for metrics and health, where they are wanted.
void open_metrics(http::Server& server, const Config& config, http::Handler metrics);

}  // namespace roamdesk::sbc

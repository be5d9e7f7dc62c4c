#pragma once
#include "common/net/sntp_server.hpp"
#include "pbx-core/config.hpp"

namespace roamdesk::core {

// Opens the time service where the configuration has one. Where the port can't be had and the file didn't ask for it,
// `config.ntp` is taken back with a warning: telephones matter more than their clocks. Throws std::runtime_error where
// it was asked for.
void open_time_service(net::SntpServer& server, Config& config);

}  // namespace roamdesk::core

#include "pbx-core/operations/time_service.hpp"

#include <stdexcept>

#include "common/log/log.hpp"

namespace roamdesk::core {

void open_time_service(net::SntpServer& server, Config& config) {
  if (!config.ntp) return;
  const auto opened = server.open(*config.ntp);
  if (opened) return;
  const std::string why = "ntp: can't listen on " + to_string(*config.ntp) + ": " + opened.error().message() +
                          "; expected a free port (below 1024: CAP_NET_BIND_SERVICE), or `ntp: null` for none";
  if (config.ntp_is_set) throw std::runtime_error(why);
  config.ntp.reset();
  log::warning("ntp.off", {{"why", why}});
}

}  // namespace roamdesk::core

#include "pbx-core/operations/system_view.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <filesystem>

#include "common/crypto/certificate.hpp"
#include "pbx-core/api/validation.hpp"
#include "pbx-core/platform/files.hpp"

namespace roamdesk::core {
namespace {
namespace json = boost::json;

json::value at(const std::optional<Endpoint>& listener) {
  return listener ? json::value(to_string(*listener)) : json::value(nullptr);
}

// null where it can't be read.
json::value certificate_in(const std::filesystem::path& file, bool own) {
  const auto info = crypto::inspect_certificate(read_file(file));
  if (!info) return nullptr;
  json::array names(info->dns_names.begin(), info->dns_names.end());
  for (const auto& address : info->addresses) names.emplace_back(address);
  return json::object{{"own", own},
                      {"names", std::move(names)},
                      {"from", api::to_rfc3339(info->not_before)},
                      {"until", api::to_rfc3339(info->not_after)},
                      {"fingerprint", crypto::to_hex(info->fingerprint)}};
}

}  // namespace

std::function<json::object()> system_view(const Config& config, const HttpsCertificate& https) {
  json::array tunnel;
  for (const Endpoint& listener : config.tunnel) tunnel.emplace_back(to_string(listener));
  json::object listeners{{"sip_udp", at(config.sip.udp)}, {"sip_tcp", at(config.sip.tcp)},
                         {"sip_tls", at(config.sip.tls)}, {"http", at(config.http.listen)},
                         {"https", at(config.http.tls)},  {"tunnel", std::move(tunnel)},
                         {"ntp", at(config.ntp)},         {"metrics", at(config.metrics)}};
  json::object all{{"version", ROAMDESK_VERSION},
                   {"domain", config.sip.domain},
                   {"time_zone", config.time_zone.value()},
                   {"state_dir", config.state_dir.string()},
                   {"rtp", std::to_string(config.rtp.ports.first) + "-" + std::to_string(config.rtp.ports.last)},
                   {"listeners", std::move(listeners)},
                   {"mail", config.mail ? json::value(to_string(config.mail->server)) : json::value(nullptr)}};
  return [all, tls = config.http.tls.has_value(), own = config.http.certificate.has_value(),
          file = std::filesystem::path(https.files().certificate)] {
    json::object now = all;
    now["certificate"] = tls ? certificate_in(file, own) : json::value(nullptr);
    return now;
  };
}

}  // namespace roamdesk::core

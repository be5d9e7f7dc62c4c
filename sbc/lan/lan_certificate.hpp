#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/secret.hpp"
#include "common/base/time.hpp"
#include "common/http/server.hpp"
#include "common/sip_transport/sip_streams.hpp"

namespace roamdesk::sbc {

// The SBC's certificate on its phones' networks, for the addresses that it has there, issued by the core's authority:
// what phones are told to trust. Kept in state_dir (lan.pem, lan.key), so that phones are served while the core is
// away. Signalling thread.
class LanCertificate {
 public:
  using Clock = std::function<WallTime()>;
  LanCertificate(std::filesystem::path state_dir, std::vector<IpAddress> addresses, Clock now);

  // The files, where there is one for all addresses, by `authority` (PEM), and not ended; else nullopt.
  std::optional<http::TlsFiles> usable(const std::string& authority) const;
  // PKCS#10 for a new key, where there is none that is usable or a third of its time is left at most; else nullopt.
  std::optional<std::string> request_if_due(const std::string& authority);
  // The answer to the newest request. False: it isn't, or can't be written.
  bool adopt(const std::string& certificate);

  http::TlsFiles files() const;
  // Their contents.
  net::TlsIdentity identity() const;

 private:
  std::filesystem::path state_dir_;
  std::vector<IpAddress> addresses_;
  Clock now_;
  Secret key_;  // of the newest request
};

}  // namespace roamdesk::sbc

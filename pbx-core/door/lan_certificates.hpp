#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/token_bucket.hpp"

namespace roamdesk::door {

// Whether an SBC gets a certificate of the core's authority for its networks. Phones take whoever shows one for the
// core, at the address that it names: so an SBC that somebody has taken over is to get few, and none for the core
// itself. Private addresses are the same at many sites, so that no other one's can be told apart. Pure.
class LanCertificates {
 public:
  // `core`: addresses of the core; those that aren't one machine's alone (0.0.0.0, loopback) count for nothing.
  explicit LanCertificates(std::vector<IpAddress> core);

  // Why not, in words; nullopt where it gets one, which is counted.
  std::optional<std::string> refusal(const SiteId& site, const std::vector<IpAddress>& addresses, TimePoint now);
  // It has got one. For which addresses its last one was, where these are others: it has moved, or isn't what it was.
  // Empty where nothing has changed.
  std::vector<IpAddress> note(const SiteId& site, const std::vector<IpAddress>& addresses);

  // Of each site, whatever connections it makes: it asks for one when it is new, when its networks change, and at two
  // thirds of the last one's time.
  static constexpr net::Rate rate{8.0 / 3600, 8};

 private:
  struct Given {
    net::TokenBucket bucket;
    std::vector<IpAddress> addresses;
  };
  std::vector<IpAddress> core_;
  std::map<SiteId, Given> given_;  // sites have enrolled
};

}  // namespace roamdesk::door

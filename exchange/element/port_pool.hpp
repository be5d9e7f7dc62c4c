#pragma once
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/port_range.hpp"

namespace roamdesk::element {

// RTP ports, picked by the exchange for every site (docs/architecture.md): even numbers, the odd one above is
// RTCP's. Ports go round, so that a late packet of the last call doesn't meet the next one.
class PortPool {
 public:
  std::optional<Endpoint> allocate(const SiteId& site, IpAddress at, PortRange range);
  // That very port. False: it is used already, odd, or outside of the range.
  bool claim(const SiteId& site, Endpoint endpoint, std::optional<PortRange> range);
  void release(const SiteId& site, Endpoint endpoint);
  std::size_t in_use() const;

 private:
  struct Pool {
    std::uint32_t next = 0;
    std::set<std::uint16_t> used;
  };
  std::map<std::pair<SiteId, IpAddress>, Pool> pools_;
};

}  // namespace roamdesk::element

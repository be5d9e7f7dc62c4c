#include "exchange/element/port_pool.hpp"

namespace roamdesk::element {

std::optional<Endpoint> PortPool::allocate(const SiteId& site, IpAddress at, PortRange range) {
  const std::uint32_t first = (range.first + 1u) & ~1u;
  if (range.last < first + 1u) return std::nullopt;
  const std::uint32_t pairs = (range.last - first + 1u) / 2u;
  auto& pool = pools_[{site, at}];
  if (pool.used.size() >= pairs) return std::nullopt;
  for (;;) {
    const auto port = static_cast<std::uint16_t>(first + 2u * (pool.next++ % pairs));
    if (pool.used.insert(port).second) return Endpoint{at, port};
  }
}

bool PortPool::claim(const SiteId& site, Endpoint endpoint, std::optional<PortRange> range) {
  const auto port = endpoint.port;
  if (port == 0 || port % 2 != 0 || (range && (port < range->first || port >= range->last))) return false;
  return pools_[{site, endpoint.address}].used.insert(port).second;
}

void PortPool::release(const SiteId& site, Endpoint endpoint) {
  if (const auto pool = pools_.find({site, endpoint.address}); pool != pools_.end())
    pool->second.used.erase(endpoint.port);
}

std::size_t PortPool::in_use() const {
  std::size_t count = 0;
  for (const auto& [where, pool] : pools_) count += pool.used.size();
  return count;
}

}  // namespace roamdesk::element

#include "exchange/element/port_pool.hpp"

namespace roamdesk::element {

// Takes from the queue's front what isn't resting any more or isn't in the range now. False: nothing is left.
bool PortPool::tidy(Pool& pool, const Even& even) {
  for (; !pool.queue.empty(); pool.queue.pop_front()) {
    const auto& [port, since] = pool.queue.front();
    const auto found = pool.resting.find(port);
    const bool rests = found != pool.resting.end() && found->second == since;
    if (rests && even.has(port)) return true;
    if (!rests) continue;
    pool.resting.erase(found);
    pool.freshened();
  }
  return false;
}

// One that nobody has had yet; where that is possible, its neighbour is free too.
std::optional<std::uint16_t> PortPool::fresh(Pool& pool, const Even& even) {
  if (pool.exhausted == even) return std::nullopt;
  constexpr std::uint32_t look_ahead = 64;
  const auto at = [&](std::uint32_t i) { return static_cast<std::uint16_t>(even.first + 2 * (i % even.count)); };
  std::optional<std::uint32_t> found;
  for (std::uint32_t i = 0; i < even.count && (!found || i < look_ahead); ++i) {
    const auto port = at(pool.next + i);
    if (!pool.is_fresh(port)) continue;
    if (!found) found = pool.next + i;
    if (pool.used.contains(neighbour(port))) continue;
    found = pool.next + i;
    break;
  }
  if (!found) {
    pool.exhausted = even;
    return std::nullopt;
  }
  const auto port = at(*found);
  // The second pair of four is left to whom it calls.
  pool.next = (*found + (port % 4 == 0 ? 2 : 1)) % even.count;
  return port;
}

std::optional<std::uint16_t> PortPool::choose(Pool& pool, const Even& even, TimePoint now,
                                              std::optional<Endpoint> beside) {
  const bool waiting = tidy(pool, even);
  const auto has_rested = [now](TimePoint since) { return since + rest <= now; };
  if (beside) {
    const auto port = neighbour(beside->port);
    const auto found = pool.resting.find(port);
    if (even.has(port) && !pool.used.contains(port) && (found == pool.resting.end() || has_rested(found->second)))
      return port;
  }
  const bool reuse = waiting && pool.resting.size() >= enough && has_rested(pool.queue.front().second);
  if (reuse) return pool.queue.front().first;
  if (const auto port = fresh(pool, even)) return port;
  return waiting ? std::optional{pool.queue.front().first} : std::nullopt;
}

std::optional<Endpoint> PortPool::allocate(const SiteId& site, IpAddress at, PortRange range, TimePoint now,
                                           std::optional<Endpoint> beside) {
  Even even{.first = (range.first + 1u) & ~1u};
  if (range.last < even.first + 1u) return std::nullopt;
  even.count = (range.last - even.first + 1u) / 2u;
  auto& pool = pools_[{site, at}];
  if (beside && beside->address != at) beside.reset();
  const auto port = choose(pool, even, now, beside);
  if (!port) return std::nullopt;
  pool.take(*port);
  return Endpoint{at, *port};
}

bool PortPool::claim(const SiteId& site, Endpoint endpoint, std::optional<PortRange> range) {
  const auto port = endpoint.port;
  if (port == 0 || port % 2 != 0 || (range && (port < range->first || port >= range->last))) return false;
  auto& pool = pools_[{site, endpoint.address}];
  if (pool.used.contains(port)) return false;
  pool.take(port);
  return true;
}

void PortPool::release(const SiteId& site, Endpoint endpoint, TimePoint now) {
  const auto found = pools_.find({site, endpoint.address});
  if (found == pools_.end() || found->second.used.erase(endpoint.port) == 0) return;
  auto& pool = found->second;
  // Nobody keeps a branch's sockets: its ports go round through the whole range.
  if (site != local_site()) return pool.freshened();
  pool.resting.insert_or_assign(endpoint.port, now);
  pool.queue.emplace_back(endpoint.port, now);
}

std::size_t PortPool::in_use() const {
  std::size_t count = 0;
  for (const auto& [where, pool] : pools_) count += pool.used.size();
  return count;
}

}  // namespace roamdesk::element

#pragma once
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/port_range.hpp"
#include "common/base/time.hpp"

namespace roamdesk::element {

// RTP ports, picked by the exchange for every site (docs/architecture.md): even numbers, the odd one above is
// RTCP's. Ports go round, so that a late packet of the last call doesn't meet the next one.
//
// Beside the core they go round through those alone that calls have had already, once there are `enough` of these, and
// one has rested for `rest`: their sockets are open still (media::Spread). Of four ports that begin at a multiple of
// four a call's two legs have both pairs where that is possible, so that both are with the media thread that kept them.
class PortPool {
 public:
  static constexpr std::size_t enough = 1024;
  static constexpr std::chrono::seconds rest{8};

  // nullopt: none is free. `beside`: of the leg that this one will be connected with, at the same site or not.
  std::optional<Endpoint> allocate(const SiteId& site, IpAddress at, PortRange range, TimePoint now,
                                   std::optional<Endpoint> beside = std::nullopt);
  // That very port. False: it is used already, odd, or outside of the range.
  bool claim(const SiteId& site, Endpoint endpoint, std::optional<PortRange> range);
  void release(const SiteId& site, Endpoint endpoint, TimePoint now);
  std::size_t in_use() const;

 private:
  // Its even ports, and how many they are.
  struct Even {
    std::uint32_t first = 0, count = 0;
    bool has(std::uint16_t port) const { return port >= first && port < first + 2 * count; }
    friend bool operator==(const Even&, const Even&) = default;
  };
  struct Pool {
    std::uint32_t next = 0;
    std::set<std::uint16_t> used;
    // Free again since then. The queue has them in their order, and some that have been taken out of its middle.
    std::map<std::uint16_t, TimePoint> resting;
    std::deque<std::pair<std::uint16_t, TimePoint>> queue;
    // The range in which none is fresh, known since it was looked through: not to be done for each call.
    std::optional<Even> exhausted;
    bool is_fresh(std::uint16_t port) const { return !used.contains(port) && !resting.contains(port); }
    void take(std::uint16_t port) {
      used.insert(port);
      resting.erase(port);
    }
    // A port that is neither used nor resting any more is fresh.
    void freshened() { exhausted.reset(); }
  };
  static std::uint16_t neighbour(std::uint16_t port) { return port ^ 2; }
  static bool tidy(Pool& pool, const Even& even);
  static std::optional<std::uint16_t> choose(Pool& pool, const Even& even, TimePoint now,
                                             std::optional<Endpoint> beside);
  static std::optional<std::uint16_t> fresh(Pool& pool, const Even& even);

  std::map<std::pair<SiteId, IpAddress>, Pool> pools_;
};

}  // namespace roamdesk::element

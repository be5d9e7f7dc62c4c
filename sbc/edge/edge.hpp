#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/net/flow_table.hpp"
#include "common/net/rate_limit.hpp"
#include "sbc/edge/guard.hpp"

namespace roamdesk::sbc {

// What is taken from the LAN, and under which number (design: the SBC guards). Pure. Signalling thread.
class Edge {
 public:
  struct Settings {
    GuardLimits datagram{};
    GuardLimits stream{.bytes = 32 * 1024};
    net::RateLimit::Settings per_source{.per_second = 100, .burst = 400};
    // All unproven flows together: however many sources a flood claims to have, the tunnel's signalling queue never
    // fills, and phones that registered aren't touched.
    double newcomers_per_second = 300, newcomers_burst = 600;
    net::FlowTable::Settings flows{};
  };
  struct Counters {
    std::uint64_t passed = 0, keepalives = 0;
    std::uint64_t too_large = 0, nul_byte = 0, not_sip = 0, too_many_headers = 0;
    std::uint64_t over_rate = 0, no_room = 0;
    std::uint64_t dropped() const { return too_large + nul_byte + not_sip + too_many_headers + over_rate + no_room; }
  };
  explicit Edge(Settings settings);

  struct Accepted {
    std::uint32_t flow = 0;
    bool opened = false;  // announce it first
  };
  // nullopt: dropped and counted, or a keepalive.
  std::optional<Accepted> handle_message(const net::FlowKey& key, std::string_view message, TimePoint now);
  // The core sends `message` on `flow`: where to. Proves the flow where the core means it.
  std::optional<net::FlowKey> handle_from_core(std::uint32_t flow, std::string_view message);
  // The core opens a flow (a binding of before a restart). False: not UDP on one of `faces`, or no room.
  bool open_from_core(const net::FlowKey& key, std::uint32_t flow, const std::vector<Endpoint>& faces, TimePoint now);
  // The connection ended, or the core closed it. The key, where there was one.
  std::optional<net::FlowKey> close(std::uint32_t flow);
  std::optional<std::uint32_t> close(const net::FlowKey& key);

  struct Announced {
    std::uint32_t flow = 0;
    net::FlowKey key;
  };
  // A session without the old one's state: every flow gets a new number, to be announced.
  std::vector<Announced> renumber();

  void handle_timeout(TimePoint now);
  // Flows that were idle for too long or gave way: tell the core.
  std::optional<std::uint32_t> poll_closed();

  const Counters& counters() const { return counters_; }
  std::size_t flows() const { return flows_.size(); }
  std::size_t phones() const { return flows_.proven_addresses(); }

 private:
  Settings settings_;
  net::RateLimit per_source_, newcomers_;
  net::FlowTable flows_;
  Counters counters_;
  std::uint32_t next_ = 2;  // even: the SBC's
};

}  // namespace roamdesk::sbc

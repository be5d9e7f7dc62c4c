#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/edge/guard.hpp"
#include "common/edge/newcomers.hpp"
#include "common/sip/flow_table.hpp"

namespace roamdesk::edge {

// What is taken from phones' networks, and under which number: in front of the core's own listeners and in the SBC.
// Pure. Signalling thread.
class Edge {
 public:
  struct Settings {
    GuardLimits datagram{};
    GuardLimits stream{.bytes = sip::largest_stream_message};
    // Of each flow. A peer's: some 200 calls a second, or a thousand accounts at once.
    net::Rate peer{1000, 4000}, registered{100, 400}, proven{20, 100};
    Newcomers::Settings newcomers{};
    net::FlowTable::Settings flows{};
    std::uint64_t first_number = 2, step = 2;  // even: the SBC's
  };
  struct Counters {
    std::uint64_t passed = 0, keepalives = 0;
    std::uint64_t too_large = 0, nul_byte = 0, not_sip = 0, too_many_headers = 0;
    // Of flows with a rate of their own; of all others; flows that found no room.
    std::uint64_t over_rate = 0, newcomers_over_rate = 0, no_room = 0;
    // Flows that gave way to others, the second among them having been proven.
    std::uint64_t gave_way = 0, proven_gave_way = 0;
    std::uint64_t dropped() const {
      return too_large + nul_byte + not_sip + too_many_headers + over_rate + newcomers_over_rate + no_room;
    }
  };
  explicit Edge(Settings settings);

  struct Accepted {
    std::uint64_t flow = 0;
    bool opened = false;  // announce it first
  };
  // nullopt: dropped and counted, or a keepalive.
  std::optional<Accepted> handle_message(const net::FlowKey& key, std::string_view message, TimePoint now);
  // A connection, which has a flow before it says anything; its listener bounds them.
  std::uint64_t open_connection(const net::FlowKey& key, TimePoint now);
  // Where a message to `flow` goes.
  std::optional<net::FlowKey> find(std::uint64_t flow) const { return flows_.find(flow); }
  std::optional<std::uint64_t> find(const net::FlowKey& key) const;
  // The element knows which phone is there, or that it has gone.
  void prove(std::uint64_t flow, sip::Standing standing) { flows_.set_standing(flow, standing); }
  // The element opens a flow by itself: to a binding of before a restart. False: no room.
  bool insert(const net::FlowKey& key, std::uint64_t flow, TimePoint now) { return flows_.insert(key, flow, now); }
  std::uint64_t next_number();
  // The same, on the word of the core at the tunnel's other end. False as well: not on one of `faces`, TLS, or not a
  // number of the core's. One over TCP that is new is to be connected.
  bool open_from_core(const net::FlowKey& key, std::uint64_t flow, const std::vector<Endpoint>& faces, TimePoint now);
  // The connection ended, or the core closed it. The key, where there was one.
  std::optional<net::FlowKey> close(std::uint64_t flow);
  std::optional<std::uint64_t> close(const net::FlowKey& key);
  std::optional<sip::Standing> standing(std::uint64_t flow) const { return flows_.standing(flow); }
  // A phone is registered from there.
  bool is_home(IpAddress address) const { return flows_.is_home(address); }

  struct Announced {
    std::uint64_t flow = 0;
    net::FlowKey key;
  };
  // A session without the old one's state: every flow gets a new number, to be announced.
  std::vector<Announced> renumber();

  // Ends flows that were idle for too long, a bounded number of them; true: there are more.
  bool handle_timeout(TimePoint now);
  // Flows that were idle for too long or gave way: tell the element.
  std::optional<net::FlowTable::Closed> poll_closed() { return flows_.poll_closed(); }

  Counters counters() const;
  std::size_t flows() const { return flows_.size(); }
  // Addresses from which a phone is registered.
  std::size_t phones() const { return flows_.homes(); }

 private:
  bool is_heard(const net::FlowKey& key, std::string_view message, const std::optional<net::FlowTable::Known>& known,
                TimePoint now);
  const net::Rate& rate_of(sip::Standing standing) const;  // of one that isn't unproven

  Settings settings_;
  Newcomers newcomers_;
  net::FlowTable flows_;
  Counters counters_;
  std::uint64_t next_;
};

}  // namespace roamdesk::edge

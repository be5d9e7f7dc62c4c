#pragma once
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"
#include "common/sip/flow.hpp"

namespace roamdesk::net {

// What a flow is within one site.
struct FlowKey {
  sip::Transport transport = sip::Transport::udp;
  Endpoint face, peer;
  friend auto operator<=>(const FlowKey&, const FlowKey&) = default;
};

// Flows by key and by number, in bounded memory. Pure. A flow is *proven* once the other side has taken it seriously
// (answered 2xx, or sent a request of its own): a flood of forged sources finds room among unproven ones only, and one
// address can't have more than its share. Connections (TCP, TLS) have limits of their own and are never evicted here.
class FlowTable {
 public:
  struct Settings {
    std::size_t udp_flows = 16384;
    std::size_t udp_flows_per_address = 64;
    Duration idle = std::chrono::hours{3};             // longer than any registration
    Duration idle_unproven = std::chrono::minutes{2};  // longer than a transaction
  };
  explicit FlowTable(Settings settings) : settings_(settings) {}

  struct Touched {
    std::uint64_t number = 0;
    bool opened = false;
    bool proven = false;
  };
  // Something came in. A key that is new gets `number`. nullopt: no room, all others are proven.
  std::optional<Touched> touch(const FlowKey& key, std::uint64_t number, TimePoint now);
  // The other side names a flow: a new one, or one more number for one that is there. Proven. False: no room.
  bool insert(const FlowKey& key, std::uint64_t number, TimePoint now);
  void prove(std::uint64_t number);
  bool is_proven(std::uint64_t number) const;
  // Gives every flow the number that `next` returns for it, in place of all that it had.
  void renumber(const std::function<std::uint64_t(const FlowKey&)>& next);

  // Any of its numbers.
  std::optional<FlowKey> find(std::uint64_t number) const;
  // The number that it got first.
  std::optional<std::uint64_t> find(const FlowKey& key) const;
  // True where there was one. Not told by poll_closed().
  bool close(std::uint64_t number);
  void expire(TimePoint now);
  // Flows that expired or were evicted, by their first number.
  struct Closed {
    std::uint64_t number = 0;
    FlowKey key;
  };
  std::optional<Closed> poll_closed();
  std::vector<Closed> all() const;
  std::size_t size() const { return by_key_.size(); }
  // Distinct addresses with a proven flow: phones, as far as the edge can tell.
  std::size_t proven_addresses() const;

 private:
  struct Entry {
    FlowKey key;
    boost::container::small_vector<std::uint64_t, 1> numbers;
    TimePoint used{};
    bool proven = false;
  };
  using Entries = std::list<Entry>;  // the longest idle one first
  Entries& list_of(const Entry& entry);
  bool make_room(const FlowKey& key);
  void forget(Entries::iterator entry, bool tell);
  Entries::iterator add(const FlowKey& key, std::uint64_t number, TimePoint now, bool proven);

  Settings settings_;
  Entries unproven_, proven_, connections_;
  std::map<FlowKey, Entries::iterator> by_key_;
  std::unordered_map<std::uint64_t, Entries::iterator> by_number_;
  std::map<std::uint32_t, boost::container::small_vector<Entries::iterator, 1>> udp_of_address_;  // may be forged
  std::deque<Closed> closed_;
};

}  // namespace roamdesk::net

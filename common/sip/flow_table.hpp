#pragma once
#include <boost/intrusive/list.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"
#include "common/base/token_bucket.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/standing.hpp"

namespace roamdesk::net {

// What a flow is within one site.
struct FlowKey {
  sip::Transport transport = sip::Transport::udp;
  Endpoint face, peer;
  friend auto operator<=>(const FlowKey&, const FlowKey&) = default;
};

// Flows by key and by number, in bounded memory. Pure. Who gives way, and to whom:
// * a flow that is new takes a free place, else that of the longest idle unproven one; forged sources push out no one
//   but each other, and find room always, since proven flows leave `newcomers` places;
// * a flow that becomes proven, where their places are taken, takes that of the longest idle proven one without a
//   registration; only where there is none, of the longest idle registered one; never a peer's;
// * an address over one of its shares loses its own longest idle flow, unproven ones first; registered ones and peers'
//   never.
// Connections (TCP, TLS) have limits of their own and are never evicted here. All steps cost O(log n).
class FlowTable {
 public:
  struct Settings {
    std::size_t udp_flows = 16384;
    std::size_t newcomers = 1024;  // of udp_flows, a quarter at most: places that proven flows never take
    std::size_t udp_flows_per_address = 64;
    std::size_t unproven_per_address = 64;
    std::size_t proven_per_address = 64;               // without a registration
    Duration idle = std::chrono::hours{3};             // longer than any registration
    Duration idle_unproven = std::chrono::minutes{2};  // longer than a transaction
  };
  explicit FlowTable(Settings settings);
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  struct Known {
    std::uint64_t number = 0;
    sip::Standing standing = sip::Standing::unproven;
  };
  struct Touched {
    std::uint64_t number = 0;
    bool opened = false;
  };
  // Something came in. A key that is new gets `number`. nullopt: no room, the address's others are all registered.
  std::optional<Touched> touch(const FlowKey& key, std::uint64_t number, TimePoint now);
  // The other side names a flow: a new one, or one more number for one that is there. Proven. False: no room.
  bool insert(const FlowKey& key, std::uint64_t number, TimePoint now);
  void set_standing(std::uint64_t number, sip::Standing standing);
  // This flow's alone. nullptr: there is none of that number. Good until the flow ends.
  TokenBucket* bucket(std::uint64_t number);
  // Gives every flow the number that `next` returns for it, in place of all that it had.
  void renumber(const std::function<std::uint64_t(const FlowKey&)>& next);

  // Any of its numbers.
  std::optional<FlowKey> find(std::uint64_t number) const;
  // The number that it got first.
  std::optional<Known> find(const FlowKey& key) const;
  std::optional<sip::Standing> standing(std::uint64_t number) const;
  // Whether a phone is registered from this address (of IPv6, from its network), or a peer is there, by whatever flow.
  bool is_home(IpAddress address) const;

  // True where there was one. Not told by poll_closed().
  bool close(std::uint64_t number);
  // Ends at most `most` that are idle; true: there are more.
  bool expire(TimePoint now, std::size_t most);
  // Flows that expired or were evicted, by their first number.
  struct Closed {
    std::uint64_t number = 0;
    FlowKey key;
    sip::Standing standing = sip::Standing::unproven;
  };
  std::optional<Closed> poll_closed();
  std::size_t size() const { return by_key_.size(); }
  // Addresses with a registered flow or a peer's.
  std::size_t homes() const { return homes_; }
  // Evicted for want of room, since the start: unproven ones, and others.
  std::uint64_t evicted_newcomers() const { return evicted_newcomers_; }
  std::uint64_t evicted_proven() const { return evicted_proven_; }

 private:
  struct ByAge;
  struct OfAddress;
  template <class Tag>
  using Hook = boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                                boost::intrusive::link_mode<boost::intrusive::normal_link>>;
  struct Entry;
  template <class Tag>
  using List = boost::intrusive::list<Entry, boost::intrusive::base_hook<Hook<Tag>>>;  // the longest idle one first
  struct Address {
    List<OfAddress> unproven, proven;  // of UDP; those of more standing never give way to the address's others
    std::uint32_t udp = 0;             // of any standing
    std::uint32_t registered = 0;      // peers' too; over whatever transport
    std::uint32_t flows = 0;
  };
  using Addresses = std::map<IpAddress, Address>;  // by IpAddress::source; may be forged
  struct Entry : Hook<ByAge>, Hook<OfAddress> {
    const FlowKey* key = nullptr;  // in by_key_
    std::uint64_t number = 0;      // the first one
    TimePoint used{};
    TokenBucket bucket;
    sip::Standing standing = sip::Standing::unproven;
    Addresses::iterator address;
    bool udp() const { return key->transport == sip::Transport::udp; }
  };
  List<ByAge>& list_of(const Entry& entry) { return udp_[static_cast<std::size_t>(entry.standing)]; }
  // nullptr: it gives way to none of its address.
  static List<OfAddress>* own_list_of(Entry& entry);
  void link(Entry& entry);
  void unlink(Entry& entry);
  void stand(Entry& entry, sip::Standing standing);
  bool make_room(const FlowKey& key);
  void make_proven_room(Entry& entry);
  void evict(Entry& entry);
  void forget(Entry& entry, bool tell);
  Entry& add(const FlowKey& key, std::uint64_t number, TimePoint now);

  Settings settings_;
  List<ByAge> udp_[4];  // by standing
  Addresses addresses_;
  std::size_t homes_ = 0;
  std::map<FlowKey, Entry> by_key_;
  boost::unordered_flat_map<std::uint64_t, Entry*> by_number_;
  // Hardly any flow has more than one.
  std::unordered_multimap<const Entry*, std::uint64_t> more_numbers_;
  std::deque<Closed> closed_;
  std::uint64_t evicted_newcomers_ = 0, evicted_proven_ = 0;
};

}  // namespace roamdesk::net

#pragma once
#include <boost/intrusive/set.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "common/base/time.hpp"
#include "common/sip/flow.hpp"

namespace roamdesk::sip {

// Requests other than INVITE that have had their final answer (RFC 3261 §17.2.2, Completed): the key and the answer's
// bytes are all that is left of one until its timer J. That timer is as long for all, so they end in the order in which
// they came: they lie one behind the other in blocks that are given up whole. A morning's registrations leave tens of
// thousands of them for 32 s, and no holes between the bindings that stay.
class AnsweredRequests {
 public:
  AnsweredRequests();
  ~AnsweredRequests();
  AnsweredRequests(const AnsweredRequests&) = delete;
  AnsweredRequests& operator=(const AnsweredRequests&) = delete;

  // `key` isn't there yet; `until` isn't before that of the one that was added last. `last_alone`: of the flow's
  // answers that were added so, only this is kept.
  void add(std::string_view key, std::string_view answer, TimePoint until, FlowId flow = {}, bool last_alone = false);
  // How many there are of a flow.
  std::size_t of(FlowId flow) const;
  // Its answer, good until the next add() or forget().
  std::optional<std::string_view> find(std::string_view key) const;
  // Those whose time is up.
  void forget(TimePoint now);
  // The one that would go next, before its time. There must be one.
  void forget_oldest();
  std::optional<TimePoint> deadline() const;
  std::size_t size() const { return index_.size(); }
  std::size_t bytes() const { return bytes_; }  // that they take

 private:
  // In a block, its key and its answer behind it.
  struct Entry : boost::intrusive::set_base_hook<boost::intrusive::optimize_size<true>> {
    TimePoint until{};
    FlowId flow;
    std::uint32_t key_size = 0, answer_size = 0;
    std::string_view key() const { return {reinterpret_cast<const char*>(this + 1), key_size}; }
    std::string_view answer() const { return {reinterpret_cast<const char*>(this + 1) + key_size, answer_size}; }
  };
  struct KeyOf {
    using type = std::string_view;
    type operator()(const Entry& entry) const { return entry.key(); }
  };
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0, begin = 0, end = 0;  // of what is in use
  };
  // A tree: keys are what strangers choose, and a hash that they know would let them make it slow.
  using Index = boost::intrusive::set<Entry, boost::intrusive::key_of_value<KeyOf>>;
  static std::size_t space_for(std::size_t bytes);
  const Entry& first() const;
  void drop(const Entry& entry);
  std::byte* room(std::size_t bytes);

  std::deque<Block> blocks_;  // all but the last are full; none is empty
  std::size_t bytes_ = 0;     // of all blocks
  Index index_;
  struct OfFlow {
    std::size_t kept = 0;
    const Entry* last_alone = nullptr;
  };
  std::unordered_map<FlowId, OfFlow> flows_;
};

}  // namespace roamdesk::sip

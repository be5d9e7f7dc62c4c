#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/sip/flow.hpp"
#include "common/sip/standing.hpp"
#include "common/tunnel/frames.hpp"

namespace roamdesk::door {

// One SBC's flows: its numbers and ours (FlowId). Pure. Either side may name a flow, so one may have two numbers: where
// both opened the same one at once, both mean it. A UDP flow outlives the tunnel's session, so that calls that ring
// survive a restart of the SBC: it has no number until something is said over it.
class SiteFlows {
 public:
  // Its edge keeps fewer; one in wrong hands opens no more.
  static constexpr std::size_t most = 40'000;
  static constexpr std::size_t most_numbers = 4;  // of one flow

  explicit SiteFlows(SiteId site) : site_(std::move(site)) {}

  struct Opened {
    sip::Flow flow;
    bool is_new = false;  // `candidate` was taken as its id
  };
  // The SBC announces a flow. nullopt: it isn't the SBC's to number (odd), or names another flow already, or there are
  // too many.
  std::optional<Opened> handle_open(const tunnel::FlowOpen& open, sip::FlowId candidate);
  // Closed by the SBC; the flow, where it was known.
  std::optional<sip::Flow> handle_close(tunnel::FlowNumber number);
  std::optional<sip::Flow> find(tunnel::FlowNumber number) const;
  std::optional<sip::Flow> find(const sip::FlowAddress& address) const;
  // The number to send under; nullopt if the flow isn't known, or has none in this session: announce() it first.
  std::optional<tunnel::FlowNumber> number_of(sip::FlowId id) const;
  // Who is there, and that a phone has left; the frame, where that changes what the SBC knows. A flow without a number
  // has none: announce() it first.
  std::optional<tunnel::FlowStanding> prove(const sip::FlowAddress& address, sip::Standing standing);
  std::optional<tunnel::FlowStanding> release(const sip::FlowAddress& address);
  std::optional<sip::Standing> standing(sip::FlowId id) const;

  // A request whose transaction repeats it (RFC 3261 §17.1) over this flow; those that end something are needed in any
  // case.
  bool is_repeated(sip::FlowId id, std::string_view message) const;

  // We open one: the frame to send.
  tunnel::FlowOpen open(const sip::FlowAddress& address, sip::FlowId id);
  // A known UDP flow in a session that hasn't heard of it: the frame to send. nullopt if the flow isn't known.
  std::optional<tunnel::FlowOpen> announce(sip::FlowId id);
  std::optional<tunnel::FlowNumber> close(sip::FlowId id);
  // A new session begins without numbers. Returns the flows that end with the old one: connections, UDP flows that
  // no message used during all of it, and those whose face isn't one of `faces` any more.
  std::vector<sip::Flow> begin_session(const std::vector<Endpoint>& faces);
  std::size_t size() const { return flows_.size(); }

 private:
  struct Entry {
    sip::Flow flow;
    std::vector<std::uint32_t> numbers;  // of this session; none before its first use
    sip::Standing standing = sip::Standing::unproven;
    sip::Standing told = sip::Standing::unproven;  // to the SBC, in this session
  };
  tunnel::FlowOpen number(Entry& entry);
  static std::optional<tunnel::FlowStanding> tell(Entry& entry);
  void forget(std::uint64_t id);
  SiteId site_;
  std::unordered_map<std::uint64_t, Entry> flows_;  // by FlowId
  std::unordered_map<std::uint32_t, std::uint64_t> by_number_;
  std::map<sip::FlowAddress, std::uint64_t> by_address_;
  std::uint32_t next_ = 1;  // odd: the core's
};

sip::Transport to_sip(tunnel::Transport transport);
tunnel::Transport to_tunnel(sip::Transport transport);

}  // namespace roamdesk::door

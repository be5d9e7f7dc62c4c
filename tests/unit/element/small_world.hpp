#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/sip/parse.hpp"
#include "exchange/element/world.hpp"

namespace roamdesk::element {

// A world with nothing in it but what the test does: the store is a list of what it has been given, the door a map of
// flows. What it is told is kept.
class SmallWorld : public World {
 public:
  void send(sip::FlowId flow, std::string bytes) override {
    if (auto message = sip::parse(bytes)) sent.emplace_back(flow, std::move(*message));
  }
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress& address) override { return flow_of(address); }
  std::optional<sip::Flow> connect(const sip::FlowAddress&) override { return std::nullopt; }
  void locate(LookupId lookup, names::Query query) override { lookups.emplace_back(lookup, std::move(query)); }
  std::optional<sip::Flow> dial(const SiteId& site, sip::Transport transport, Endpoint peer,
                                const std::optional<sip::TlsName>&) override {
    return flow_of({site, transport, {{0x0a000001}, 5060}, peer});
  }
  void prove(const sip::FlowAddress&, sip::Standing) override {}
  void release(const sip::FlowAddress&) override {}
  void order(const media::Order&) override {}
  // Nothing but ports for media.
  std::optional<door::Front> front(const SiteId&, std::optional<IpAddress>) const override {
    door::Front front;
    front.rtp = {10000, 10999};
    return front;
  }
  Zone zone(const std::string&) const override { return {}; }
  std::string local_time_zone() const override { return "UTC"; }
  std::optional<WallTime> last_strike(const std::string&, const std::string&) const override { return std::nullopt; }
  void commit(Changes changes, StoreTicket ticket) override { commits.emplace_back(ticket, std::move(changes)); }
  void put_binding(StoredBinding binding) override { bindings.push_back(std::move(binding)); }
  void delete_binding(const Mac&, const std::string&) override {}
  void put_dialog(StoredDialog) override {}
  void delete_dialog(const std::string&) override {}
  void check_pin(hotdesk::AttemptId, Secret, std::string) override {}
  void publish(Notice notice) override { notices.push_back(std::move(notice)); }
  void wake_at(std::optional<TimePoint> time) override { woken.push_back(time); }

  sip::Flow flow_of(const sip::FlowAddress& address) {
    return {flows.try_emplace(address, sip::FlowId{flows.size() + 1}).first->second, address};
  }

  std::vector<std::pair<sip::FlowId, sip::Message>> sent;
  std::deque<std::pair<StoreTicket, Changes>> commits;
  std::vector<StoredBinding> bindings;
  std::vector<std::pair<LookupId, names::Query>> lookups;
  std::vector<Notice> notices;
  std::vector<std::optional<TimePoint>> woken;
  std::map<sip::FlowAddress, sip::FlowId> flows;
};

}  // namespace roamdesk::element

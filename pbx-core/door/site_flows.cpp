#include "pbx-core/door/site_flows.hpp"

#include <algorithm>

namespace roamdesk::door {

sip::Transport to_sip(tunnel::Transport transport) {
  switch (transport) {
    case tunnel::Transport::udp:
      return sip::Transport::udp;
    case tunnel::Transport::tcp:
      return sip::Transport::tcp;
    case tunnel::Transport::tls:
      return sip::Transport::tls;
  }
  return sip::Transport::udp;
}

tunnel::Transport to_tunnel(sip::Transport transport) {
  switch (transport) {
    case sip::Transport::udp:
      return tunnel::Transport::udp;
    case sip::Transport::tcp:
      return tunnel::Transport::tcp;
    case sip::Transport::tls:
      return tunnel::Transport::tls;
  }
  return tunnel::Transport::udp;
}

std::optional<SiteFlows::Opened> SiteFlows::handle_open(const tunnel::FlowOpen& open, sip::FlowId candidate) {
  const std::uint32_t number = open.flow.value();
  if (number == 0 || number % 2 != 0 || by_number_.contains(number)) return std::nullopt;
  // Its site is the certificate's, whatever the frame says.
  const sip::FlowAddress address{site_, to_sip(open.transport), open.face, open.peer};
  if (const auto known = by_address_.find(address); known != by_address_.end()) {
    Entry& entry = flows_.at(known->second);
    if (entry.numbers.size() >= most_numbers) return std::nullopt;
    entry.numbers.push_back(number);
    by_number_.emplace(number, known->second);
    return Opened{entry.flow, false};
  }
  if (flows_.size() >= most) return std::nullopt;
  const sip::Flow flow{candidate, address};
  flows_.emplace(candidate.value(), Entry{flow, {number}});
  by_number_.emplace(number, candidate.value());
  by_address_.emplace(address, candidate.value());
  return Opened{flow, true};
}

std::optional<sip::Flow> SiteFlows::handle_close(tunnel::FlowNumber number) {
  const auto flow = find(number);
  if (flow) forget(flow->id.value());
  return flow;
}

std::optional<sip::Flow> SiteFlows::find(tunnel::FlowNumber number) const {
  const auto found = by_number_.find(number.value());
  return found == by_number_.end() ? std::nullopt : std::optional{flows_.at(found->second).flow};
}

std::optional<sip::Flow> SiteFlows::find(const sip::FlowAddress& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? std::nullopt : std::optional{flows_.at(found->second).flow};
}

std::optional<tunnel::FlowNumber> SiteFlows::number_of(sip::FlowId id) const {
  const auto found = flows_.find(id.value());
  if (found == flows_.end() || found->second.numbers.empty()) return std::nullopt;
  return tunnel::FlowNumber{found->second.numbers.front()};
}

bool SiteFlows::is_repeated(sip::FlowId id, std::string_view message) const {
  const auto found = flows_.find(id.value());
  if (found == flows_.end() || found->second.flow.address.transport != sip::Transport::udp) return false;
  for (const auto* needed : {"SIP/", "BYE ", "CANCEL ", "ACK "})
    if (message.starts_with(needed)) return false;
  return true;
}

tunnel::FlowOpen SiteFlows::open(const sip::FlowAddress& address, sip::FlowId id) {
  by_address_.emplace(address, id.value());
  return number(flows_.emplace(id.value(), Entry{{id, address}, {}, sip::Standing::proven}).first->second);
}

std::optional<tunnel::FlowOpen> SiteFlows::announce(sip::FlowId id) {
  const auto found = flows_.find(id.value());
  if (found == flows_.end()) return std::nullopt;
  return number(found->second);
}

tunnel::FlowOpen SiteFlows::number(Entry& entry) {
  const std::uint32_t number = next_;
  next_ += 2;
  entry.numbers.push_back(number);
  entry.told = std::max(entry.told, sip::Standing::proven);  // by the frame itself
  by_number_.emplace(number, entry.flow.id.value());
  tunnel::FlowOpen frame;
  frame.flow = tunnel::FlowNumber{number};
  frame.transport = to_tunnel(entry.flow.address.transport);
  frame.face = entry.flow.address.face;
  frame.peer = entry.flow.address.peer;
  return frame;
}

std::optional<tunnel::FlowStanding> SiteFlows::prove(const sip::FlowAddress& address, sip::Standing standing) {
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return std::nullopt;
  Entry& entry = flows_.at(found->second);
  entry.standing = std::max(entry.standing, standing);
  return tell(entry);
}

std::optional<tunnel::FlowStanding> SiteFlows::release(const sip::FlowAddress& address) {
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return std::nullopt;
  Entry& entry = flows_.at(found->second);
  entry.standing = std::min(entry.standing, sip::Standing::proven);
  return tell(entry);
}

std::optional<tunnel::FlowStanding> SiteFlows::tell(Entry& entry) {
  if (entry.numbers.empty() || entry.told == entry.standing) return std::nullopt;
  entry.told = entry.standing;
  return tunnel::FlowStanding{tunnel::FlowNumber{entry.numbers.front()}, entry.standing};
}

std::optional<sip::Standing> SiteFlows::standing(sip::FlowId id) const {
  const auto found = flows_.find(id.value());
  return found == flows_.end() ? std::nullopt : std::optional{found->second.standing};
}

std::optional<tunnel::FlowNumber> SiteFlows::close(sip::FlowId id) {
  const auto number = number_of(id);
  if (flows_.contains(id.value())) forget(id.value());
  return number;
}

std::vector<sip::Flow> SiteFlows::begin_session(const std::vector<Endpoint>& faces) {
  std::vector<sip::Flow> ended;
  for (auto& [id, entry] : flows_) {
    const auto& address = entry.flow.address;
    const bool stays = address.transport == sip::Transport::udp && !entry.numbers.empty() &&
                       std::find(faces.begin(), faces.end(), address.face) != faces.end();
    if (!stays) ended.push_back(entry.flow);
    entry.numbers.clear();
    entry.told = sip::Standing::unproven;  // it may be another SBC's program
  }
  by_number_.clear();
  for (const sip::Flow& flow : ended) forget(flow.id.value());
  return ended;
}

void SiteFlows::forget(std::uint64_t id) {
  const auto found = flows_.find(id);
  for (const auto number : found->second.numbers) by_number_.erase(number);
  by_address_.erase(found->second.flow.address);
  flows_.erase(found);
}

}  // namespace roamdesk::door

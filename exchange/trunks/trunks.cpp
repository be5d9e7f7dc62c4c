#include "exchange/trunks/trunks.hpp"

#include <algorithm>
#include <tuple>

namespace roamdesk::trunks {

void Trunks::put(const Trunk& trunk, TimePoint now) {
  auto [known, is_new] = by_name_.try_emplace(trunk.name);
  if (is_new) known->second = TrunkNumber{++last_};
  auto& line = lines_.try_emplace(known->second, Line{Machine{trunk, software_, unique_, times_}}).first->second;
  line.sources.clear();
  for (const auto& source : trunk.sources)
    if (const auto range = parse_range(source)) line.sources.push_back(*range);
  if (is_new)
    line.machine.start(now);
  else
    line.machine.change(trunk, now);
}

void Trunks::remove(const std::string& name, TimePoint now) {
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return;
  lines_.at(known->second).machine.remove(now);
  by_name_.erase(known);
}

// Those that are gone and have taken their leave.
void Trunks::sweep() {
  std::erase_if(lines_, [](const auto& entry) { return entry.second.machine.is_over(); });
}

void Trunks::located(TrunkNumber trunk, const names::Located& located, TimePoint now) {
  if (const auto line = lines_.find(trunk); line != lines_.end()) line->second.machine.located(located, now);
}

void Trunks::dialled(TrunkNumber trunk, const ServerKey& server, std::optional<sip::Flow> flow, TimePoint now) {
  if (const auto line = lines_.find(trunk); line != lines_.end())
    line->second.machine.dialled(server, std::move(flow), now);
}

// Two trunks may share a flow: over UDP two accounts of one provider do.
void Trunks::flow_closed(sip::FlowId flow, std::string_view why, TimePoint now) {
  for (auto& [number, line] : lines_) line.machine.flow_closed(flow, why, now);
}

void Trunks::site_connected(const SiteId& site, TimePoint now) {
  for (auto& [number, line] : lines_)
    if (line.machine.trunk().site == site) line.machine.site_connected(now);
}

void Trunks::answered(TrunkNumber trunk, RequestId request, const sip::Message& response, TimePoint now) {
  if (const auto line = lines_.find(trunk); line != lines_.end()) line->second.machine.answered(request, response, now);
}

void Trunks::failed(TrunkNumber trunk, RequestId request, bool timed_out, TimePoint now) {
  if (const auto line = lines_.find(trunk); line != lines_.end()) line->second.machine.failed(request, timed_out, now);
}

void Trunks::server_failed(TrunkNumber trunk, const ServerKey& server, std::string why, Duration at_least,
                           TimePoint now) {
  if (const auto line = lines_.find(trunk); line != lines_.end())
    line->second.machine.server_failed(server, std::move(why), at_least, now);
}

void Trunks::server_answered(TrunkNumber trunk, const ServerKey& server, TimePoint now) {
  if (const auto line = lines_.find(trunk); line != lines_.end()) line->second.machine.server_answered(server, now);
}

void Trunks::set_calls(TrunkNumber trunk, std::size_t calls) {
  if (const auto line = lines_.find(trunk); line != lines_.end()) line->second.calls = calls;
}

void Trunks::handle_timeout(TimePoint now) {
  for (auto& [number, line] : lines_)
    if (const auto at = line.machine.deadline(); at && *at <= now) line.machine.handle_timeout(now);
}

std::optional<TimePoint> Trunks::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [number, line] : lines_)
    if (const auto at = line.machine.deadline(); at && (!earliest || *at < *earliest)) earliest = at;
  return earliest;
}

std::optional<std::pair<TrunkNumber, Effect>> Trunks::poll_effect() {
  for (auto& [number, line] : lines_)
    if (auto effect = line.machine.poll_effect()) return std::pair{number, std::move(*effect)};
  sweep();
  return std::nullopt;
}

std::optional<TrunkNumber> Trunks::find(std::string_view name) const {
  const auto known = by_name_.find(name);
  return known == by_name_.end() ? std::nullopt : std::optional{known->second};
}

const Machine* Trunks::machine(TrunkNumber trunk) const {
  const auto line = lines_.find(trunk);
  return line == lines_.end() ? nullptr : &line->second.machine;
}

std::size_t Trunks::calls(TrunkNumber trunk) const {
  const auto line = lines_.find(trunk);
  return line == lines_.end() ? 0 : line->second.calls;
}

bool Trunks::take_invite(TrunkNumber trunk, TimePoint now) {
  const auto line = lines_.find(trunk);
  return line != lines_.end() && line->second.invites.take(invites, now);
}

std::vector<Server> Trunks::attempts(TrunkNumber trunk, TimePoint now) const {
  const auto* found = machine(trunk);
  return found ? found->attempts(now) : std::vector<Server>{};
}

std::optional<sip::Message> Trunks::authorise(TrunkNumber trunk, const sip::Message& request,
                                              const sip::Message& challenge) {
  const auto line = lines_.find(trunk);
  if (line == lines_.end()) return std::nullopt;
  auto answer = line->second.machine.credentials().answer(request, challenge, unique_());
  auto* message = std::get_if<sip::Message>(&answer);
  return message ? std::optional{std::move(*message)} : std::nullopt;
}

void Trunks::prepare(TrunkNumber trunk, sip::Message& request) {
  const auto line = lines_.find(trunk);
  if (line != lines_.end()) line->second.machine.credentials().prepare(request, unique_());
}

Trunks::Nearness Trunks::nearness(const Line& line, const sip::Flow& flow, Neighbours phones) {
  const auto& machine = line.machine;
  const auto& record = machine.trunk();
  if (!record.enabled || record.site != flow.address.site) return Nearness::none;
  const auto& at = flow.address;
  auto near = Nearness::none;
  for (const auto& server : machine.servers().all()) {
    if (server.flow && server.flow->id == flow.id) return Nearness::connection;
    const auto& there = server.target.endpoint;
    if (there == at.peer && server.target.transport == at.transport) near = std::max(near, Nearness::server);
    // Its calls may come from other ports than its server's; a connection that it makes always does.
    if (there.address == at.peer.address && phones == Neighbours::none) near = std::max(near, Nearness::address);
  }
  const auto is_source = [&](const AddressRange& range) { return range.has(at.peer.address); };
  if (phones != Neighbours::at_port && std::any_of(line.sources.begin(), line.sources.end(), is_source))
    near = std::max(near, Nearness::address);
  return near;
}

std::optional<TrunkNumber> Trunks::attribute(const sip::Flow& flow, std::string_view user, Neighbours phones,
                                             std::optional<TrunkNumber> account_at) const {
  std::optional<TrunkNumber> best;
  std::tuple<bool, Nearness, bool> rank{false, Nearness::none, false};
  for (const auto& [number, line] : lines_) {
    const auto near = nearness(line, flow, phones);
    if (near == Nearness::none) continue;
    const bool of_accounts = line.machine.trunk().kind == TrunkKind::accounts;
    const bool is_meant = of_accounts ? number == account_at : !user.empty() && user == line.machine.contact_user();
    const std::tuple mine{is_meant, near, !of_accounts};
    if (best && mine <= rank) continue;
    best = number;
    rank = mine;
  }
  return best;
}

bool Trunks::is_from(TrunkNumber trunk, const sip::Flow& flow, Neighbours phones) const {
  const auto line = lines_.find(trunk);
  return line != lines_.end() && nearness(line->second, flow, phones) != Nearness::none;
}

std::optional<sip::Flow> Trunks::flow_to(const sip::FlowAddress& address, std::optional<TrunkNumber> but) const {
  for (const auto& [number, line] : lines_) {
    if (number == but || line.machine.trunk().site != address.site) continue;
    const auto* server = line.machine.servers().find(ServerKey{address.transport, address.peer});
    if (server && server->flow) return server->flow;
  }
  return std::nullopt;
}

}  // namespace roamdesk::trunks

#include "tests/sim/element/simulation.hpp"

// What trunks need of the world: names, and flows to their servers.
namespace roamdesk::sim {
namespace {

constexpr auto dns_time = 5ms;

}  // namespace

void Simulation::locate(element::LookupId lookup, names::Query query) {
  ++lookups;
  names::Located located;
  if (const auto known = names.find(query.host); known != names.end())
    located = known->second;
  else
    located = {{}, names::ask_again_after, names::Problem{names::Fault::no_such_name, query.host}, false};
  after(dns_time, [this, lookup, located, number = core_number_] {
    if (core_ && number == core_number_) core_->element.located(lookup, located, now());
  });
}

std::optional<sip::Flow> Simulation::dial(const SiteId& site, sip::Transport transport, Endpoint peer,
                                          const std::optional<sip::TlsName>& tls) {
  if (away_.contains(site)) return std::nullopt;
  const sip::FlowAddress address{site, transport, face_to(site, peer), peer};
  if (tls) tls_names[address] = *tls;
  const auto flow = flow_of(address);
  // A connection is taken by who listens there; nobody else does.
  if (transport != sip::Transport::udp && !ears_.contains(address))
    after(lan, [this, address] { close(address, "can't be connected to"); });
  return flow;
}

void Simulation::close(const sip::FlowAddress& connection, const std::string& why) {
  const auto found = flows_.find(connection);
  if (found == flows_.end()) return;
  const auto flow = found->second;
  addresses_.erase(flow.id);
  flows_.erase(found);
  if (core_) core_->element.handle_flow_closed(flow, now(), why);
}

void Simulation::put_trunk(const Trunk& trunk) {
  core_->element.commit(
      {Put<Trunk>{trunk}}, [this, name = trunk.name](bool) { core_->element.trunk_changed(name, now()); }, now());
  run_for(50ms);
}

void Simulation::delete_trunk(const std::string& name) {
  core_->element.commit(
      {Delete<Trunk>{name}}, [this, name](bool) { core_->element.trunk_changed(name, now()); }, now());
  run_for(50ms);
}

void Simulation::have(Change record) {
  core_->element.commit({std::move(record)}, nullptr, now());
  run_for(50ms);
}

}  // namespace roamdesk::sim

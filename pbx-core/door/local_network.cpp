#include "pbx-core/door/local_network.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>

#include "common/phones/pnp.hpp"
#include "common/phones/pnp_origin.hpp"

namespace roamdesk::door {
namespace {

net::FlowKey key_of(const sip::FlowAddress& address) { return {address.transport, address.face, address.peer}; }

sip::Flow flow_of(std::uint64_t id, const net::FlowKey& key) {
  return {sip::FlowId{id}, {local_site(), key.transport, key.face, key.peer}};
}

}  // namespace

LocalNetwork::LocalNetwork(boost::asio::io_context& io, Settings settings, Callbacks callbacks)
    : io_(io),
      identity_(std::move(settings.identity)),
      callbacks_(std::move(callbacks)),
      edge_(settings.edge),
      listeners_(
          io, std::move(settings.listeners),
          {[this](const net::FlowKey& key, std::string_view message, bool to_group) { heard(key, message, to_group); },
           [this](const net::FlowKey& key) { edge_.open_connection(key, std::chrono::steady_clock::now()); },
           [this](const net::FlowKey& key, std::string_view why) { connection_closed(key, why); },
           [this](IpAddress address) { return edge_.is_home(address); }}) {}

void LocalNetwork::start() { listeners_.start(identity_); }
void LocalNetwork::stop() { listeners_.stop(); }

void LocalNetwork::heard(const net::FlowKey& key, std::string_view message, bool to_group) {
  const auto accepted = edge_.handle_message(key, message, std::chrono::steady_clock::now());
  tell_closed();
  if (!accepted || (to_group && !phones::is_discovery(message))) return;
  const auto flow = flow_of(accepted->flow, key);
  const auto marked = to_group ? std::nullopt : phones::mark_unicast(message);
  callbacks_.message(flow, marked ? std::string_view{*marked} : message);
}

void LocalNetwork::connection_closed(const net::FlowKey& key, std::string_view why) {
  const auto flow = edge_.find(key);
  if (!flow) return;
  const auto standing = *edge_.standing(*flow);
  edge_.close(*flow);
  tell_closed({*flow, key, standing}, why);
}

bool LocalNetwork::send(sip::FlowId flow, std::string_view message) {
  const auto key = edge_.find(flow.value());
  if (key) listeners_.send(*key, message);
  return key.has_value();
}

std::optional<sip::Flow> LocalNetwork::find_or_open(const sip::FlowAddress& address, TimePoint now) {
  const auto key = key_of(address);
  if (const auto id = edge_.find(key)) return flow_of(*id, key);
  if (key.transport != sip::Transport::udp || !listeners_.is_face(key.transport, key.face)) return std::nullopt;
  const auto id = edge_.next_number();
  if (!edge_.insert(key, id, now)) return std::nullopt;
  return flow_of(id, key);
}

std::optional<sip::Flow> LocalNetwork::connect(const sip::FlowAddress& address, TimePoint now) {
  const auto key = key_of(address);
  if (const auto id = edge_.find(key)) return flow_of(*id, key);
  if (!listeners_.connect(key)) return std::nullopt;
  const auto id = edge_.next_number();
  edge_.insert(key, id, now);  // connections are bounded by their listener
  return flow_of(id, key);
}

std::optional<sip::Flow> LocalNetwork::dial(sip::Transport transport, Endpoint peer,
                                            const std::optional<sip::TlsName>& tls, TimePoint now) {
  std::optional<net::TlsPeer> name;
  if (tls) name = net::TlsPeer{tls->name, tls->authority.empty() ? std::nullopt : std::optional{tls->authority}};
  const auto key = listeners_.dial(transport, peer, name);
  if (!key) return std::nullopt;
  if (const auto id = edge_.find(*key)) return flow_of(*id, *key);
  const auto id = edge_.next_number();
  if (!edge_.insert(*key, id, now) && transport == sip::Transport::udp) return std::nullopt;
  return flow_of(id, *key);
}

bool LocalNetwork::can_reach(sip::Transport transport, const Endpoint& peer) const {
  return listeners_.can_reach(transport, peer);
}

bool LocalNetwork::close(sip::FlowId flow) {
  const auto key = edge_.find(flow.value());
  if (!key) return false;
  if (key->transport == sip::Transport::udp)
    edge_.close(flow.value());
  else  // on the loop's next turn: the handler isn't called from inside this
    boost::asio::post(io_, [this, closed = *key] { listeners_.close(closed); });
  return true;
}

void LocalNetwork::prove(const sip::FlowAddress& address, sip::Standing standing) {
  const auto key = key_of(address);
  const auto flow = edge_.find(key);
  if (!flow || *edge_.standing(*flow) >= standing) return;
  edge_.prove(*flow, standing);
  listeners_.prove(key);
}

void LocalNetwork::release(const sip::FlowAddress& address) {
  const auto flow = edge_.find(key_of(address));
  if (flow && edge_.standing(*flow) >= sip::Standing::registered) edge_.prove(*flow, sip::Standing::proven);
}

bool LocalNetwork::expire(TimePoint now) {
  const bool more = edge_.handle_timeout(now);
  tell_closed();
  return more;
}

void LocalNetwork::tell_closed() {
  while (const auto closed = edge_.poll_closed()) tell_closed(*closed);
}

void LocalNetwork::tell_closed(const net::FlowTable::Closed& closed, std::string_view why) {
  if (closed.standing != sip::Standing::unproven) callbacks_.closed(flow_of(closed.number, closed.key), why);
}

}  // namespace roamdesk::door

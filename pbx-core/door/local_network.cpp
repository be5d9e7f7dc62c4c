#include "pbx-core/door/local_network.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <stdexcept>

#include "common/log/log.hpp"
#include "common/phones/pnp.hpp"
#include "common/phones/pnp_origin.hpp"
#include "common/sip/via.hpp"

namespace roamdesk::door {
namespace {

template <class T>
const T& must(const Result<T>& result, std::string_view what, const Endpoint& address) {
  if (!result)
    throw std::runtime_error(
        fmt::format("{} can't listen on {}: {}", what, to_string(address), result.error().message()));
  return *result;
}

bool is_face(const std::optional<Endpoint>& listener, const Endpoint& face) {
  return listener && listener->port == face.port &&
         (listener->address.is_unspecified() || listener->address == face.address);
}

}  // namespace

LocalNetwork::LocalNetwork(boost::asio::io_context& io, Settings settings, Callbacks callbacks)
    : io_(io), settings_(std::move(settings)), callbacks_(std::move(callbacks)), edge_(settings_.edge) {}

void LocalNetwork::start() {
  if (settings_.udp) {
    udp_ = std::make_unique<net::UdpSocket>(
        io_, [this](const net::Datagram& datagram) { handle_datagram(datagram, false); });
    udp_at_ = must(udp_->open(*settings_.udp), "SIP over UDP", *settings_.udp);
  }
  if (settings_.tcp) {
    tcp_ = make_streams(false);
    tcp_at_ = must(tcp_->listen(*settings_.tcp, std::nullopt), "SIP over TCP", *settings_.tcp);
  }
  if (settings_.tls && settings_.identity) {
    tls_ = make_streams(true);
    tls_at_ = must(tls_->listen(*settings_.tls, settings_.identity), "SIP over TLS", *settings_.tls);
  }
  if (udp_ && settings_.pnp_group && !settings_.pnp_interfaces.empty()) {
    pnp_ = std::make_unique<net::MulticastListener>(io_, [this](net::Datagram datagram) {
      datagram.local.port = udp_at_->port;  // as if it had come to the face: answers leave from there
      handle_datagram(datagram, true);
    });
    if (const auto opened = pnp_->open(*settings_.pnp_group, settings_.pnp_interfaces); !opened)
      throw std::runtime_error(
          fmt::format("plug-and-play can't join {}: {}", to_string(*settings_.pnp_group), opened.error().message()));
  }
}

void LocalNetwork::stop() {
  pnp_.reset();
  udp_.reset();
  if (tcp_) tcp_->stop();
  if (tls_) tls_->stop();
}

sip::Flow LocalNetwork::flow_of(std::uint64_t id, const net::FlowKey& key) {
  return {sip::FlowId{id}, {local_site(), key.transport, key.face, key.peer}};
}

void LocalNetwork::pass_on(const sip::Flow& flow, std::string_view message) {
  if (const auto marked = phones::mark_unicast(message)) return callbacks_.message(flow, *marked);
  callbacks_.message(flow, message);
}

void LocalNetwork::handle_datagram(const net::Datagram& datagram, bool to_group) {
  const net::FlowKey key{sip::Transport::udp, datagram.local, sip::answers_to(datagram.bytes, datagram.peer)};
  const auto accepted = edge_.handle_message(key, datagram.bytes, std::chrono::steady_clock::now());
  tell_closed();
  if (!accepted || (to_group && !phones::is_discovery(datagram.bytes))) return;
  const auto flow = flow_of(accepted->flow, key);
  to_group ? callbacks_.message(flow, datagram.bytes) : pass_on(flow, datagram.bytes);
}

std::unique_ptr<net::SipStreams> LocalNetwork::make_streams(bool tls) {
  net::SipStreams::Callbacks callbacks;
  callbacks.opened = [this, tls](net::ConnectionId connection, Endpoint local, Endpoint peer) {
    opened(connection, tls, local, peer);
  };
  callbacks.message = [this, tls](net::ConnectionId connection, std::string_view message) {
    const auto& flows = tls ? flow_of_tls_ : flow_of_tcp_;
    const net::FlowKey key = *edge_.find(flows.at(connection));
    if (const auto accepted = edge_.handle_message(key, message, std::chrono::steady_clock::now()))
      pass_on(flow_of(accepted->flow, key), message);
  };
  callbacks.closed = [this, tls](net::ConnectionId connection) {
    if (const auto closed = forget(connection, tls)) tell_closed(*closed);
  };
  callbacks.refused = [this](Endpoint peer, std::string_view why) {
    ++connections_refused_;
    log::repeated(log::Level::info, "sip.connection_refused", to_string(peer.address), {{"peer", peer}, {"why", why}});
  };
  callbacks.is_home = [this](Ipv4 address) { return edge_.is_home(address); };
  return std::make_unique<net::SipStreams>(io_, net::StreamLimits{}, std::move(callbacks), settings_.handshakes);
}

void LocalNetwork::opened(net::ConnectionId connection, bool tls, Endpoint local, Endpoint peer) {
  const net::FlowKey key{tls ? sip::Transport::tls : sip::Transport::tcp, local, peer};
  std::optional<net::FlowTable::Closed> closed;
  // A phone that comes from the port it listens on: its own connection takes the place of the one that we made.
  if (const auto ours = edge_.find(key)) {
    const auto old = connections_.at(*ours).connection;
    closed = forget(old, tls);
    (tls ? tls_ : tcp_)->close(old);
  }
  add(edge_.open_connection(key, std::chrono::steady_clock::now()), connection, tls);
  if (closed) tell_closed(*closed);
}

void LocalNetwork::add(std::uint64_t flow, net::ConnectionId connection, bool tls) {
  connections_.emplace(flow, Connected{connection, tls});
  (tls ? flow_of_tls_ : flow_of_tcp_).emplace(connection, flow);
}

std::optional<net::FlowTable::Closed> LocalNetwork::forget(net::ConnectionId connection, bool tls) {
  auto& flows = tls ? flow_of_tls_ : flow_of_tcp_;
  const auto found = flows.find(connection);
  if (found == flows.end()) return std::nullopt;
  const auto flow = found->second;
  const auto standing = *edge_.standing(flow);
  flows.erase(found);
  connections_.erase(flow);
  return net::FlowTable::Closed{flow, *edge_.close(flow), standing};
}

bool LocalNetwork::send(sip::FlowId flow, std::string_view message) {
  const auto key = edge_.find(flow.value());
  if (!key) return false;
  if (key->transport != sip::Transport::udp) {
    const Connected& connected = connections_.at(flow.value());
    (connected.tls ? tls_ : tcp_)->send(connected.connection, message);
    return true;
  }
  if (udp_) udp_->send(key->face, key->peer, message);
  return true;
}

std::optional<sip::Flow> LocalNetwork::find_or_open(const sip::FlowAddress& address, TimePoint now) {
  const net::FlowKey key{address.transport, address.face, address.peer};
  if (const auto id = edge_.find(key)) return flow_of(*id, key);
  if (address.transport != sip::Transport::udp || !is_face(udp_at_, address.face)) return std::nullopt;
  const auto id = edge_.next_number();
  if (!edge_.insert(key, id, now)) return std::nullopt;
  return flow_of(id, key);
}

std::optional<sip::Flow> LocalNetwork::connect(const sip::FlowAddress& address, TimePoint now) {
  const net::FlowKey key{address.transport, address.face, address.peer};
  if (const auto id = edge_.find(key)) return flow_of(*id, key);
  if (address.transport != sip::Transport::tcp || !is_face(tcp_at_, address.face)) return std::nullopt;
  const auto connection = tcp_->connect(address.face.address, address.peer);
  if (!connection) return std::nullopt;
  const auto id = edge_.next_number();
  edge_.insert(key, id, now);  // connections are bounded by their listener
  add(id, *connection, false);
  return flow_of(id, key);
}

bool LocalNetwork::close(sip::FlowId flow) {
  const auto key = edge_.find(flow.value());
  if (!key) return false;
  if (const auto connected = connections_.find(flow.value()); connected != connections_.end()) {
    // closed() does the rest, on the loop's next turn: the handler isn't called from inside this.
    boost::asio::post(io_, [this, open = connected->second] {
      if (auto& streams = open.tls ? tls_ : tcp_) streams->close(open.connection);
    });
  } else {
    edge_.close(flow.value());
  }
  return true;
}

void LocalNetwork::prove(const sip::FlowAddress& address, sip::Standing standing) {
  const auto flow = edge_.find(net::FlowKey{address.transport, address.face, address.peer});
  if (!flow || *edge_.standing(*flow) >= standing) return;
  edge_.prove(*flow, standing);
  stay(*flow);
}

void LocalNetwork::stay(std::uint64_t flow) {
  const auto found = connections_.find(flow);
  if (found != connections_.end()) (found->second.tls ? tls_ : tcp_)->prove(found->second.connection);
}

void LocalNetwork::release(const sip::FlowAddress& address) {
  const auto flow = edge_.find(net::FlowKey{address.transport, address.face, address.peer});
  if (flow && edge_.standing(*flow) == sip::Standing::registered) edge_.prove(*flow, sip::Standing::proven);
}

bool LocalNetwork::expire(TimePoint now) {
  const bool more = edge_.handle_timeout(now);
  tell_closed();
  return more;
}

void LocalNetwork::tell_closed() {
  while (const auto closed = edge_.poll_closed()) tell_closed(*closed);
}

void LocalNetwork::tell_closed(const net::FlowTable::Closed& closed) {
  if (closed.standing != sip::Standing::unproven) callbacks_.closed(flow_of(closed.number, closed.key));
}

}  // namespace roamdesk::door

#include "sbc/lan/sip_listeners.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "common/log/log.hpp"
#include "common/phones/pnp.hpp"
#include "common/phones/pnp_origin.hpp"
#include "common/sip/via.hpp"

namespace roamdesk::sbc {
namespace {

[[noreturn]] void fail(std::string_view what, Endpoint address, const boost::system::error_code& error) {
  throw std::runtime_error(fmt::format("{} can't listen on {}: {}", what, to_string(address), error.message()));
}

}  // namespace

SipListeners::SipListeners(boost::asio::io_context& io, std::vector<LanConfig> lans, Endpoint pnp_group,
                           Callbacks callbacks, Handshakes* handshakes)
    : io_(io),
      lans_(std::move(lans)),
      pnp_group_(pnp_group),
      callbacks_(std::move(callbacks)),
      handshakes_(handshakes) {}

void SipListeners::start(const std::optional<net::TlsIdentity>& identity) {
  std::vector<Ipv4> interfaces;
  for (const LanConfig& lan : lans_) {
    start_lan(lan, identity);
    if (lan.pnp && lan.sip) interfaces.push_back(lan.address);
  }
  if (interfaces.empty()) return;
  pnp_ = std::make_unique<net::MulticastListener>(io_, [this](const net::Datagram& datagram) {
    if (!phones::is_discovery(datagram.bytes)) return;
    const Endpoint peer = sip::answers_to(datagram.bytes, datagram.peer);
    for (const LanConfig& lan : lans_)
      if (lan.address == datagram.local.address)
        // As if it had come to the face: every answer leaves from exactly there (contract §4).
        callbacks_.message({sip::Transport::udp, {lan.address, *lan.sip}, peer}, datagram.bytes);
  });
  if (const auto opened = pnp_->open(pnp_group_, interfaces); !opened)
    fail("plug-and-play", pnp_group_, opened.error());
}

void SipListeners::pass_on(const net::FlowKey& key, std::string_view message) {
  if (const auto marked = phones::mark_unicast(message)) return callbacks_.message(key, *marked);
  callbacks_.message(key, message);
}

void SipListeners::start_lan(const LanConfig& lan, const std::optional<net::TlsIdentity>& identity) {
  if (lan.sip) {
    const Endpoint address{lan.address, *lan.sip};
    auto socket = std::make_unique<net::UdpSocket>(io_, [this](const net::Datagram& datagram) {
      const Endpoint peer = sip::answers_to(datagram.bytes, datagram.peer);
      pass_on({sip::Transport::udp, datagram.local, peer}, datagram.bytes);
    });
    if (const auto opened = socket->open(address); !opened) fail("SIP over UDP", address, opened.error());
    udp_.emplace(address, std::move(socket));
    listen(address, sip::Transport::tcp, std::nullopt);
  }
  if (lan.sips && identity) listen({lan.address, *lan.sips}, sip::Transport::tls, identity);
}

void SipListeners::listen(Endpoint address, sip::Transport transport, const std::optional<net::TlsIdentity>& identity) {
  auto listener = std::make_shared<Listener>();
  net::SipStreams::Callbacks callbacks;
  callbacks.opened = [this, listener, transport](net::ConnectionId connection, Endpoint local, Endpoint peer) {
    const net::FlowKey key{transport, local, peer};
    // A phone that comes from the port it listens on: its own connection takes the place of the one that we made.
    if (const auto ours = connections_.find(key); ours != connections_.end()) {
      const auto old = ours->second.connection;
      listener->key_of.erase(old);
      listener->streams->close(old);
      callbacks_.closed(key);
    }
    listener->key_of.emplace(connection, key);
    connections_.insert_or_assign(key, Connected{listener->streams, connection});
  };
  callbacks.message = [this, listener](net::ConnectionId connection, std::string_view message) {
    pass_on(listener->key_of.at(connection), message);
  };
  callbacks.closed = [this, listener](net::ConnectionId connection) {
    const auto found = listener->key_of.find(connection);
    if (found == listener->key_of.end()) return;
    const net::FlowKey key = found->second;
    listener->key_of.erase(found);
    connections_.erase(key);
    callbacks_.closed(key);
  };
  callbacks.refused = [this](Endpoint peer, std::string_view why) {
    ++connections_refused_;
    log::repeated(log::Level::info, "sip.connection_refused", to_string(peer.address), {{"peer", peer}, {"why", why}});
  };
  callbacks.is_home = callbacks_.is_home;
  // A branch has hundreds of phones, each with one connection or two.
  net::StreamLimits limits;
  limits.places.in_all = 2048;
  limits.places.reserved = 512;
  limits.places.per_address = 16;
  limits.places.per_known_address = 64;
  auto streams = std::make_unique<net::SipStreams>(io_, limits, std::move(callbacks), handshakes_);
  listener->streams = streams.get();
  if (const auto opened = streams->listen(address, identity); !opened)
    fail(transport == sip::Transport::tls ? "SIP over TLS" : "SIP over TCP", address, opened.error());
  streams_.push_back(std::move(streams));
  if (transport == sip::Transport::tcp) tcp_.emplace(address, std::move(listener));
}

void SipListeners::stop() {
  pnp_.reset();
  udp_.clear();
  tcp_.clear();
  for (auto& streams : streams_) streams->stop();
  connections_.clear();
}

bool SipListeners::send(const net::FlowKey& key, std::string_view message) {
  if (key.transport == sip::Transport::udp) {
    const auto socket = udp_.find(key.face);
    return socket != udp_.end() && socket->second->send(key.face, key.peer, message);
  }
  const auto found = connections_.find(key);
  return found != connections_.end() && found->second.streams->send(found->second.connection, message);
}

void SipListeners::close(const net::FlowKey& key) {
  const auto found = connections_.find(key);
  if (found == connections_.end()) return;
  const Connected connected = found->second;
  connected.streams->close(connected.connection);
}

bool SipListeners::connect(const net::FlowKey& key) {
  if (connections_.contains(key)) return true;
  const auto at = key.transport == sip::Transport::tcp ? tcp_.find(key.face) : tcp_.end();
  if (at == tcp_.end()) return false;
  Listener& listener = *at->second;
  const auto connection = listener.streams->connect(key.face.address, key.peer);
  if (!connection) return false;
  listener.key_of.emplace(*connection, key);
  connections_.emplace(key, Connected{listener.streams, *connection});
  return true;
}

void SipListeners::prove(const net::FlowKey& key) {
  const auto found = connections_.find(key);
  if (found != connections_.end()) found->second.streams->prove(found->second.connection);
}

std::vector<Endpoint> SipListeners::faces() const {
  std::vector<Endpoint> faces;
  for (const auto& [address, socket] : udp_) faces.push_back(address);
  return faces;
}

}  // namespace roamdesk::sbc

#include "common/sip_transport/sip_listeners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <stdexcept>

#include "common/log/log.hpp"
#include "common/net/asio_address.hpp"
#include "common/sip/via.hpp"

namespace roamdesk::net {
namespace {

[[noreturn]] void fail(std::string_view what, Endpoint address, const boost::system::error_code& error) {
  throw std::runtime_error(fmt::format("{} {}: {}", what, to_string(address), error.message()));
}

// The address of ours from which the peer is reached; nullopt where there is no way to it. Nothing is sent.
std::optional<IpAddress> source_to(boost::asio::io_context& io, const Endpoint& peer) {
  using boost::asio::ip::udp;
  boost::system::error_code error;
  udp::socket socket{io};
  const udp::endpoint there{to_asio(peer.address), peer.port};
  socket.open(there.protocol(), error);
  if (!error) socket.connect(there, error);
  if (error) return std::nullopt;
  const auto local = socket.local_endpoint(error);
  return error ? std::nullopt : std::optional{from_asio(local.address())};
}

// Whether what listens at this address serves the family of the other one: :: serves both.
bool serves(IpAddress listener, IpAddress other) {
  return listener == every_address || listener.is_v4() == other.is_v4();
}

bool has(const Endpoint& listener, const Endpoint& face) {
  return listener.port == face.port && (listener.address == face.address ||
                                        (listener.address.is_unspecified() && serves(listener.address, face.address)));
}

}  // namespace

SipListeners::SipListeners(boost::asio::io_context& io, Settings settings, Callbacks callbacks)
    : io_(io), settings_(std::move(settings)), callbacks_(std::move(callbacks)) {}

void SipListeners::start(const std::optional<TlsIdentity>& identity) {
  std::vector<IpAddress> interfaces;
  for (const SipNetwork& network : settings_.networks) {
    std::optional<Endpoint> udp;
    if (network.udp) udp = open_udp(*network.udp);
    if (network.tcp) listen(*network.tcp, sip::Transport::tcp, std::nullopt);
    if (network.tls && identity) listen(*network.tls, sip::Transport::tls, identity);
    if (!udp) continue;
    for (const IpAddress address : network.pnp) {
      pnp_faces_[address] = {udp->address.is_unspecified() ? address : udp->address, udp->port};
      interfaces.push_back(address);
    }
  }
  if (interfaces.empty()) return;
  pnp_ = std::make_unique<MulticastListener>(io_, [this](const Datagram& datagram) { hear_group(datagram); });
  if (const auto opened = pnp_->open(settings_.pnp_group, interfaces); !opened)
    fail("plug-and-play can't join", settings_.pnp_group, opened.error());
}

void SipListeners::use_identity(const TlsIdentity& identity) {
  for (const auto& listener : listeners_) listener->streams->use_identity(identity);
}

void SipListeners::mark(int dscp) {
  dscp_ = dscp;
  for (const Udp& udp : udp_) udp.socket->mark(dscp);
  for (const auto& listener : listeners_) listener->streams->mark(dscp);
}

void SipListeners::stop() {
  pnp_.reset();
  udp_.clear();
  for (const auto& listener : listeners_) listener->streams->stop();
  connections_.clear();
}

// As if it had come to the face: every answer leaves from exactly there.
void SipListeners::hear_group(const Datagram& datagram) {
  const auto face = pnp_faces_.find(datagram.local.address);
  if (face == pnp_faces_.end()) return;
  callbacks_.message({sip::Transport::udp, face->second, sip::answers_to(datagram.bytes, datagram.peer)},
                     datagram.bytes, true);
}

Endpoint SipListeners::open_udp(Endpoint address) {
  auto socket = std::make_unique<UdpSocket>(io_, [this](const Datagram& datagram) {
    callbacks_.message({sip::Transport::udp, datagram.local, sip::answers_to(datagram.bytes, datagram.peer)},
                       datagram.bytes, false);
  });
  const auto opened = socket->open(address);
  if (!opened) fail("SIP over UDP can't listen on", address, opened.error());
  udp_.push_back({*opened, std::move(socket)});
  return *opened;
}

std::unique_ptr<SipStreams> SipListeners::make_streams(Listener& listener) {
  SipStreams::Callbacks callbacks;
  callbacks.opened = [this, &listener](ConnectionId connection, Endpoint local, Endpoint peer) {
    opened(listener, connection, {listener.transport, local, peer});
  };
  callbacks.message = [this, &listener](ConnectionId connection, std::string_view message) {
    callbacks_.message(listener.key_of.at(connection), message, false);
  };
  callbacks.closed = [this, &listener](ConnectionId connection, std::string_view why) {
    closed(listener, connection, why);
  };
  callbacks.refused = [this](Endpoint peer, std::string_view why) {
    ++connections_refused_;
    log::repeated(log::Level::info, "sip.connection_refused", to_string(peer.address.source()),
                  {{"peer", peer}, {"why", why}});
  };
  callbacks.is_home = callbacks_.is_home;
  auto streams = std::make_unique<SipStreams>(io_, settings_.limits, std::move(callbacks), settings_.handshakes);
  streams->mark(dscp_);
  return streams;
}

void SipListeners::listen(Endpoint address, sip::Transport transport, const std::optional<TlsIdentity>& identity) {
  listeners_.push_back(std::make_unique<Listener>());
  Listener& listener = *listeners_.back();
  listener.transport = transport;
  listener.streams = make_streams(listener);
  const auto opened = listener.streams->listen(address, identity);
  if (!opened)
    fail(transport == sip::Transport::tls ? "SIP over TLS can't listen on" : "SIP over TCP can't listen on", address,
         opened.error());
  listener.at = *opened;
}

void SipListeners::opened(Listener& listener, ConnectionId connection, const FlowKey& key) {
  // A phone that comes from the port it listens on: its own connection takes the place of the one that we made.
  const auto ours = connections_.find(key);
  const bool replaces = ours != connections_.end();
  if (replaces) {
    const Connected old = ours->second;
    listener.key_of.erase(old.connection);
    old.streams->close(old.connection);
  }
  listener.key_of.emplace(connection, key);
  connections_.insert_or_assign(key, Connected{listener.streams.get(), connection});
  if (replaces) callbacks_.closed(key, "the peer has made another one");
  if (callbacks_.opened) callbacks_.opened(key);
}

void SipListeners::closed(Listener& listener, ConnectionId connection, std::string_view why) {
  const auto found = listener.key_of.find(connection);
  if (found == listener.key_of.end()) return;
  const FlowKey key = found->second;
  listener.key_of.erase(found);
  connections_.erase(key);
  callbacks_.closed(key, why);
}

const SipListeners::Udp* SipListeners::udp_at(const Endpoint& face) const {
  const auto found = std::find_if(udp_.begin(), udp_.end(), [&](const Udp& udp) { return has(udp.at, face); });
  return found == udp_.end() ? nullptr : &*found;
}

SipListeners::Listener* SipListeners::tcp_at(const Endpoint& face) const {
  const auto found = std::find_if(listeners_.begin(), listeners_.end(), [&](const auto& listener) {
    return listener->transport == sip::Transport::tcp && listener->listens && has(listener->at, face);
  });
  return found == listeners_.end() ? nullptr : found->get();
}

bool SipListeners::send(const FlowKey& key, std::string_view message) {
  if (key.transport == sip::Transport::udp) {
    const Udp* udp = udp_at(key.face);
    return udp && udp->socket->send(key.face, key.peer, message);
  }
  const auto found = connections_.find(key);
  return found != connections_.end() && found->second.streams->send(found->second.connection, message);
}

void SipListeners::close(const FlowKey& key) {
  const auto found = connections_.find(key);
  if (found == connections_.end()) return;
  const Connected connected = found->second;
  connected.streams->close(connected.connection);
}

bool SipListeners::connect(const FlowKey& key) {
  if (connections_.contains(key)) return true;
  Listener* listener = key.transport == sip::Transport::tcp ? tcp_at(key.face) : nullptr;
  if (!listener) return false;
  const auto connection = listener->streams->connect(key.face.address, key.peer);
  if (!connection) return false;
  listener->key_of.emplace(*connection, key);
  connections_.emplace(key, Connected{listener->streams.get(), *connection});
  return true;
}

// The one that listens for it; where none does, one that only connects.
SipListeners::Listener& SipListeners::connecting_listener(sip::Transport transport, IpAddress peer) {
  for (const auto& listener : listeners_)
    if (listener->transport == transport && serves(listener->at.address, peer)) return *listener;
  listeners_.push_back(std::make_unique<Listener>());
  Listener& listener = *listeners_.back();
  listener.transport = transport;
  listener.listens = false;
  listener.at = {every_address, static_cast<std::uint16_t>(transport == sip::Transport::tls ? 5061 : 5060)};
  listener.streams = make_streams(listener);
  return listener;
}

std::optional<FlowKey> SipListeners::dial(sip::Transport transport, const Endpoint& peer,
                                          const std::optional<TlsPeer>& tls) {
  const auto face_at = [&](const Endpoint& at) -> std::optional<Endpoint> {
    if (!at.address.is_unspecified()) return at;
    const auto source = source_to(io_, peer);
    return source ? std::optional{Endpoint{*source, at.port}} : std::nullopt;
  };
  if (transport == sip::Transport::udp) {
    const auto socket =
        std::find_if(udp_.begin(), udp_.end(), [&](const Udp& udp) { return serves(udp.at.address, peer.address); });
    const auto face = socket == udp_.end() ? std::nullopt : face_at(socket->at);
    return face ? std::optional{FlowKey{transport, *face, peer}} : std::nullopt;
  }
  if (tls.has_value() != (transport == sip::Transport::tls)) return std::nullopt;
  Listener& listener = connecting_listener(transport, peer.address);
  const auto face = face_at(listener.at);
  if (!face) return std::nullopt;
  const FlowKey key{transport, *face, peer};
  if (connections_.contains(key)) return key;
  const auto connection = listener.streams->connect(key.face.address, key.peer, tls);
  if (!connection) return std::nullopt;
  listener.key_of.emplace(*connection, key);
  connections_.emplace(key, Connected{listener.streams.get(), *connection});
  return key;
}

bool SipListeners::can_reach(sip::Transport transport, const Endpoint& peer) const {
  const bool has_socket =
      transport != sip::Transport::udp ||
      std::any_of(udp_.begin(), udp_.end(), [&](const Udp& udp) { return serves(udp.at.address, peer.address); });
  return has_socket && source_to(io_, peer);
}

void SipListeners::prove(const FlowKey& key) {
  const auto found = connections_.find(key);
  if (found != connections_.end()) found->second.streams->prove(found->second.connection);
}

bool SipListeners::is_face(sip::Transport transport, const Endpoint& face) const {
  if (transport == sip::Transport::udp) return udp_at(face) != nullptr;
  return std::any_of(listeners_.begin(), listeners_.end(), [&](const auto& listener) {
    return listener->transport == transport && listener->listens && has(listener->at, face);
  });
}

std::vector<Endpoint> SipListeners::faces() const {
  std::vector<Endpoint> faces;
  faces.reserve(udp_.size());
  for (const Udp& udp : udp_) faces.push_back(udp.at);
  return faces;
}

std::optional<Endpoint> SipListeners::at(sip::Transport transport) const {
  if (transport == sip::Transport::udp) return udp_.empty() ? std::nullopt : std::optional{udp_.front().at};
  for (const auto& listener : listeners_)
    if (listener->transport == transport && listener->listens) return listener->at;
  return std::nullopt;
}

}  // namespace roamdesk::net

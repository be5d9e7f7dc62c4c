#include "common/sip_transport/sip_streams.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <map>
#include <unordered_map>
#include <vector>

#include "common/net/asio_address.hpp"
#include "common/net/socket_address.hpp"
#include "common/sip_transport/sip_connection.hpp"
#include "common/sip_transport/tls_context.hpp"

namespace roamdesk::net {

namespace asio = boost::asio;
using asio::ip::tcp;

class SipStreams::Impl : public std::enable_shared_from_this<SipStreams::Impl> {
 public:
  Impl(asio::io_context& io, StreamLimits limits, Callbacks callbacks, Handshakes* handshakes)
      : io_(io),
        limits_(limits),
        callbacks_(std::move(callbacks)),
        handshakes_(handshakes),
        places_(limits.places),
        handshakes_of_(limits.handshakes_of_address) {}

  Result<Endpoint> listen(Endpoint address, const std::optional<TlsIdentity>& identity) {
    auto listener = std::make_shared<Listener>(io_);
    if (identity) listener->tls = make_server_context(*identity);
    if (const auto error = net::listen(listener->acceptor, address, 256)) return error;
    listeners_.push_back(listener);
    mark(listener->acceptor);
    accept(listener);
    return from_asio(listener->acceptor.local_endpoint());
  }

  // Streams keep what they need of the context with which they were made.
  void use_identity(const TlsIdentity& identity) {
    for (const auto& listener : listeners_)
      if (listener->tls) listener->tls = make_server_context(identity);
  }

  std::optional<ConnectionId> connect(IpAddress local, Endpoint peer, const std::optional<TlsPeer>& tls) {
    const auto to_address = std::count_if(connecting_.begin(), connecting_.end(),
                                          [&](const auto& entry) { return entry.second == peer.address.source(); });
    if (connecting_.size() >= limits_.connecting ||
        static_cast<std::size_t>(to_address) >= limits_.connecting_to_address)
      return std::nullopt;
    tcp::socket socket{io_};
    boost::system::error_code error;
    socket.open(to_tcp(peer).protocol(), error);
    if (!error) socket.bind(to_tcp({local, 0}), error);
    if (error) return std::nullopt;
    mark(socket);
    // The streams made of it keep what they need of it.
    std::optional<asio::ssl::context> context;
    if (tls && !(context = make_client_context(*tls))) return std::nullopt;
    const auto entered = places_.enter(peer.address, is_home(peer.address), std::chrono::steady_clock::now());
    if (!entered) return std::nullopt;
    places_.set_standing(entered->place, Places::Standing::stays);
    if (entered->gives_way)
      asio::post(io_, [self = weak_from_this(), place = *entered->gives_way] {
        if (const auto impl = self.lock()) impl->give_way(place);
      });
    const ConnectionId id{++last_};
    connecting_.emplace(id, peer.address.source());
    auto events = events_of(id, peer);
    events.opened = [self = weak_from_this(), id] {
      if (const auto impl = self.lock()) impl->connecting_.erase(id);
    };
    socket.set_option(tcp::no_delay{true}, error);
    auto connection = std::make_shared<SipConnection>(std::move(socket), context ? &*context : nullptr, handshakes_,
                                                      limits_, std::move(events));
    add(id, {connection, peer, entered->place, true});
    connection->connect(peer, tls);
    return id;
  }

  bool send(ConnectionId id, std::string_view bytes) {
    const auto found = connections_.find(id);
    return found != connections_.end() && found->second.connection->send(bytes);
  }

  void close(ConnectionId id, std::string_view why = "closed by us") {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    const auto connection = found->second.connection;
    connection->close(why);
  }

  void prove(ConnectionId id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    places_.set_standing(found->second.place, Places::Standing::stays);
    found->second.connection->prove();
  }

  // A connection that is accepted has its listener's.
  void mark(int dscp) {
    dscp_ = dscp;
    for (const auto& listener : listeners_) mark(listener->acceptor);
  }

  void stop() {
    callbacks_ = {};
    boost::system::error_code ignored;
    for (const auto& listener : listeners_) listener->acceptor.close(ignored);
    listeners_.clear();
    for (auto& [id, open] : connections_) open.connection->stop();
    connections_.clear();
    connecting_.clear();
    by_place_.clear();
  }

  std::size_t size() const { return connections_.size(); }

 private:
  template <class Socket>
  void mark(Socket& socket) const {
    boost::system::error_code error;
    const auto at = socket.local_endpoint(error);
    if (!error) net::mark(socket.native_handle(), at.protocol().family(), dscp_);
  }
  struct Listener {
    explicit Listener(asio::io_context& io) : acceptor(io), pause(io) {}
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    std::unique_ptr<asio::ssl::context> tls;
  };
  struct Open {
    std::shared_ptr<SipConnection> connection;
    Endpoint peer;
    Places::Id place;
    bool told = false;
  };

  void accept(const std::shared_ptr<Listener>& listener) {
    listener->acceptor.async_accept(
        [self = weak_from_this(), listener](boost::system::error_code error, tcp::socket socket) {
          const auto impl = self.lock();
          if (!impl || !listener->acceptor.is_open()) return;
          if (error) {
            // Out of descriptors, say: not in a circle.
            listener->pause.expires_after(std::chrono::milliseconds{100});
            listener->pause.async_wait([self, listener](boost::system::error_code cancelled) {
              const auto again = self.lock();
              if (again && !cancelled && listener->acceptor.is_open()) again->accept(listener);
            });
            return;
          }
          impl->accepted(std::move(socket), listener);
          impl->accept(listener);
        });
  }

  void accepted(tcp::socket socket, const std::shared_ptr<Listener>& listener) {
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    const auto own = error ? tcp::endpoint{} : socket.local_endpoint(error);
    if (error) return;
    const Endpoint peer = from_asio(remote), local = from_asio(own);
    const auto now = std::chrono::steady_clock::now();
    const auto entered = places_.enter(peer.address, is_home(peer.address), now);
    if (!entered) {
      if (callbacks_.refused) callbacks_.refused(peer, "too many connections");
      return;
    }
    if (entered->gives_way) give_way(*entered->gives_way);
    socket.set_option(tcp::no_delay{true}, error);
    const ConnectionId id{++last_};
    auto events = events_of(id, peer);
    events.opened = [self = weak_from_this(), id, local, peer] {
      if (const auto impl = self.lock()) impl->opened(id, local, peer);
    };
    auto connection = std::make_shared<SipConnection>(std::move(socket), listener->tls.get(), handshakes_, limits_,
                                                      std::move(events));
    add(id, {connection, peer, entered->place, false});
    connection->start();
  }

  // But `opened`.
  SipConnection::Events events_of(ConnectionId id, Endpoint peer) {
    const std::weak_ptr<Impl> self = weak_from_this();
    SipConnection::Events events;
    events.message = [self, id](std::string_view message) {
      const auto impl = self.lock();
      if (impl && impl->callbacks_.message) impl->callbacks_.message(id, message);
    };
    events.closed = [self, id](std::string_view why) {
      if (const auto impl = self.lock()) impl->closed(id, why);
    };
    events.may_shake = [self, peer] {
      const auto impl = self.lock();
      return impl && impl->may_shake(peer.address);
    };
    return events;
  }

  void add(ConnectionId id, Open open) {
    by_place_.emplace(open.place, id);
    connections_.emplace(id, std::move(open));
  }

  bool is_home(IpAddress address) const { return callbacks_.is_home && callbacks_.is_home(address); }

  bool may_shake(IpAddress address) {
    const auto now = std::chrono::steady_clock::now();
    if (is_home(address)) return handshakes_of_.allow(address, now);
    return handshakes_of_.would_allow(address, now) && handshaking_.take(limits_.handshakes, now) &&
           handshakes_of_.allow(address, now);
  }

  // Its place is another's already.
  void give_way(Places::Id place) {
    const auto found = by_place_.find(place);
    if (found != by_place_.end()) close(found->second, "gave way to another");
  }

  void opened(ConnectionId id, Endpoint local, Endpoint peer) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    found->second.told = true;
    if (callbacks_.opened) callbacks_.opened(id, local, peer);
  }

  void closed(ConnectionId id, std::string_view why) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    const Open open = found->second;
    connections_.erase(found);
    connecting_.erase(id);
    by_place_.erase(open.place);
    places_.leave(open.place);
    if (open.told && callbacks_.closed) callbacks_.closed(id, why);
    if (callbacks_.refused && (!open.told || why == "not SIP" || why == "gave way to another"))
      callbacks_.refused(open.peer, why);
  }

  asio::io_context& io_;
  StreamLimits limits_;
  Callbacks callbacks_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  int dscp_ = 0;
  std::unordered_map<ConnectionId, Open> connections_;
  std::map<ConnectionId, IpAddress> connecting_;  // of connections_: to where, and not up yet
  Handshakes* handshakes_;
  Places places_;
  std::map<Places::Id, ConnectionId> by_place_;
  RateLimit handshakes_of_;
  TokenBucket handshaking_;
  std::uint64_t last_ = 0;
};

SipStreams::SipStreams(asio::io_context& io, StreamLimits limits, Callbacks callbacks, Handshakes* handshakes)
    : impl_(std::make_shared<Impl>(io, limits, std::move(callbacks), handshakes)) {}
SipStreams::~SipStreams() { impl_->stop(); }
void SipStreams::use_identity(const TlsIdentity& identity) { impl_->use_identity(identity); }

Result<Endpoint> SipStreams::listen(Endpoint address, const std::optional<TlsIdentity>& tls) {
  return impl_->listen(address, tls);
}
std::optional<ConnectionId> SipStreams::connect(IpAddress local, Endpoint peer, const std::optional<TlsPeer>& tls) {
  return impl_->connect(local, peer, tls);
}
void SipStreams::mark(int dscp) { impl_->mark(dscp); }
bool SipStreams::send(ConnectionId connection, std::string_view bytes) { return impl_->send(connection, bytes); }
void SipStreams::close(ConnectionId connection) { impl_->close(connection); }
void SipStreams::prove(ConnectionId connection) { impl_->prove(connection); }
void SipStreams::stop() { impl_->stop(); }
std::size_t SipStreams::connections() const { return impl_->size(); }

}  // namespace roamdesk::net

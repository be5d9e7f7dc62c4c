#include "common/tunnel/link/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <system_error>

#include "common/asio/awaited.hpp"
#include "common/asio/wall_clock.hpp"
#include "common/crypto/random.hpp"
#include "common/net/asio_address.hpp"
#include "common/tunnel/link/media_links.hpp"
#include "common/tunnel/link/pace.hpp"
#include "common/tunnel/link/reception.hpp"
#include "common/tunnel/link/session_driver.hpp"
#include "common/tunnel/link/tls.hpp"
#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel::link {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto reply_within = std::chrono::seconds{10};        // to an enrolment: the store commits first
constexpr auto accept_pause = std::chrono::milliseconds{100};  // out of descriptors

template <class Id>
Id random_id() {
  std::array<std::uint8_t, 16> bytes;
  crypto::fill_random(bytes);
  return Id{bytes};
}

Goodbye goodbye(Reason reason) { return Goodbye{reason, std::string{explain(reason)}}; }

// The core's part for one SBC; made at its first connection or mention, kept while the program runs.
struct Site {
  SiteId id;
  MediaPeer peer;
  std::unique_ptr<SessionDriver> driver;
  bool connected = false;
  Hello hello;
  WallTime since{};
  std::optional<WallTime> certificate_until;
  LinkReport load;
  std::uint32_t superseded = 0;
};

tcp::acceptor listen_on(asio::io_context& io, const Endpoint& address) {
  tcp::acceptor acceptor{io};
  if (const auto error = net::listen(acceptor, address, tcp::acceptor::max_listen_connections))
    throw std::system_error{error.value(), std::generic_category(), "TCP " + to_string(address)};
  return acceptor;
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
 public:
  Impl(asio::io_context& io, Settings settings, ServerHandler& handler, std::vector<MediaLink*> media)
      : io_(io),
        settings_(std::move(settings)),
        handler_(handler),
        media_(std::move(media)),
        context_(std::make_shared<asio::ssl::context>(make_server_context(settings_.identity))),
        instance_(settings_.instance.value_or(random_id<InstanceId>())),
        reports_(io),
        tells_(io),
        reception_(std::make_shared<Reception>(settings_.strangers, settings_.handshakes)) {
    for (const auto& address : settings_.listen) acceptors_.push_back(listen_on(io, address));
  }

  void start() {
    for (auto* media : media_) {
      media->set_notify([weak = weak_from_this(), media, &io = io_] {
        asio::post(io, [weak, media] {
          if (const auto self = weak.lock()) self->take_notices(*media);
        });
      });
    }
    for (std::size_t i = 0; i < acceptors_.size(); ++i) {
      asio::co_spawn(io_, accept(shared_from_this(), i), asio::detached);
    }
    asio::co_spawn(io_, report(shared_from_this()), asio::detached);
    asio::co_spawn(io_, tell(shared_from_this()), asio::detached);
  }

  void stop() {
    if (stopped_) return;
    stopped_ = true;
    for (auto* media : media_) media->set_notify(nullptr);
    boost::system::error_code ignored;
    for (auto& acceptor : acceptors_) acceptor.close(ignored);
    reception_->close_all();
    for (auto& [name, site] : sites_) site->driver->stop(Reason::shutting_down);
    reports_.cancel();
    tells_.cancel();
  }

  bool send(const SiteId& id, Frame frame) {
    const auto at = sites_.find(id.value());
    return !stopped_ && at != sites_.end() && at->second->driver->send(std::move(frame));
  }

  void disconnect(const SiteId& id, Reason reason, std::string_view text) {
    const auto at = sites_.find(id.value());
    if (at != sites_.end()) at->second->driver->end_session(reason, text);
  }

  Site& site(const SiteId& id) {
    auto& site = sites_[id.value()];
    if (!site) {
      site = std::make_unique<Site>();
      site->id = id;
      site->peer = MediaPeer{static_cast<std::uint32_t>(by_peer_.size())};
      by_peer_.push_back(id);
      Session::Self self;
      self.name = id.value();
      self.software = settings_.software;
      self.instance = instance_;
      self.prefers_aes = crypto::cpu_has_aes();
      auto* raw = site.get();
      site->driver =
          std::make_unique<SessionDriver>(io_.get_executor(), Session{Side::core, self, settings_.session},
                                          media_of(site->peer), site->peer, [this, raw](SessionEvent&& event) {
                                            if (!stopped_) handle(*raw, std::move(event));
                                          });
    }
    return *site;
  }

  std::optional<SiteId> site_of(MediaPeer peer) const {
    return peer.value() < by_peer_.size() ? std::optional{by_peer_[peer.value()]} : std::nullopt;
  }

  std::optional<SbcStatus> status(const SiteId& id) const {
    const auto at = sites_.find(id.value());
    return at == sites_.end() ? std::nullopt : std::optional{status(*at->second)};
  }
  std::vector<SbcStatus> status() const {
    std::vector<SbcStatus> all;
    for (const auto& [name, site] : sites_) all.push_back(status(*site));
    return all;
  }

  TurnedAway turned_away() const { return reception_->turned_away(); }

  Endpoint local_endpoint(std::size_t index) const { return net::from_asio(acceptors_.at(index).local_endpoint()); }

  void replace_identity(const crypto::Identity& identity) {
    context_ = std::make_shared<asio::ssl::context>(make_server_context(identity));
    settings_.identity = identity;
  }

 private:
  static asio::awaitable<void> accept(std::shared_ptr<Impl> self, std::size_t index) {
    while (!self->stopped_) {
      auto [error, socket] = co_await self->acceptors_[index].async_accept(awaited);
      if (self->stopped_) co_return;
      if (error) {
        asio::steady_timer pause{self->io_, accept_pause};
        co_await pause.async_wait(awaited);
        continue;
      }
      if (auto guest = self->reception_->enter(std::move(socket)))
        asio::co_spawn(self->io_, serve(self, std::move(guest), self->context_), asio::detached);
    }
  }

  // `context` lives as long as connections made with it.
  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, std::shared_ptr<Reception::Guest> guest,
                                     std::shared_ptr<asio::ssl::context> context) {
    const auto connection = co_await self->reception_->receive(guest, *context);
    if (!connection) co_return;
    if (self->stopped_ || !speaks_roamdesk(connection->native())) {
      connection->close();
      co_return;
    }
    const auto certificate = peer_certificate(connection->native());
    if (!certificate) {
      co_await enrol(self, guest, connection);
      co_return;
    }
    const SiteId id{certificate->common_name};
    if (!is_sbc_name(id.value()) || !self->handler_.is_allowed(id, certificate->serial)) {
      self->reception_->unknown();
      connection->finish(goodbye(Reason::revoked));
      co_return;
    }
    if (self->sites_.size() >= max_media_peers && !self->sites_.contains(id.value())) {
      connection->finish(goodbye(Reason::busy));
      co_return;
    }
    self->reception_->proven(*guest);
    connection->disarm();
    Session::Fresh fresh;
    fresh.session = random_id<TunnelSessionId>();
    fresh.media_session = self->fresh_media_session(self->site(id).peer);
    fresh.wall_ms = static_cast<std::uint64_t>(wall_now().time_since_epoch().count());
    self->site(id).certificate_until = certificate->until;
    self->site(id).driver->attach(connection, fresh, std::nullopt);
  }

  static asio::awaitable<void> enrol(std::shared_ptr<Impl> self, std::shared_ptr<Reception::Guest> guest,
                                     std::shared_ptr<Connection> connection) {
    const auto frame = co_await connection->read_frame();
    const auto* request = frame ? std::get_if<Enrol>(&*frame) : nullptr;
    if (self->stopped_ || !frame) {
      connection->close();
      co_return;
    }
    if (request == nullptr) {
      self->reception_->unknown();
      connection->finish(goodbye(Reason::not_enrolled));
      co_return;
    }
    if (!self->reception_->may_enrol(*guest)) {
      connection->finish(goodbye(Reason::busy));
      co_return;
    }
    if (!is_sbc_name(request->name)) {
      connection->finish(goodbye(Reason::wrong_name));
      co_return;
    }
    connection->arm(reply_within);
    // The secret is looked at before anything of the request is: parsing it, and checking its signature, is work.
    self->handler_.on_enrol(*request, [at = self->reception_, guest, connection](Result<Issued, Goodbye> answer) {
      if (answer && fits(*answer)) {
        at->proven(*guest);
        connection->finish(*answer);
      } else {
        at->unknown();
        connection->finish(answer ? goodbye(Reason::bad_request) : answer.error());
      }
    });
  }

  static asio::awaitable<void> report(std::shared_ptr<Impl> self) {
    while (!self->stopped_) {
      self->reports_.expires_after(report_every);
      co_await self->reports_.async_wait(awaited);
      if (self->stopped_) co_return;
      for (auto& [name, site] : self->sites_) {
        if (site->connected) site->driver->report(0, 0);
      }
    }
  }

  static asio::awaitable<void> tell(std::shared_ptr<Impl> self) {
    TurnedAway told;
    while (!self->stopped_) {
      self->tells_.expires_after(self->settings_.strangers.told_every);
      co_await self->tells_.async_wait(awaited);
      const TurnedAway now = self->reception_->turned_away();
      if (self->stopped_ || now == told) continue;
      self->handler_.on_turned_away(now - told);
      told = now;
    }
  }

  void handle(Site& site, SessionEvent&& event) {
    if (auto* established = std::get_if<Established>(&event)) {
      site.connected = true;
      site.since = wall_now();
      site.hello = established->hello;
      handler_.on_connected(site.id, established->hello, established->welcome.resumed);
    } else if (auto* received = std::get_if<Received>(&event)) {
      if (const auto* load = std::get_if<LinkReport>(&received->frame)) {
        site.load = *load;
      } else if (const auto* renew = std::get_if<Renew>(&received->frame)) {
        handler_.on_renew(site.id, renew->request,
                          [weak = weak_from_this(), id = site.id](Result<Issued, Goodbye> answer) {
                            const auto self = weak.lock();
                            if (self && answer) self->send(id, *answer);
                          });
      } else {
        handler_.on_frame(site.id, std::move(received->frame));
      }
    } else if (auto* ended = std::get_if<Ended>(&event)) {
      if (ended->reason == Reason::superseded) ++site.superseded;
      if (std::exchange(site.connected, false)) {
        site.since = wall_now();
        handler_.on_disconnected(site.id, ended->reason, ended->text);
      }
    } else if (std::holds_alternative<Expired>(event)) {
      handler_.on_expired(site.id);
    }
  }

  void take_notices(MediaLink& media) {
    while (!stopped_) {
      const auto notice = media.poll_notice();
      if (!notice) return;
      const auto id = site_of(notice->peer);
      if (id) site(*id).driver->handle_notice(*notice);
    }
  }

  // The link of the media thread that has this peer.
  MediaLink* media_of(MediaPeer peer) const {
    return media_.empty() ? nullptr : media_[thread_of(peer.value(), media_.size())];
  }

  // Random, so that a stranger can't guess which are in use; not 0, not one of the last 2^16, and of the peer's thread.
  std::uint32_t fresh_media_session(MediaPeer peer) {
    if (media_sessions_ == 0) media_sessions_ = load<std::uint32_t>(crypto::random_bytes(4).data());
    media_sessions_ += 1 + (load<std::uint32_t>(crypto::random_bytes(4).data()) & 0xffff);
    return media_sessions_ = own_session(media_sessions_, peer, std::max<std::size_t>(media_.size(), 1));
  }

  SbcStatus status(const Site& site) const {
    SbcStatus status;
    status.site = site.id;
    status.connected = site.connected;
    status.address = site.driver->remote();
    status.software = site.hello.software;
    status.instance = site.hello.instance;
    status.lans = site.hello.lans;
    status.since = site.since;
    status.certificate_until = site.certificate_until;
    status.rtt = site.driver->session().rtt();
    status.bytes_sent = site.driver->bytes_sent();
    status.bytes_received = site.driver->bytes_received();
    status.phones = site.load.phones;
    status.streams = site.load.streams;
    status.superseded = site.superseded;
    if (const auto* media = media_of(site.peer)) status.media = media->stats(site.peer);
    status.media_late = site.driver->session().media_dropped();
    return status;
  }

  asio::io_context& io_;
  Settings settings_;
  ServerHandler& handler_;
  std::vector<MediaLink*> media_;
  std::shared_ptr<asio::ssl::context> context_;
  InstanceId instance_;
  asio::steady_timer reports_, tells_;
  std::vector<tcp::acceptor> acceptors_;
  std::shared_ptr<Reception> reception_;
  std::map<std::string, std::unique_ptr<Site>> sites_;
  std::vector<SiteId> by_peer_;
  std::uint32_t media_sessions_ = 0;
  bool stopped_ = false;
};

Server::Server(asio::io_context& io, Settings settings, ServerHandler& handler, std::vector<MediaLink*> media)
    : impl_(std::make_shared<Impl>(io, std::move(settings), handler, std::move(media))) {}
Server::~Server() { impl_->stop(); }
void Server::start() { impl_->start(); }
void Server::stop() { impl_->stop(); }
bool Server::send(const SiteId& site, Frame frame) { return impl_->send(site, std::move(frame)); }
void Server::disconnect(const SiteId& site, Reason reason, std::string_view text) {
  impl_->disconnect(site, reason, text);
}
MediaPeer Server::media_peer(const SiteId& site) { return impl_->site(site).peer; }
std::optional<SiteId> Server::site_of(MediaPeer peer) const { return impl_->site_of(peer); }
std::optional<SbcStatus> Server::status(const SiteId& site) const { return impl_->status(site); }
std::vector<SbcStatus> Server::status() const { return impl_->status(); }
TurnedAway Server::turned_away() const { return impl_->turned_away(); }
Endpoint Server::local_endpoint(std::size_t index) const { return impl_->local_endpoint(index); }
void Server::replace_identity(const crypto::Identity& identity) { impl_->replace_identity(identity); }

}  // namespace roamdesk::tunnel::link

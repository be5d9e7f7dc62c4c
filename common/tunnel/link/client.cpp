#include "common/tunnel/link/client.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "common/asio/awaited.hpp"
#include "common/asio/wall_clock.hpp"
#include "common/crypto/random.hpp"
#include "common/net/asio_address.hpp"
#include "common/tunnel/link/dialling.hpp"
#include "common/tunnel/link/pace.hpp"
#include "common/tunnel/link/session_driver.hpp"
#include "common/tunnel/link/tls.hpp"
#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel::link {
namespace {

namespace asio = boost::asio;
constexpr auto renewal_check = std::chrono::hours{6};

std::uint32_t chance() { return load<std::uint32_t>(crypto::random_bytes(4).data()); }

Session::Self describe_self(const Client::Settings& settings) {
  const auto info = crypto::inspect_certificate(settings.identity.certificate);
  if (!info) throw std::runtime_error{"this SBC's certificate: " + std::string{crypto::describe(info.error())}};
  Session::Self self;
  self.name = info->common_name;
  self.software = settings.software;
  std::array<std::uint8_t, 16> instance;
  crypto::fill_random(instance);
  self.instance = InstanceId{instance};
  self.prefers_aes = crypto::cpu_has_aes();
  self.lans = settings.lans;
  return self;
}

}  // namespace

class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
 public:
  Impl(asio::io_context& io, Settings settings, ClientHandler& handler, MediaLink* media)
      : io_(io),
        settings_(std::move(settings)),
        handler_(handler),
        media_(media),
        context_(std::make_shared<asio::ssl::context>(make_client_context(settings_.identity))),
        wake_(io),
        reports_(io),
        back_off_(settings_.back_off),
        driver_(io.get_executor(), Session{Side::sbc, describe_self(settings_), settings_.session}, media, MediaPeer{0},
                [this](SessionEvent&& event) { handle(std::move(event)); }) {
    for (const auto& core : settings_.cores) cores_.push_back(parse_core(core));
  }

  void start() {
    if (media_ != nullptr) {
      media_->set_notify([weak = weak_from_this(), &io = io_] {
        asio::post(io, [weak] {
          if (const auto self = weak.lock()) self->take_notices();
        });
      });
    }
    since_ = wall_now();
    asio::co_spawn(io_, run(shared_from_this()), asio::detached);
    asio::co_spawn(io_, report(shared_from_this()), asio::detached);
  }

  void stop() {
    if (stopped_) return;
    stopped_ = true;
    if (media_ != nullptr) media_->set_notify(nullptr);
    driver_.stop(Reason::shutting_down);
    wake_.cancel();
    reports_.cancel();
  }

  bool send(Frame frame) { return !stopped_ && driver_.send(std::move(frame)); }

  ClientStatus status() const {
    ClientStatus status;
    status.connected = connected_;
    status.core = core_;
    status.last_error = why_;
    status.since = since_;
    status.rtt = driver_.session().rtt();
    status.heard = driver_.session().heard();
    status.bytes_sent = driver_.bytes_sent();
    status.bytes_received = driver_.bytes_received();
    status.connections = connections_;
    if (media_ != nullptr) status.media = media_->stats(MediaPeer{0});
    status.media_late = driver_.session().media_dropped();
    return status;
  }

  void drop_connection() { driver_.drop_connection(); }

  void use_cores(const std::vector<std::string>& cores) {
    std::vector<CoreAddress> parsed;
    parsed.reserve(cores.size());
    for (const auto& core : cores) parsed.push_back(parse_core(core));
    new_cores_ = std::move(parsed);
  }

  void report_load(std::uint32_t phones, std::uint32_t streams) {
    phones_ = phones;
    streams_ = streams;
  }

 private:
  // The last good core first, the others in their order.
  std::vector<std::size_t> order() const {
    std::vector<std::size_t> indexes{last_good_};
    for (std::size_t i = 0; i < cores_.size(); ++i) {
      if (i != last_good_) indexes.push_back(i);
    }
    return indexes;
  }

  static asio::awaitable<void> run(std::shared_ptr<Impl> self) {
    while (!self->stopped_) {
      const bool stood = co_await self->try_all();
      if (self->stopped_) co_return;
      self->wake_.expires_after(self->wait_before_next(stood));
      co_await self->wake_.async_wait(awaited);
    }
  }

  Duration wait_before_next(bool stood) {
    const auto said = std::exchange(said_, std::nullopt);
    if (said == Reason::superseded) return back_off_.after_superseded(chance());
    if (said == Reason::shutting_down) return back_off_.after_shutdown(chance());
    return back_off_.next(chance(), stood ? std::chrono::steady_clock::now() - connected_at_ : Duration{});
  }

  // One round over all cores and addresses; true after a connection stood and ended.
  asio::awaitable<bool> try_all() {
    if (new_cores_) {
      cores_ = *std::exchange(new_cores_, std::nullopt);
      last_good_ = 0;
    }
    for (const auto index : order()) {
      auto endpoints = co_await resolve(cores_[index], why_);
      // The address that was good first: a way that doesn't pass (IPv6, say) costs its time-out once, not each time.
      std::stable_partition(endpoints.begin(), endpoints.end(),
                            [this](const auto& endpoint) { return endpoint == last_good_endpoint_; });
      for (const auto& endpoint : endpoints) {
        if (stopped_) co_return false;
        // The context may be replaced (renewal) while this connection lives.
        const auto context = context_;
        auto connection = co_await dial(endpoint, *context, settings_.connect_timeout, why_);
        if (stopped_) {
          if (connection) connection->close();
          co_return false;
        }
        if (!connection) continue;
        core_ = to_string(cores_[index]) + " (" + to_string(net::from_asio(endpoint.address())) + ")";
        const Endpoint media_remote = net::from_asio(endpoint);
        ended_ = false;
        greeted_ = false;
        driver_.attach(std::move(connection), {}, media_remote);
        while (!ended_ && !stopped_) {
          wake_.expires_at(TimePoint::max());
          co_await wake_.async_wait(awaited);
        }
        if (greeted_) {
          last_good_ = index;
          last_good_endpoint_ = endpoint;
          co_return true;
        }
        // TLS stood, but this core didn't want us: perhaps another one does.
      }
    }
    co_return false;
  }

  static asio::awaitable<void> report(std::shared_ptr<Impl> self) {
    while (!self->stopped_) {
      self->reports_.expires_after(report_every);
      co_await self->reports_.async_wait(awaited);
      if (self->stopped_) co_return;
      if (self->connected_) self->driver_.report(self->phones_, self->streams_);
      self->renew_if_due();
    }
  }

  void handle(SessionEvent&& event) {
    if (auto* established = std::get_if<Established>(&event)) {
      connected_ = greeted_ = true;
      ++connections_;
      connected_at_ = std::chrono::steady_clock::now();
      since_ = wall_now();
      why_.clear();
      next_renewal_ = {};
      handler_.on_connected(established->welcome);
      renew_if_due();
    } else if (auto* received = std::get_if<Received>(&event)) {
      if (const auto* issued = std::get_if<Issued>(&received->frame)) return adopt(*issued);
      if (std::holds_alternative<LinkReport>(received->frame)) return;
      handler_.on_frame(std::move(received->frame));
    } else if (auto* ended = std::get_if<Ended>(&event)) {
      why_ = ended->text;
      said_ = ended->reason;
      ended_ = true;
      wake_.cancel();
      if (std::exchange(connected_, false)) {
        since_ = wall_now();
        handler_.on_disconnected(ended->reason, why_);
      } else if (ended->reason == Reason::lost) {
        why_ =
            "the core closed the connection before its greeting; if this SBC's certificate is from another core, enrol "
            "again";
      }
    }
  }

  // When a third of the certificate's life is left, a new key and certificate.
  void renew_if_due() {
    const auto now = std::chrono::steady_clock::now();
    if (!connected_ || now < next_renewal_) return;
    next_renewal_ = now + renewal_check;
    const auto info = crypto::inspect_certificate(settings_.identity.certificate);
    if (!info || info->not_after - wall_now() > (info->not_after - info->not_before) / 3) return;
    renewal_key_ = crypto::generate_key();
    if (const auto request = crypto::make_request(renewal_key_, info->common_name)) driver_.send(Renew{*request});
  }

  void adopt(const Issued& issued) {
    if (renewal_key_.empty() || !crypto::belongs_together(renewal_key_, issued.certificate)) return;
    auto identity = settings_.identity;
    identity.key = std::exchange(renewal_key_, Secret{});
    identity.certificate = issued.certificate;
    try {
      context_ = std::make_shared<asio::ssl::context>(make_client_context(identity));
    } catch (const std::exception&) {
      return;  // the old one still serves, and is asked for again
    }
    settings_.identity = identity;
    handler_.on_identity(identity);
  }

  void take_notices() {
    while (!stopped_) {
      const auto notice = media_->poll_notice();
      if (!notice) return;
      driver_.handle_notice(*notice);
    }
  }

  asio::io_context& io_;
  Settings settings_;
  ClientHandler& handler_;
  MediaLink* media_;
  std::shared_ptr<asio::ssl::context> context_;
  asio::steady_timer wake_, reports_;
  BackOff back_off_;
  SessionDriver driver_;
  std::vector<CoreAddress> cores_;
  std::optional<std::vector<CoreAddress>> new_cores_;  // of the next round
  std::size_t last_good_ = 0;
  std::optional<asio::ip::tcp::endpoint> last_good_endpoint_;
  Secret renewal_key_;
  TimePoint next_renewal_{}, connected_at_{};
  std::string core_, why_;
  WallTime since_{};
  std::uint32_t connections_ = 0, phones_ = 0, streams_ = 0;
  bool connected_ = false, greeted_ = false, ended_ = false, stopped_ = false;
  std::optional<Reason> said_;  // why the last connection ended; nullopt: since then none stood
};

Client::Client(asio::io_context& io, Settings settings, ClientHandler& handler, MediaLink* media)
    : impl_(std::make_shared<Impl>(io, std::move(settings), handler, media)) {}
Client::~Client() { impl_->stop(); }
void Client::start() { impl_->start(); }
void Client::stop() { impl_->stop(); }
bool Client::send(Frame frame) { return impl_->send(std::move(frame)); }
void Client::drop_connection() { impl_->drop_connection(); }
ClientStatus Client::status() const { return impl_->status(); }
void Client::use_cores(const std::vector<std::string>& cores) { impl_->use_cores(cores); }
void Client::report_load(std::uint32_t phones, std::uint32_t streams) { impl_->report_load(phones, streams); }

}  // namespace roamdesk::tunnel::link

#include "pbx-core/app.hpp"

#include <atomic>

#include "common/asio/handshakes.hpp"
#include "common/asio/wall_clock.hpp"
#include "common/crypto/random.hpp"
#include "common/http/metrics.hpp"
#include "common/http/server.hpp"
#include "common/log/log.hpp"
#include "common/net/signals.hpp"
#include "common/net/sntp_server.hpp"
#include "pbx-core/door/authority_files.hpp"
#include "pbx-core/engine_media.hpp"
#include "pbx-core/operations/backups.hpp"
#include "pbx-core/operations/control_commands.hpp"
#include "pbx-core/operations/packages.hpp"
#include "pbx-core/operations/past_logins.hpp"
#include "pbx-core/operations/publisher.hpp"
#include "pbx-core/operations/reload.hpp"
#include "pbx-core/operations/start.hpp"
#include "pbx-core/operations/system_view.hpp"
#include "pbx-core/operations/time_service.hpp"
#include "pbx-core/operations/trunk_presets.hpp"
#include "pbx-core/operations/web.hpp"
#include "pbx-core/platform/memory_return.hpp"
#include "pbx-core/platform/share_directory.hpp"
#include "pbx-core/signalling.hpp"
#include "pbx-core/store/pepper.hpp"

namespace roamdesk::core {

class App::Impl {
 public:
  explicit Impl(const std::filesystem::path& file) : config_(load_config(file)), file_(file) {
    prepare(config_);
    build();
  }
  ~Impl() { log::flush(); }
  int run() {
    const net::Signals signals{io_, [this] { io_.stop(); },
                               [this] { reload(file_, config_.state_dir, *provisioner_, *https_); }};
    const MemoryReturn memory;
    ready_ = true;
    log::info("core.ready", {{"version", ROAMDESK_VERSION}, {"domain", config_.sip.domain}});
    io_.run();
    signalling_->shut_down();
    signalling_->hand_over();
    stop();
    return backups_.wants_restart() ? once_more : 0;
  }

 private:
  void build() {
    store_ =
        std::make_unique<store::Store>(store::Store::Options{.file = config_.state_dir / "store.sqlite", .vfs = {}});
    auto snapshot = store_->load();
    const Secret pepper = store::load_or_make_pepper(config_.state_dir);
    hasher_ = std::make_unique<api::Hasher>(api::Hasher::Options{.pepper = pepper});
    make_first_administrator(snapshot.users, *store_, *hasher_, config_.state_dir, wall_now());
    provisioner_ = std::make_unique<provisioning::Provisioner>(load_provisioner(config_.state_dir));
    auto authority = door::load_or_make_authority(config_.state_dir, wall_now());
    https_ = std::make_unique<HttpsCertificate>(config_, authority, [] { return wall_now(); });
    build_media();
    open_time_service(time_server_, config_);
    signalling_ = std::make_unique<Signalling>(Signalling::Parts{io_, config_, *store_, *hasher_, *provisioner_,
                                                                 *media_, std::move(authority), media_links_->all(),
                                                                 load_sips_identity(config_, *https_), &handshakes_});
    media_->attach(signalling_->door());
    build_api(snapshot, pepper);
    signalling_->start(std::move(snapshot));
    recall_logins(
        *store_, wall_now(), [this](auto task) { signalling_->post(std::move(task)); },
        [this](WallTime at) { administration_->count_login(at); });
    listen();
    measure();
    backups_.start();
  }

  void build_media() {
    prompts_ =
        std::make_unique<media::PromptLibrary>(share_directory() / "prompts" / "en", config_.state_dir / "prompts");
    media_links_ = std::make_unique<tunnel::link::MediaLinks>(
        tunnel::link::MediaLink::Settings{.listen = config_.tunnel}, media_threads(config_));
    engines_ = std::make_unique<media::Engines>(
        media::Engine::Settings{.loop = config_.media_loop}, *prompts_, media_links_->all(),
        [this](std::vector<media::Event> events) { signalling_->post_media(std::move(events)); });
    media_ = std::make_unique<EngineMedia>(*engines_, io_);
  }

  void build_api(const store::Snapshot& snapshot, const Secret& pepper) {
    administration_ = std::make_unique<administration::Administration>(
        signalling_->element(), signalling_->door(), *provisioner_, [] { return crypto::random_hex(16); },
        [this] { return signalling_->now(); }, [this] { return signalling_->midnight(); });
    api_ = std::make_unique<api::Api>(
        api::Api::Options{.post_api = [this](api::Api::Task task) { http_.post(std::move(task)); },
                          .post_domain = [this](api::Api::Task task) { signalling_->post(std::move(task)); },
                          .post_api_after = [this](auto delay, auto task) { http_.post_after(delay, std::move(task)); },
                          .pepper = pepper,
                          .domain_name = config_.sip.domain,
                          .now = [] { return wall_now(); },
                          .first_password = api::first_password_file(config_.state_dir),
                          .backups = backups_.ways(),
                          .firmware = firmware_folder(config_.state_dir),
                          .system = system_view(config_, *https_),
                          .trunk_presets = load_trunk_presets(share_directory() / "trunks"),
                          .notice_ways = notifier_.ways(),
                          .test_notice = [this](const auto& m, auto done) { notifier_.test(m, std::move(done)); },
                          .login_failed = [this](const auto& peer) { rounds_->wrong_now().wrong_password(peer); },
                          .look_at_media = [this](const auto& s, auto done) { engines_->look(s, std::move(done)); },
                          .installer = [this] { return installer(packages_, config_); }},
        *administration_, *store_, *hasher_, snapshot.users, snapshot.tokens);
    rounds_ = std::make_unique<Rounds>(config_, *https_, *administration_, *api_, notifier_);
    signalling_->set_publisher(publisher(*administration_, *api_, metrics_, notifier_, *rounds_));
  }

  void listen() {
    open_web(
        http_, config_, *https_, [this](http::Request q, http::Respond r) { api_->handle(std::move(q), std::move(r)); },
        [this](http::Request q, http::Respond r) {
          signalling_->post([this, q = std::move(q), r = std::move(r)] { signalling_->door().handle_http(q, r); });
        },
        handler_of(packages_));
    if (config_.http.tls) watch_certificate(*https_, io_, http_, config_, signalling_->door());
    open_metrics(http_, config_, http::metrics_handler(metrics_.registry(), [this] { return ready_.load(); }));
    control_ = open_control(
        config_, [this](auto task) { signalling_->post(std::move(task)); }, *administration_, *api_);
  }

  // Figures and the dashboard's history, every few seconds, on the signalling thread.
  void measure() {
    metrics_.update(signalling_->element(), signalling_->door(),
                    {.http_crowded_out = http_.crowded_out(),
                     .ntp_answered = time_server_.answered(),
                     .ntp_dropped = time_server_.dropped(),
                     .store_transactions = store_->transactions(),
                     .media_datagrams_unsent = media_links_->unsent(),
                     .media = engines_->counts(),
                     .notices = notifier_.counts(),
                     .backup = backups_.figures(),
                     .hep = signalling_->hep()});
    rounds_->look(signalling_->door(), http_.crowded_out(), backups_.full_disks(), signalling_->now());
    measure_timer_.expires_after(std::chrono::seconds{5});
    measure_timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) measure();
    });
  }

  // In the reverse order of what depends on what: nothing calls into a part that is gone.
  void stop() {
    ready_ = false;
    log::info("core.stopping");
    control_.reset();
    backups_.stop();
    http_.stop(std::chrono::seconds{2});
    handshakes_.stop();
    signalling_->stop();
    measure_timer_.cancel();
    https_->stop();
    io_.restart();
    io_.poll();
    engines_.reset();
    hasher_.reset();
    store_.reset();
  }

  Config config_;
  std::filesystem::path file_;
  Handshakes handshakes_;
  boost::asio::io_context io_{1};  // one thread runs it
  net::SntpServer time_server_{io_};
  boost::asio::steady_timer measure_timer_{io_};
  std::atomic<bool> ready_ = false;
  std::unique_ptr<provisioning::Provisioner> provisioner_;
  std::unique_ptr<media::PromptLibrary> prompts_;
  std::unique_ptr<tunnel::link::MediaLinks> media_links_;
  std::unique_ptr<Signalling> signalling_;
  std::unique_ptr<administration::Administration> administration_;
  Packages packages_{config_.http.packages.value_or("")};  // on the HTTP server's thread
  http::Server http_{http::Limits{}, config_.http.trusted_proxies};
  Notifier notifier_{config_};  // what it answers is posted to http_
  std::unique_ptr<HttpsCertificate> https_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<Rounds> rounds_;
  Metrics metrics_;
  std::unique_ptr<api::ControlServer> control_;
  Backups backups_{config_, io_, [] { return wall_now(); }, [this](const auto& made) { audit(*store_, made); }};
  std::unique_ptr<media::Engines> engines_;
  std::unique_ptr<EngineMedia> media_;
  std::unique_ptr<api::Hasher> hasher_;
  std::unique_ptr<store::Store> store_;
};

App::App(const std::filesystem::path& config) : impl_(std::make_unique<Impl>(config)) {}
App::~App() = default;
int App::run() { return impl_->run(); }

}  // namespace roamdesk::core

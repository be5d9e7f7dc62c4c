#include "pbx-core/app.hpp"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "common/asio/handshakes.hpp"
#include "common/asio/wall_clock.hpp"
#include "common/crypto/random.hpp"
#include "common/http/assets.hpp"
#include "common/http/metrics.hpp"
#include "common/http/server.hpp"
#include "common/log/log.hpp"
#include "common/net/signals.hpp"
#include "common/net/sntp_server.hpp"
#include "common/phones/pnp.hpp"
#include "exchange/element/call_record.hpp"
#include "exchange/provisioning/files/files.hpp"
#include "pbx-core/administration/administration.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/api/control.hpp"
#include "pbx-core/api/first_administrator.hpp"
#include "pbx-core/api/security_fields.hpp"
#include "pbx-core/api/validation.hpp"
#include "pbx-core/backup/backup.hpp"
#include "pbx-core/console/assets.hpp"
#include "pbx-core/door/authority_files.hpp"
#include "pbx-core/engine_media.hpp"
#include "pbx-core/login_times.hpp"
#include "pbx-core/platform/https_certificate.hpp"
#include "pbx-core/platform/memory_return.hpp"
#include "pbx-core/platform/share_directory.hpp"
#include "pbx-core/signalling.hpp"
#include "pbx-core/store/pepper.hpp"

namespace roamdesk::core {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

http::Handler console_handler() {
  std::vector<http::Asset> files;
  for (const console::Asset& a : console::assets())
    files.push_back({a.path, a.content_type, a.etag, a.immutable, a.identity, a.gzip, a.brotli});
  return http::asset_handler(files, api::page_policy);
}

void log_call(const element::CallChanged& changed) {
  const auto& call = changed.call;
  const auto* what = changed.began && changed.ended ? "call.refused" : changed.began ? "call.started" : "call.ended";
  // Who called without credentials is named by its address.
  const bool stranger = parse_ipv4(call.from.number).has_value();
  const auto to = element::shown_number(call.to.number);
  if (stranger)
    log::repeated(log::Level::info, what, call.from.number,
                  {{"call", call.id}, {"from", call.from.number}, {"to", to}});
  else
    log::info(what, {{"call", call.id}, {"from", call.from.number}, {"to", to}});
}

void log_notice(const element::Notice& notice) {
  if (const auto* e = std::get_if<element::PhoneDiscovered>(&notice))
    log::repeated(log::Level::info, "phone.discovered", e->mac.text(), {{"mac", e->mac.text()}});
  else if (const auto* started = std::get_if<element::SessionStarted>(&notice))
    log::info("session.started", {{"desk", started->session.desk}, {"extension", started->session.extension}});
  else if (const auto* ended = std::get_if<element::SessionEnded>(&notice))
    log::info("session.ended", {{"desk", ended->session.desk},
                                {"extension", ended->session.extension},
                                {"reason", hotdesk::to_string(ended->reason)}});
  else if (const auto* denied = std::get_if<element::LoginFailed>(&notice))
    log::warning("login.failed", {{"desk", denied->desk}, {"why", hotdesk::to_string(denied->fault)}});
  else if (const auto* login = std::get_if<element::LoginTimed>(&notice))
    log::info(
        "login.answered",
        {{"desk", login->desk},
         {"ok", login->ok},
         {"ms", std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - login->since).count()}});
  else if (const auto* call = std::get_if<element::CallChanged>(&notice)) {
    if (call->began || call->ended) log_call(*call);
  } else if (const auto* impostor = std::get_if<element::Impostor>(&notice))
    log::repeated(log::Level::warning, "phone.impostor", to_string(impostor->peer.address),
                  {{"mac", impostor->mac.text()},
                   {"desk", impostor->desk},
                   {"site", impostor->site.value()},
                   {"peer", to_string(impostor->peer)},
                   {"what", impostor->what}});
  else if (const auto* refused = std::get_if<element::ProvisioningRefused>(&notice))
    log::warning("provisioning.suspicious", {{"why", refused->why},
                                             {"mac", refused->mac ? refused->mac->text() : ""},
                                             {"site", refused->site.value()},
                                             {"peer", to_string(refused->peer)}});
  else if (const auto* trouble = std::get_if<element::Trouble>(&notice))
    // By the address, not the port: whoever floods has many of those.
    log::repeated(log::Level::warning, trouble->what, trouble->where.substr(0, trouble->where.rfind(':')),
                  {{"where", trouble->where}, {"detail", trouble->detail}});
}

}  // namespace

class App::Impl {
 public:
  explicit Impl(const std::filesystem::path& file) : config_(load_config(file)), file_(file) {
    log::configure(config_.log);
    std::filesystem::create_directories(config_.state_dir);
    chmod(config_.state_dir.c_str(), 0700);
    build();
  }

  ~Impl() { log::flush(); }

  int run() {
    const net::Signals signals{io_, [this] { io_.stop(); }, [this] { reload(); }};
    const auto work = boost::asio::make_work_guard(io_);
    const MemoryReturn memory;
    ready_ = true;
    log::info("core.ready", {{"version", ROAMDESK_VERSION}, {"domain", config_.sip.domain}});
    io_.run();
    if (signalling_->shut_down()) {
      io_.restart();
      io_.run_for(std::chrono::milliseconds{200});
    }
    stop();
    return 0;
  }

 private:
  void build() {
    const auto share = share_directory();
    const auto now = wall_now();
    store_ =
        std::make_unique<store::Store>(store::Store::Options{.file = config_.state_dir / "store.sqlite", .vfs = {}});
    auto snapshot = store_->load();
    const Secret pepper = store::load_or_make_pepper(config_.state_dir);
    hasher_ = std::make_unique<api::Hasher>(api::Hasher::Options{.pepper = pepper});
    const char* password = std::getenv("PBX_CORE_ADMIN_PASSWORD");
    if (const auto first = api::make_first_administrator(snapshot.users, *store_, *hasher_,
                                                         Secret{password ? password : ""}, config_.state_dir, now);
        first && first->made_up)
      // Once, to whoever starts us for the first time; the log never has it.
      fmt::print("The first administrator is `admin` with the password {}\n", first->made_up->reveal());

    provisioner_ = std::make_unique<provisioning::Provisioner>(load_provisioner(share));
    prompts_ = std::make_unique<media::PromptLibrary>(share / "prompts" / "en", config_.state_dir / "prompts");
    auto authority = door::load_or_make_authority(config_.state_dir, now);
    https_ = std::make_unique<HttpsCertificate>(config_, authority, [] { return wall_now(); });
    media_link_ = std::make_unique<tunnel::link::MediaLink>(
        tunnel::Side::core, tunnel::link::MediaLink::Settings{.listen = config_.tunnel});
    engine_ = std::make_unique<media::Engine>(
        media::Engine::Settings{}, *prompts_, media_link_.get(), [this](const media::Event& event) {
          signalling_->post([this, event] { signalling_->door().handle_engine_event(event); });
        });
    media_ = std::make_unique<EngineMedia>(*engine_);
    std::optional<net::TlsIdentity> sips;
    if (config_.sip.tls)
      sips = net::TlsIdentity{read_file(https_->files().certificate), Secret{read_file(https_->files().key)}};
    tell_time();
    signalling_ = std::make_unique<Signalling>(Signalling::Parts{io_, config_, *store_, *hasher_, *provisioner_,
                                                                 *media_, std::move(authority), media_link_.get(),
                                                                 std::move(sips), &handshakes_});
    media_->attach(signalling_->door());
    administration_ = std::make_unique<administration::Administration>(
        signalling_->element(), signalling_->door(), *provisioner_, [] { return crypto::random_hex(16); },
        [this] { return signalling_->now(); }, [this] { return signalling_->midnight(); });
    api_ = std::make_unique<api::Api>(
        api::Api::Options{.post_api = [this](api::Api::Task task) { http_.post(std::move(task)); },
                          .post_domain = [this](api::Api::Task task) { signalling_->post(std::move(task)); },
                          .post_api_after = [this](std::chrono::milliseconds delay,
                                                   api::Api::Task task) { http_.post_after(delay, std::move(task)); },
                          .pepper = pepper,
                          .domain_name = config_.sip.domain,
                          .now = [] { return wall_now(); },
                          .make_backup = [this](api::BackupDone done) { back_up(std::move(done)); }},
        *administration_, *store_, *hasher_, snapshot.users, snapshot.tokens);
    signalling_->set_publisher([this](const element::Notice& notice) {
      log_notice(notice);
      if (const auto* login = std::get_if<element::LoginTimed>(&notice)) login_times_.answered(*login);
      if (auto event = administration_->event_of(notice)) api_->post_event(std::move(*event));
    });
    signalling_->start(std::move(snapshot));
    count_logins({.limit = 1000, .action = "login"}, 20);
    listen();
    control_ = std::make_unique<api::ControlServer>(
        config_.state_dir / "control.sock",
        [this](api::ControlRequest request, std::function<void(api::ControlReply)> reply) {
          signalling_->post(
              [this, request = std::move(request), reply = std::move(reply)] { control(request, reply); });
        });
  }

  provisioning::Provisioner load_provisioner(const std::filesystem::path& share) const {
    return {provisioning::load_models(share / "models"),
            provisioning::load_templates(share / "templates", config_.state_dir / "templates")};
  }

  // Where nobody has asked for it and it can't be, telephones matter more than their clocks.
  void tell_time() {
    if (!config_.ntp) return;
    const auto opened = time_server_.open(*config_.ntp);
    if (opened) return;
    const std::string why = "ntp: can't listen on " + to_string(*config_.ntp) + ": " + opened.error().message() +
                            "; expected a free port (below 1024: CAP_NET_BIND_SERVICE), or `ntp: null` for none";
    if (config_.ntp_is_set) throw std::runtime_error(why);
    config_.ntp.reset();
    log::warning("ntp.off", {{"why", why}});
  }

  void listen() {
    const auto handler =
        api::front([this](http::Request q, http::Respond r) { api_->handle(std::move(q), std::move(r)); },
                   [this](http::Request q, http::Respond r) { provide(std::move(q), std::move(r)); }, console_handler(),
                   config_.http.trusted_proxies);
    const auto open = [this](const Endpoint& at, std::optional<http::TlsFiles> tls, http::Handler to,
                             http::Gate gate = {}) {
      if (const auto bound = http_.listen(at, std::move(tls), std::move(to), std::move(gate)); !bound)
        throw std::runtime_error("can't listen on " + to_string(at) + ": " + bound.error().message());
    };
    if (config_.http.listen) open(*config_.http.listen, std::nullopt, handler, api::gate);
    if (config_.http.tls) {
      open(*config_.http.tls, https_->files(), handler, api::gate);
      https_->watch(io_, http_, std::chrono::seconds{10});
    }
    if (config_.metrics)
      open(*config_.metrics, std::nullopt, http::metrics_handler(registry_, [this] { return ready_.load(); }));
    measure();
  }

  void provide(http::Request request, http::Respond respond) {
    signalling_->post([this, request = std::move(request), respond = std::move(respond)] {
      signalling_->door().handle_http(request, respond);
    });
  }

  // On a thread of its own: the copy of the store takes as long as the disk does. The API asks for one at a time.
  void back_up(api::BackupDone done) {
    backup_ = std::jthread([this, done = std::move(done)] {
      const auto file = config_.state_dir / "store.backup";
      api::BackupMade made;
      try {
        backup::make(config_.state_dir, file, api::to_rfc3339(wall_now()));
        made.bytes = read_file(file);
      } catch (const std::exception& error) {
        made.fault = error.what();
      }
      std::error_code ignored;
      std::filesystem::remove(file, ignored);
      done(std::move(made));
    });
  }

  void control(const api::ControlRequest& request, const std::function<void(api::ControlReply)>& reply) {
    const auto name = request.arguments.find("name");
    if (request.command != "sbc.add" || name == request.arguments.end())
      return reply({false, "unknown command; known: sbc.add NAME"});
    if (const auto fault = api::check_sbc_name(name->second)) return reply({false, *fault});
    administration_->create_sbc({name->second, config_.time_zone.value()},
                                {"console", "control socket", api::Surface::console},
                                [reply](const api::Answer& answer, const Secret& key) {
                                  if (answer.outcome == api::Outcome::ok)
                                    reply({true, key.reveal()});
                                  else
                                    reply({false, answer.message});
                                });
  }

  // The dashboard's logins of the last day, as the audit tells them: `pages` at most.
  void count_logins(store::AuditQuery query, int pages) {
    store_->audit(query, [this, query, pages](store::AuditPage page) {
      signalling_->post([this, query, pages, page = std::move(page)]() mutable {
        const auto oldest = wall_now() - std::chrono::hours{25};
        for (const AuditRecord& record : page.records)
          if (record.at > oldest && !record.detail.ends_with("again")) administration_->count_login(record.at);
        query.before = page.next;
        if (page.next && pages > 1 && page.records.back().at > oldest) count_logins(std::move(query), pages - 1);
      });
    });
  }

  // Once a minute at most, where there is something to tell.
  void tell_crowded() {
    const auto now = std::chrono::steady_clock::now();
    const std::uint64_t crowded = http_.crowded_out();
    if (crowded == crowded_told_ || now - crowded_told_at_ < std::chrono::minutes{1}) return;
    log::warning("http.crowded", {{"connections_closed", crowded - crowded_told_}});
    crowded_told_ = crowded;
    crowded_told_at_ = now;
  }

  // Gauges and the dashboard's history, every few seconds, from the signalling thread.
  void measure() {
    auto& registered = prometheus::BuildGauge()
                           .Name("roamdesk_phones_registered")
                           .Help("Phones with a registration in force")
                           .Register(*registry_)
                           .Add({});
    auto& sessions = prometheus::BuildGauge()
                         .Name("roamdesk_sessions")
                         .Help("Hot desks with somebody logged in")
                         .Register(*registry_)
                         .Add({});
    auto& calls =
        prometheus::BuildGauge().Name("roamdesk_calls").Help("Calls ringing or up").Register(*registry_).Add({});
    auto& sbcs = prometheus::BuildGauge()
                     .Name("roamdesk_sbcs_connected")
                     .Help("SBCs with a tunnel")
                     .Register(*registry_)
                     .Add({});
    auto& ports = prometheus::BuildGauge()
                      .Name("roamdesk_rtp_ports")
                      .Help("RTP ports in use, all sites")
                      .Register(*registry_)
                      .Add({});
    const auto gauge = [this](const char* name, const char* help) {
      return &prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add({});
    };
    auto* const passed =
        gauge("roamdesk_sip_passed", "SIP messages taken from the core's own networks since the start");
    auto* const dropped = gauge("roamdesk_sip_dropped", "SIP messages dropped there");
    auto* const newcomers =
        gauge("roamdesk_sip_newcomers_dropped", "Of these, messages of flows without credentials, over their rate");
    auto* const flows = gauge("roamdesk_sip_flows", "SIP flows known there");
    auto* const gave_way = gauge("roamdesk_sip_flows_gave_way", "SIP flows that lost their place to another");
    auto* const refused = gauge("roamdesk_sip_connections_refused", "SIP connections refused there since the start");
    measure_ = [this, &registered, &sessions, &calls, &sbcs, &ports, passed, dropped, newcomers, flows, gave_way,
                refused] {
      const auto sip = signalling_->door().local_sip();
      passed->Set(static_cast<double>(sip.messages.passed));
      dropped->Set(static_cast<double>(sip.messages.dropped()));
      newcomers->Set(static_cast<double>(sip.messages.newcomers_over_rate));
      flows->Set(static_cast<double>(sip.flows));
      gave_way->Set(static_cast<double>(sip.messages.gave_way));
      refused->Set(static_cast<double>(sip.connections_refused));
      const auto& element = signalling_->element();
      registered.Set(static_cast<double>(element.registrar().size()));
      sessions.Set(static_cast<double>(element.directory().sessions().size()));
      calls.Set(static_cast<double>(element.calls().size()));
      ports.Set(static_cast<double>(element.rtp_ports_in_use()));
      double connected = 0;
      for (const auto& sbc : signalling_->door().sbcs()) connected += sbc.connected ? 1 : 0;
      sbcs.Set(connected);
      tell_crowded();
      for (auto& event : administration_->sample()) api_->post_event(std::move(event));
      measure_timer_.expires_after(std::chrono::seconds{5});
      measure_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) measure_();
      });
    };
    measure_();
  }

  // SIGHUP: what can be re-read is; a fault leaves everything as it was.
  void reload() {
    try {
      const auto config = load_config(file_);
      auto provisioner = load_provisioner(share_directory());
      log::configure(config.log);
      *provisioner_ = std::move(provisioner);
      https_->reload(config);
      log::info("config.reloaded");
    } catch (const std::exception& error) {
      log::error("config.kept", {{"why", error.what()}});
    }
  }

  // In the reverse order of what depends on what: nobody calls into a part that is gone.
  void stop() {
    ready_ = false;
    log::info("core.stopping");
    control_.reset();
    http_.stop(std::chrono::seconds{2});
    handshakes_.stop();
    signalling_->stop();
    measure_timer_.cancel();
    https_->stop();
    io_.restart();
    io_.poll();
    engine_.reset();
    hasher_.reset();
    store_.reset();
  }

  Config config_;
  std::filesystem::path file_;
  Handshakes handshakes_;
  boost::asio::io_context io_;
  net::SntpServer time_server_{io_};
  boost::asio::steady_timer measure_timer_{io_};
  std::function<void()> measure_;
  std::uint64_t crowded_told_ = 0;
  TimePoint crowded_told_at_{};
  std::atomic<bool> ready_ = false;
  std::unique_ptr<provisioning::Provisioner> provisioner_;
  std::unique_ptr<media::PromptLibrary> prompts_;
  std::unique_ptr<tunnel::link::MediaLink> media_link_;
  std::unique_ptr<Signalling> signalling_;
  std::unique_ptr<administration::Administration> administration_;
  http::Server http_{http::Limits{}, config_.http.trusted_proxies};
  std::unique_ptr<HttpsCertificate> https_;
  std::unique_ptr<api::Api> api_;
  std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  LoginTimes login_times_{*registry_};
  std::unique_ptr<api::ControlServer> control_;
  std::jthread backup_;  // the last one that was asked for
  std::unique_ptr<media::Engine> engine_;
  std::unique_ptr<EngineMedia> media_;
  std::unique_ptr<api::Hasher> hasher_;
  std::unique_ptr<store::Store> store_;
};

App::App(const std::filesystem::path& config) : impl_(std::make_unique<Impl>(config)) {}
App::~App() = default;
int App::run() { return impl_->run(); }

}  // namespace roamdesk::core

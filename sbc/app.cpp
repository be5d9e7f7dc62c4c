#include "sbc/app.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <utility>

#include "common/asio/handshakes.hpp"
#include "common/http/metrics.hpp"
#include "common/http/server.hpp"
#include "common/log/log.hpp"
#include "common/log/recent.hpp"
#include "common/media/engine.hpp"
#include "common/net/signals.hpp"
#include "common/tunnel/link/media_link.hpp"
#include "sbc/branch.hpp"
#include "sbc/operations/metrics.hpp"
#include "sbc/operations/reload.hpp"
#include "sbc/operations/web.hpp"
#include "sbc/updates/own_package.hpp"

namespace roamdesk::sbc {
namespace {

// The engine as the branch's media plane; the two are made one after the other.
class EngineMedia final : public media::Plane {
 public:
  explicit EngineMedia(boost::asio::io_context& io) : io_(io) {}
  void attach(media::Engine& engine) { engine_ = &engine; }
  void order(const media::Order& order) override {
    engine_->put(order);
    // Once for all that this turn of the signalling thread orders.
    if (std::exchange(waking_, true)) return;
    boost::asio::post(io_, [this] {
      waking_ = false;
      engine_->wake();
    });
  }

 private:
  boost::asio::io_context& io_;
  media::Engine* engine_ = nullptr;
  bool waking_ = false;
};

class App {
 public:
  App(Config config, std::filesystem::path file)
      : config_(std::move(config)),
        file_(std::move(file)),
        branch_(io_, config_, branch_options(), &plane_, &link_),
        engine_({.home = tunnel::link::MediaPeer{}, .dscp = config_.dscp.rtp, .loop = config_.media_loop}, no_prompts_,
                &link_,
                [this](std::vector<media::Event> events) {
                  boost::asio::post(io_, [this, events = std::move(events)] {
                    for (const auto& event : events) branch_.handle_media(event);
                  });
                }),
        status_(io_, status_socket(config_.state_dir), [this] { return status(); }) {
    plane_.attach(engine_);
    open_provisioning(provisioning_, config_, to_branch());
    open_metrics(monitoring_, config_, http::metrics_handler(metrics_.registry(), [this] { return ready_.load(); }));
    branch_.start();
  }

  void run() {
    watch();
    const net::Signals signals{io_, [this] { stop(); }, [this] { reload(file_, branch_); }};
    log::info("media.loop", {{"loop", engine_.loops().text()}});
    log::info("sbc.started", {{"version", ROAMDESK_VERSION}, {"lans", config_.lan.size()}});
    io_.run();
    handshakes_.stop();
    provisioning_.stop(std::chrono::milliseconds{100});
    monitoring_.stop(std::chrono::milliseconds{0});
  }

 private:
  Branch::Options branch_options() {
    Branch::Options options;
    options.handshakes = &handshakes_;
    options.package = own_package();
    options.apply = [this](const KeptSettings::Values& values) {
      log::configure(values.log);
      engine_.mark(values.rtp_dscp);
    };
    // As systemd names each run of a unit; it starts this one again.
    options.restarts.is_supervised = std::getenv("INVOCATION_ID") != nullptr;
    options.restarts.end = [this] {
      // Behind the answer: a goodbye would overtake it.
      ending_.expires_after(std::chrono::milliseconds{300});
      ending_.async_wait([this](boost::system::error_code error) {
        if (!error) stop();
      });
    };
    options.serve_https = [this](const http::TlsFiles& certificate) {
      return serve_https(provisioning_, config_, certificate, https_open_, to_branch());
    };
    return options;
  }

  http::Handler to_branch() {
    return [this](http::Request request, http::Respond respond) {
      boost::asio::post(io_, [this, request = std::move(request), respond = std::move(respond)]() mutable {
        branch_.handle_http(std::move(request), std::move(respond));
      });
    };
  }

  Status status() const {
    Status now = branch_.status();
    now.media_loop = engine_.loops().text();
    return now;
  }

  void watch() {
    const Status now = status();
    ready_ = now.connected;
    metrics_.update(now, {.http_crowded_out = provisioning_.crowded_out(),
                          .media_datagrams_unsent = link_.unsent(),
                          .media = engine_.counts()});
    timer_.expires_after(std::chrono::seconds{1});
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) watch();
    });
  }

  void stop() {
    log::info("sbc.stopping");
    branch_.stop();
    timer_.cancel();
    ending_.cancel();
    // What was said last (goodbye) still goes out.
    timer_.expires_after(std::chrono::milliseconds{200});
    timer_.async_wait([this](boost::system::error_code) { io_.stop(); });
  }

  Config config_;
  std::filesystem::path file_;
  Handshakes handshakes_;  // outlives the io_context
  boost::asio::io_context io_{1};
  EngineMedia plane_{io_};
  media::PromptLibrary no_prompts_{};  // prompts are played by the core
  tunnel::link::MediaLink link_{tunnel::Side::sbc, {}};
  Branch branch_;
  media::Engine engine_;
  StatusServer status_;
  Metrics metrics_;
  std::atomic<bool> ready_{false};
  bool https_open_ = false;
  http::Server provisioning_{provisioning_limits()}, monitoring_{};
  boost::asio::steady_timer timer_{io_}, ending_{io_};
};

}  // namespace

int serve(const std::filesystem::path& file) {
  Config config = load_config(file);
  log::configure(config.log);
  log::keep_recent(2000, 192UL * 1024);
  App{std::move(config), file}.run();
  log::flush();
  return 0;
}

}  // namespace roamdesk::sbc

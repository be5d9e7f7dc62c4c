#include "sbc/app.hpp"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <stdexcept>

#include "common/asio/handshakes.hpp"
#include "common/config/fault.hpp"
#include "common/http/metrics.hpp"
#include "common/http/provisioning.hpp"
#include "common/http/server.hpp"
#include "common/log/log.hpp"
#include "common/media/engine.hpp"
#include "common/net/signals.hpp"
#include "common/tunnel/link/media_link.hpp"
#include "sbc/branch.hpp"
#include "sbc/status.hpp"
#include "sbc/uplink/identity_file.hpp"

namespace roamdesk::sbc {
namespace {

// media::Engine as the branch's media plane.
class EngineMedia final : public media::Plane {
 public:
  void attach(media::Engine& engine) { engine_ = &engine; }
  void order(const media::Order& order) override { engine_->post(order); }

 private:
  media::Engine* engine_ = nullptr;
};

// The figures of `sbc status`, for Prometheus.
class Metrics {
 public:
  Metrics() : registry_(std::make_shared<prometheus::Registry>()) {}
  const std::shared_ptr<prometheus::Registry>& registry() const { return registry_; }
  void update(const Status& status) {
    connected_.Set(status.connected);
    phones_.Set(static_cast<double>(status.phones));
    streams_.Set(static_cast<double>(status.streams));
    rtt_.Set(status.rtt_ms / 1000);
    loss_.Set(status.loss);
    passed_.Set(static_cast<double>(status.sip_passed));
    dropped_.Set(static_cast<double>(status.sip_dropped));
    newcomers_.Set(static_cast<double>(status.sip_newcomers_dropped));
    flows_.Set(static_cast<double>(status.flows));
    gave_way_.Set(static_cast<double>(status.flows_gave_way));
    connections_.Set(static_cast<double>(status.connections_refused));
  }

 private:
  prometheus::Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add({});
  }
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Gauge& connected_ = gauge("sbc_connected", "1 while the tunnel to the core stands");
  prometheus::Gauge& phones_ = gauge("sbc_phones", "Addresses from which a phone is registered");
  prometheus::Gauge& streams_ = gauge("sbc_streams", "RTP streams open");
  prometheus::Gauge& rtt_ = gauge("sbc_rtt_seconds", "Round-trip time to the core");
  prometheus::Gauge& loss_ = gauge("sbc_loss_ratio", "Media datagrams lost on the way from the core");
  prometheus::Gauge& passed_ = gauge("sbc_sip_passed", "SIP messages taken from the LAN since the start");
  prometheus::Gauge& newcomers_ =
      gauge("sbc_sip_newcomers_dropped", "Of these, messages of flows without credentials, over their rate");
  prometheus::Gauge& flows_ = gauge("sbc_sip_flows", "SIP flows known");
  prometheus::Gauge& gave_way_ = gauge("sbc_sip_flows_gave_way", "SIP flows that lost their place to another");
  prometheus::Gauge& connections_ = gauge("sbc_sip_connections_refused", "SIP connections refused since the start");
  prometheus::Gauge& dropped_ = gauge("sbc_sip_dropped", "SIP messages dropped at the LAN since the start");
};

http::Limits provisioning_limits() {
  http::Limits limits;
  limits.body = 4096;  // nobody has reason to send one
  limits.connections = 512;
  limits.connections_per_peer = 8;
  return limits;
}

// What needs neither a body nor the core to be refused.
std::optional<http::Response> gate(const http::Request& head) {
  if (auto refusal = http::provisioning_gate(head)) return refusal;
  if (http::is_below(head.target, "/provision")) return std::nullopt;
  http::Response response;
  response.status = 404;
  return response;
}

void listen(http::Server& server, Endpoint address, http::Handler handler, http::Gate gate = {}) {
  if (const auto opened = server.listen(address, std::nullopt, std::move(handler), std::move(gate)); !opened)
    throw std::runtime_error("HTTP can't listen on " + to_string(address) + ": " + opened.error().message());
}

// SIGHUP: the log and the list of cores, from the next try to connect on. What phones and sockets hang on (the LANs,
// the state) needs a restart. A fault leaves everything as it was.
void reload(const std::filesystem::path& file, Branch& branch) {
  try {
    const Config config = load_config(file);
    log::configure(config.log);
    branch.use_cores(config.core);
    log::info("config.reloaded");
  } catch (const config::ConfigError& error) {
    for (const auto& line : error.lines()) log::error("config.kept", {{"why", line}});
  }
}

void run(const Config& config, const std::filesystem::path& file) {
  Handshakes handshakes;  // outlives the io_context
  boost::asio::io_context io{1};
  EngineMedia plane;
  const media::PromptLibrary no_prompts{};  // prompts are played by the core
  tunnel::link::MediaLink link{tunnel::Side::sbc, {}};
  Branch::Options options;
  options.handshakes = &handshakes;
  Branch branch{io, config, options, &plane, &link};
  media::Engine engine{
      {.home = tunnel::link::MediaPeer{}, .dscp = 46}, no_prompts, &link, [&](const media::Event& event) {
        boost::asio::post(io, [&branch, event] { branch.handle_media(event); });
      }};
  plane.attach(engine);
  const StatusServer status{io, status_socket(config.state_dir), [&] { return branch.status(); }};

  Metrics metrics;
  std::atomic<bool> ready{false};
  http::Server provisioning{provisioning_limits()}, monitoring{};
  for (const LanConfig& lan : config.lan)
    if (lan.provisioning)
      listen(
          provisioning, {lan.address, *lan.provisioning},
          [&](http::Request request, http::Respond respond) {
            boost::asio::post(io, [&branch, request = std::move(request), respond = std::move(respond)]() mutable {
              branch.handle_http(std::move(request), std::move(respond));
            });
          },
          gate);
  if (config.metrics)
    listen(monitoring, *config.metrics, http::metrics_handler(metrics.registry(), [&] { return ready.load(); }));
  branch.start();

  boost::asio::steady_timer timer{io};
  const std::function<void(boost::system::error_code)> watch = [&](boost::system::error_code error) {
    if (error) return;
    const Status now = branch.status();
    ready = now.connected;
    metrics.update(now);
    timer.expires_after(std::chrono::seconds{1});
    timer.async_wait(watch);
  };
  watch({});
  const net::Signals signals{io,
                             [&] {
                               log::info("sbc.stopping");
                               branch.stop();
                               timer.cancel();
                               // What was said last (goodbye) still goes out.
                               timer.expires_after(std::chrono::milliseconds{200});
                               timer.async_wait([&](boost::system::error_code) { io.stop(); });
                             },
                             [&] { reload(file, branch); }};
  log::info("sbc.started", {{"version", ROAMDESK_VERSION}, {"lans", config.lan.size()}});
  io.run();
  handshakes.stop();
  provisioning.stop(std::chrono::milliseconds{100});
  monitoring.stop(std::chrono::milliseconds{0});
}

// Loads and calls `then`; configuration faults are 2, everything else that stops the start is 1.
template <class Then>
int with_config(const std::filesystem::path& file, Then then) {
  try {
    const Config config = load_config(file);
    log::configure(config.log);
    const int code = then(config);
    log::flush();
    return code;
  } catch (const config::ConfigError& error) {
    for (const auto& line : error.lines()) std::fprintf(stderr, "%s\n", line.c_str());
    return 2;
  } catch (const std::exception& error) {
    log::flush();
    std::fprintf(stderr, "sbc: %s\n", error.what());
    return 1;
  }
}

}  // namespace

int serve(const std::filesystem::path& file) {
  return with_config(file, [&](const Config& config) {
    run(config, file);
    return 0;
  });
}

int check(const std::filesystem::path& file) {
  return with_config(file, [](const Config&) {
    std::puts("configuration ok");
    return 0;
  });
}

int enrol(const std::filesystem::path& file, const std::string& text) {
  return with_config(file, [&](const Config& config) {
    const auto key = tunnel::parse_enrolment_key(text);
    if (!key) throw std::runtime_error("the key can't be used: " + std::string{tunnel::describe(key.error())});
    std::vector<std::string> cores;
    for (const auto& core : config.core) cores.push_back(to_string(core));
    boost::asio::io_context io{1};
    std::string trouble = "no answer";
    bool good = false;
    tunnel::link::enrol(io, cores, *key, std::chrono::seconds{10},
                        [&](Result<crypto::Identity, tunnel::link::EnrolFailure> result) {
                          if (result) {
                            store_identity(config.state_dir, *result);
                            good = true;
                          } else {
                            trouble = result.error().text;
                          }
                        });
    io.run();
    if (!good) throw std::runtime_error("not enrolled: " + trouble);
    std::printf("enrolled as %s\n", key->name.c_str());
    return 0;
  });
}

int show_status(const std::filesystem::path& file) {
  return with_config(file, [](const Config& config) {
    const auto text = ask_status(status_socket(config.state_dir));
    if (!text) {
      std::puts("connected: no\ntrouble: no sbc runs with this state_dir");
      return 3;
    }
    std::fputs(text->c_str(), stdout);
    return text->starts_with("connected: yes") ? 0 : 3;
  });
}

}  // namespace roamdesk::sbc

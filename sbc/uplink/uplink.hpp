#pragma once
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/tunnel/link/client.hpp"

namespace roamdesk::sbc {

// The way to the core: finds an identity (stored, or by enrolling), then keeps the tunnel up. Signalling thread.
class Uplink final : private tunnel::link::ClientHandler {
 public:
  struct Settings {
    std::vector<std::string> cores;  // "name:port"
    std::filesystem::path state_dir;
    std::optional<Secret> enrolment_key;
    std::vector<tunnel::Lan> lans;
    std::string software = "sbc " ROAMDESK_VERSION;
    tunnel::SessionSettings session;
    tunnel::BackOff::Settings back_off;
    // After a loss of the connection signalling waits so long for its return before phones are told 503.
    Duration grace = std::chrono::seconds{3};
    Duration look_again = std::chrono::seconds{5};  // for an identity, and between tries to enrol
  };
  // What the core that is there knows of this SBC (docs/tunnel.md, Resumption).
  enum class Known : std::uint8_t {
    all,      // the session was resumed
    streams,  // it goes on with the calls of the core before it, and tells their streams again
    nothing,
  };
  struct Callbacks {
    std::function<void(Known known)> connected;
    std::function<void()> disconnected;
    std::function<void(tunnel::Frame)> frame;
  };
  Uplink(boost::asio::io_context& io, Settings settings, Callbacks callbacks, tunnel::link::MediaLink* media);
  ~Uplink() override;

  void start();
  void stop();
  // From the next try on.
  void use_cores(std::vector<std::string> cores);
  bool send(tunnel::Frame frame);
  // Connected, or so shortly not that phones needn't know.
  bool reachable() const;
  void report_load(std::uint32_t phones, std::uint32_t streams);
  tunnel::link::ClientStatus status() const;
  const std::string& name() const { return name_; }            // of the certificate; "" before
  const std::string& authority() const { return authority_; }  // PEM of the core's; "" before

 private:
  void find_identity();
  void enrol();
  void connect(const crypto::Identity& identity);
  void look_again();
  void on_connected(const tunnel::Welcome& welcome) override;
  void on_disconnected(tunnel::Reason reason, std::string_view text) override;
  void on_frame(tunnel::Frame frame) override;
  void on_identity(const crypto::Identity& identity) override;

  boost::asio::io_context& io_;
  Settings settings_;
  Callbacks callbacks_;
  tunnel::link::MediaLink* media_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<tunnel::link::Client> client_;
  std::string name_, authority_, trouble_;
  std::optional<tunnel::InstanceId> core_;  // whom it was connected to last
  bool connected_ = false, stopped_ = false;
  std::optional<TimePoint> lost_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace roamdesk::sbc

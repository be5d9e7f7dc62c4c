#pragma once
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/edge/dropped_line.hpp"
#include "common/edge/edge.hpp"
#include "common/edge/unanswered.hpp"
#include "common/media_orders/plane.hpp"
#include "common/net/sntp_server.hpp"
#include "common/sip_transport/sip_listeners.hpp"
#include "sbc/branch_streams.hpp"
#include "sbc/config.hpp"
#include "sbc/lan/lan_certificate.hpp"
#include "sbc/lan/provisioning_relay.hpp"
#include "sbc/remote/remote.hpp"
#include "sbc/status.hpp"
#include "sbc/updates/updater.hpp"
#include "sbc/uplink/uplink.hpp"

namespace roamdesk::sbc {

// One branch office: its networks on one side, the tunnel on the other, and between them what of it passes. Everything
// but the program around it (signals, files of the command line, the HTTP listener's thread), so that a test can run
// several in one process. Signalling thread.
class Branch {
 public:
  struct Options {
    Endpoint pnp_group{{0xe000014b}, 5060};
    edge::Edge::Settings edge;
    tunnel::SessionSettings session;
    tunnel::BackOff::Settings back_off;
    Duration grace = std::chrono::seconds{3};
    Duration look_again = std::chrono::seconds{5};
    Handshakes* handshakes = nullptr;  // where TLS handshakes are worked off; null: on the signalling thread
    // Serves provisioning over TLS with this certificate from now on: the listeners are opened at the first call.
    // Empty: there is none over TLS.
    std::function<Result<void>(const http::TlsFiles&)> serve_https;
    std::optional<Package> package;  // that this program is from
    // Puts into force what isn't the branch's own: the log, DSCP of RTP. May be empty.
    std::function<void(const KeptSettings::Values&)> apply;
    Restarts::Settings restarts{};  // `request` is the branch's own
    // Where sbc-update says how it stands (config/debian/sbc-update).
    std::filesystem::path update_result = "/var/lib/sbc-update/result";
  };
  // `media` and `link` may be null; both outlive the branch.
  Branch(boost::asio::io_context& io, Config config, Options options, media::Plane* media,
         tunnel::link::MediaLink* link);

  // Throws std::runtime_error where a listener can't be opened.
  void start();
  // SIGHUP: other cores, from the next try to connect on; log and DSCP.
  void use(const Config& config);
  void stop();
  // A request at the provisioning listeners. On the signalling thread.
  void handle_http(http::Request request, http::Respond respond) {
    relay_.handle(std::move(request), std::move(respond));
  }
  // What the media plane reports.
  void handle_media(const media::Event& event);
  Status status() const;

 private:
  void handle_message(const net::FlowKey& key, std::string_view message, bool to_group);
  // To the core; where it can't be told, the phone is.
  void forward(std::uint32_t flow, const net::FlowKey& key, std::string_view message);
  void handle_closed(const net::FlowKey& key);
  bool announce(std::uint32_t flow, const net::FlowKey& key);
  void answer_unavailable(const net::FlowKey& key, std::string_view message);
  void handle_frame(tunnel::Frame frame);
  void handle(const tunnel::Sip& frame);
  void handle(const tunnel::FlowOpen& frame);
  void handle(const tunnel::FlowClose& frame);
  void handle(const tunnel::FlowStanding& frame);
  void handle_connected(Uplink::Known known);
  void handle_disconnected();
  void handle_stream(const tunnel::Frame& frame);
  void order(const media::Order& order);
  // Presents the certificate of the core's authority, where there is one, and asks for one where it is time.
  void secure_lan();
  bool has_https() const;
  void handle(const tunnel::LanCertificate& frame);
  void handle(const tunnel::UpdateOrder& frame);
  Remote::Parts remote_parts(const Options& options);
  void drain_closed();
  void answer_unanswered();
  void tick();
  void watch();

  boost::asio::io_context& io_;
  Config config_;
  media::Plane* media_;
  edge::Edge edge_;
  net::SipListeners listeners_;
  Uplink uplink_;
  ProvisioningRelay relay_;
  std::function<Result<void>(const http::TlsFiles&)> serve_https_;
  LanCertificate certificate_;
  bool own_certificate_ = false;  // the operator's, for SIP over TLS
  bool https_ = false;            // it is served
  std::string presented_;         // PEM
  TimePoint looked_at_certificate_{};
  BranchStreams streams_;
  std::optional<TimePoint> doubted_until_;
  std::vector<std::unique_ptr<net::SntpServer>> time_servers_;
  std::set<std::uint32_t> unannounced_;  // flows that came while the tunnel took nothing
  std::uint64_t unavailable_ = 0;
  edge::DroppedLine dropped_;
  edge::Unanswered unanswered_;
  std::optional<Package> package_;
  Updater updater_;
  Remote remote_;
  boost::asio::steady_timer timer_, watch_;
};

// As the hello says them.
std::vector<tunnel::Lan> to_lans(const std::vector<LanConfig>& lans);

}  // namespace roamdesk::sbc

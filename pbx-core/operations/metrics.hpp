#pragma once
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/media/engine.hpp"
#include "common/net/sntp_server.hpp"
#include "exchange/element/element.hpp"
#include "pbx-core/door/door.hpp"
#include "pbx-core/notices/courier.hpp"
#include "pbx-core/operations/hep_tap.hpp"
#include "pbx-core/operations/line_metrics.hpp"
#include "pbx-core/operations/login_times.hpp"
#include "pbx-core/operations/nightly_backup.hpp"

namespace roamdesk::core {

// Of the media threads, by their number.
class MediaMetrics {
 public:
  explicit MediaMetrics(prometheus::Registry& registry);
  void update(const std::vector<media::Engine::Counts>& threads);

 private:
  prometheus::Gauge& io_uring_;
  prometheus::Family<prometheus::Gauge>&packets_, &turns_, &crossed_, &lost_crossing_;
};

// The core's figures for Prometheus (docs/metrics.md). Signalling thread; the registry may be read from any.
class Metrics {
 public:
  Metrics() : registry_(std::make_shared<prometheus::Registry>()), login_times_(*registry_), lines_(*registry_) {
    for (const auto condition : words<trunks::Condition>) trunks_.Add({{"condition", std::string{condition}}});
    update_alarms({});
  }

  // Counted elsewhere, since the start.
  struct Counts {
    std::uint64_t http_crowded_out = 0;
    std::uint64_t ntp_answered = 0, ntp_dropped = 0;
    std::uint64_t store_transactions = 0;
    std::uint64_t media_datagrams_unsent = 0;
    // Of each media thread.
    std::vector<media::Engine::Counts> media{};
    notices::Courier::Counts notices{};
    BackupFigures backup{};
    HepTap::Counts hep{};
  };
  // A part of update().
  void update_alarms(const std::map<std::string, Alarm>& alarms);
  LineMetrics& lines() { return lines_; }
  void update(const element::Element& element, const door::Door& door, const Counts& counts);
  LoginTimes& login_times() { return login_times_; }
  const std::shared_ptr<prometheus::Registry>& registry() const { return registry_; }

 private:
  using Gauge = prometheus::Gauge;
  Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add({});
  }
  Gauge& turned_away(const char* why) { return turned_away_.Add({{"why", why}}); }
  void update_sip(const door::Door& door);
  void update_tunnel(const door::Door& door);
  void update_trunks(const trunks::Trunks& trunks);

  std::shared_ptr<prometheus::Registry> registry_;
  LoginTimes login_times_;
  LineMetrics lines_;

  Gauge& phones_ = gauge("roamdesk_phones_registered", "Phones with a registration in force");
  Gauge& sessions_ = gauge("roamdesk_sessions", "Hot desks with somebody logged in");
  Gauge& calls_ = gauge("roamdesk_calls", "Calls ringing or up");
  Gauge& ports_ = gauge("roamdesk_rtp_ports", "RTP ports in use, all sites");

  prometheus::Family<Gauge>& trunks_ =
      prometheus::BuildGauge().Name("roamdesk_trunks").Help("Trunks in each condition").Register(*registry_);
  prometheus::Family<Gauge>& alarms_ =
      prometheus::BuildGauge().Name("roamdesk_alarms").Help("Alarms that are open").Register(*registry_);
  Gauge& unseen_ = gauge("roamdesk_alarms_unacknowledged", "Alarms that are open and that nobody has acknowledged");

  Gauge& trunk_calls_ = gauge("roamdesk_trunk_calls", "Calls over trunks ringing or up");

  Gauge& passed_ = gauge("roamdesk_sip_passed", "SIP messages taken from the core's own networks since the start");
  Gauge& dropped_ = gauge("roamdesk_sip_dropped", "SIP messages dropped there");
  Gauge& newcomers_ =
      gauge("roamdesk_sip_newcomers_dropped", "Of these, messages of flows without credentials, over their rate");
  Gauge& keepalives_ = gauge("roamdesk_sip_keepalives", "Keepalives taken there");
  Gauge& flows_ = gauge("roamdesk_sip_flows", "SIP flows known there");
  Gauge& gave_way_ = gauge("roamdesk_sip_flows_gave_way", "SIP flows that lost their place to another");
  Gauge& proven_gave_way_ =
      gauge("roamdesk_sip_proven_flows_gave_way", "Of these, flows on which credentials had been shown");
  Gauge& refused_ = gauge("roamdesk_sip_connections_refused", "SIP connections refused there since the start");

  Gauge& sbcs_ = gauge("roamdesk_sbcs_connected", "SBCs with a tunnel");
  Gauge& superseded_ = gauge("roamdesk_tunnel_superseded",
                             "Tunnels that a newer one of the same SBC took over; two boxes may have one identity");
  prometheus::Family<Gauge>& turned_away_ = prometheus::BuildGauge()
                                                .Name("roamdesk_tunnel_turned_away")
                                                .Help("Connections to the tunnel's port that ended as nobody's, by why")
                                                .Register(*registry_);
  Gauge& crowded_ = turned_away("crowded");
  Gauge& silent_ = turned_away("silent");
  Gauge& not_tls_ = turned_away("not_tls");
  Gauge& no_handshake_ = turned_away("no_handshake");
  Gauge& unknown_ = turned_away("unknown");
  Gauge& enrolments_ = turned_away("enrolments");
  MediaMetrics media_{*registry_};
  Gauge& media_dropped_ =
      gauge("roamdesk_tunnel_media_dropped", "RTP packets for SBCs that found no tunnel or no room in it");
  Gauge& media_unsent_ =
      gauge("roamdesk_tunnel_datagrams_unsent", "Media datagrams for SBCs that the kernel had no room for");
  Gauge& media_refused_ =
      gauge("roamdesk_tunnel_datagrams_refused", "Media datagrams that were replayed or not sealed by their SBC");

  Gauge& http_crowded_ =
      gauge("roamdesk_http_crowded_out", "HTTP connections that found no place, or gave theirs to a newcomer");
  Gauge& ntp_answered_ = gauge("roamdesk_ntp_answered", "Requests for the time answered");
  Gauge& ntp_dropped_ =
      gauge("roamdesk_ntp_dropped", "Requests for the time dropped, over their address's rate or none");
  Gauge& notices_delivered_ =
      gauge("roamdesk_notices_delivered", "Messages about emergency calls and alarms that were taken");
  Gauge& notices_failed_ = gauge("roamdesk_notices_failed", "Of these, those that were refused, given up or dropped");
  Gauge& notices_waiting_ = gauge("roamdesk_notices_waiting", "Of these, those that aren't delivered yet");
  Gauge& backup_made_ = gauge("roamdesk_backup_last_success_timestamp_seconds",
                              "When a backup was made last, by whatever way; 0: never, as far as is known");
  Gauge& backup_bytes_ = gauge("roamdesk_backup_size_bytes", "Size of the last backup of a night");
  Gauge& backup_took_ =
      gauge("roamdesk_backup_duration_seconds", "How long the last one of a night took, reading it back included");
  Gauge& sftp_made_ = gauge("roamdesk_backup_sftp_last_success_timestamp_seconds",
                            "When a backup arrived last at the SFTP server; 0: never, or there is none");
  Gauge& sftp_failing_ = gauge("roamdesk_backup_sftp_failing", "1 where the last backup by SFTP failed");
  Gauge& hep_sent_ = gauge("roamdesk_hep_sent", "SIP messages sent to the Homer collector since the start");
  Gauge& hep_dropped_ =
      gauge("roamdesk_hep_dropped", "SIP messages that were for it and found no room, or fit into no datagram");
  Gauge& transactions_ = gauge("roamdesk_store_transactions", "Transactions of the store since the start");
};

}  // namespace roamdesk::core

#pragma once
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <memory>

#include "common/media/engine.hpp"
#include "sbc/status.hpp"

namespace roamdesk::sbc {

// The figures of `sbc status`, and what beside them was dropped or refused, for Prometheus (docs/metrics.md).
// Signalling thread; the registry may be read from any.
class Metrics {
 public:
  Metrics() : registry_(std::make_shared<prometheus::Registry>()) {}
  const std::shared_ptr<prometheus::Registry>& registry() const { return registry_; }

  // Counted beside the branch, since the start.
  struct Counts {
    std::uint64_t http_crowded_out = 0;
    std::uint64_t media_datagrams_unsent = 0;
    media::Engine::Counts media{};
  };
  void update(const Status& status, const Counts& counts);

 private:
  using Gauge = prometheus::Gauge;
  Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add({});
  }
  std::shared_ptr<prometheus::Registry> registry_;
  Gauge& connected_ = gauge("sbc_connected", "1 while the tunnel to the core stands");
  Gauge& phones_ = gauge("sbc_phones", "Addresses from which a phone is registered");
  Gauge& streams_ = gauge("sbc_streams", "RTP streams open");
  Gauge& rtt_ = gauge("sbc_rtt_seconds", "Round-trip time to the core");
  Gauge& loss_ = gauge("sbc_loss_ratio", "Media datagrams lost on the way from the core");

  Gauge& passed_ = gauge("sbc_sip_passed", "SIP messages taken from the LAN since the start");
  Gauge& dropped_ = gauge("sbc_sip_dropped", "SIP messages dropped at the LAN since the start");
  Gauge& newcomers_ =
      gauge("sbc_sip_newcomers_dropped", "Of these, messages of flows without credentials, over their rate");
  Gauge& keepalives_ = gauge("sbc_sip_keepalives", "Keepalives taken from the LAN");
  Gauge& unavailable_ = gauge("sbc_sip_unavailable", "Requests answered 503 while the core was away");
  Gauge& flows_ = gauge("sbc_sip_flows", "SIP flows known");
  Gauge& gave_way_ = gauge("sbc_sip_flows_gave_way", "SIP flows that lost their place to another");
  Gauge& proven_gave_way_ =
      gauge("sbc_sip_proven_flows_gave_way", "Of these, flows on which credentials had been shown");
  Gauge& connections_ = gauge("sbc_sip_connections_refused", "SIP connections refused since the start");

  Gauge& relayed_ = gauge("sbc_provisioning_relayed", "Requests for phones' files asked of the core");
  Gauge& refused_ = gauge("sbc_provisioning_refused", "Requests for phones' files refused at the LAN");
  Gauge& http_crowded_ =
      gauge("sbc_http_crowded_out", "HTTP connections that found no place, or gave theirs to a newcomer");
  Gauge& ntp_answered_ = gauge("sbc_ntp_answered", "Requests for the time answered");
  Gauge& ntp_dropped_ = gauge("sbc_ntp_dropped", "Requests for the time dropped, over their address's rate or none");

  Gauge& media_io_uring_ = gauge("sbc_media_io_uring", "1 where the media thread has io_uring, 0 where epoll");
  Gauge& media_packets_ = gauge("sbc_media_packets", "RTP and RTCP packets that the media thread has heard");
  Gauge& media_turns_ = gauge("sbc_media_turns", "Turns of the media thread that found packets");
  Gauge& media_dropped_ =
      gauge("sbc_tunnel_media_dropped", "RTP packets for the core that found no tunnel or no room in it");
  Gauge& media_refused_ =
      gauge("sbc_tunnel_datagrams_refused", "Media datagrams that were replayed or not sealed by the core");
  Gauge& media_unsent_ =
      gauge("sbc_tunnel_datagrams_unsent", "Media datagrams for the core that the kernel had no room for");
};

}  // namespace roamdesk::sbc

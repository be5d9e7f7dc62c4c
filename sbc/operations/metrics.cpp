#include "sbc/operations/metrics.hpp"

namespace roamdesk::sbc {
namespace {

template <class T>
void set(prometheus::Gauge& gauge, T value) {
  gauge.Set(static_cast<double>(value));
}

}  // namespace

void Metrics::update(const Status& status, const Counts& counts) {
  set(connected_, status.connected ? 1 : 0);
  set(phones_, status.phones);
  set(streams_, status.streams);
  set(rtt_, status.rtt_ms / 1000);
  set(loss_, status.loss);
  set(passed_, status.sip_passed);
  set(dropped_, status.sip_dropped);
  set(newcomers_, status.sip_newcomers_dropped);
  set(keepalives_, status.sip_keepalives);
  set(unavailable_, status.sip_unavailable);
  set(flows_, status.flows);
  set(gave_way_, status.flows_gave_way);
  set(proven_gave_way_, status.proven_flows_gave_way);
  set(connections_, status.connections_refused);
  set(relayed_, status.provisioning_relayed);
  set(refused_, status.provisioning_refused);
  set(http_crowded_, counts.http_crowded_out);
  set(ntp_answered_, status.ntp_answered);
  set(ntp_dropped_, status.ntp_dropped);
  set(media_dropped_, status.media_dropped);
  set(media_refused_, status.media_refused);
  set(media_unsent_, counts.media_datagrams_unsent);
  set(media_io_uring_, counts.media.io_uring);
  set(media_packets_, counts.media.packets);
  set(media_turns_, counts.media.turns);
}

}  // namespace roamdesk::sbc

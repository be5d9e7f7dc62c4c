#include "pbx-core/operations/metrics.hpp"

#include <array>
#include <chrono>
#include <utility>
#include <vector>

namespace roamdesk::core {
namespace {

template <class T>
void set(prometheus::Gauge& gauge, T value) {
  gauge.Set(static_cast<double>(value));
}

// Of SBCs that have been enrolled: a new one isn't missed.
std::vector<LineMetrics::Line> lines_of(const door::Door& door, const Directory& directory) {
  std::map<std::string, LineMetrics::Line> lines;
  for (const auto& [name, sbc] : directory.sbcs())
    if (!sbc.certificate_serial.empty()) lines[name].sbc = name;
  for (const auto& info : door.sbcs()) {
    const auto line = lines.find(info.name);
    if (line == lines.end() || !info.connected) continue;
    const auto in_seconds = [](Duration time) { return std::chrono::duration<double>(time).count(); };
    line->second.up = true;
    line->second.rtt_s = in_seconds(info.rtt);
    line->second.jitter_s = in_seconds(info.jitter.value_or(Duration{}));
    line->second.loss = info.loss;
  }
  std::vector<LineMetrics::Line> all;
  all.reserve(lines.size());
  for (auto& [name, line] : lines) all.push_back(std::move(line));
  return all;
}

std::vector<LineMetrics::Trunk> trunks_of(const trunks::Trunks& trunks) {
  std::vector<LineMetrics::Trunk> all;
  for (const auto& [name, number] : trunks.names()) {
    using enum trunks::Condition;
    const auto condition = trunks.machine(number)->status().condition;
    all.push_back({std::string(name), condition == registered || condition == ready, trunks.calls(number)});
  }
  return all;
}

}  // namespace

void Metrics::update(const element::Element& element, const door::Door& door, const Counts& counts) {
  set(phones_, element.registrar().size());
  set(sessions_, element.directory().sessions().size());
  set(calls_, element.calls().size());
  set(ports_, element.rtp_ports_in_use());
  update_trunks(element.outside().trunks());
  update_alarms(element.directory().all<Alarm>());
  lines_.update(lines_of(door, element.directory()), trunks_of(element.outside().trunks()));
  update_sip(door);
  update_tunnel(door);
  set(media_unsent_, counts.media_datagrams_unsent);
  media_.update(counts.media);
  set(http_crowded_, counts.http_crowded_out);
  set(ntp_answered_, counts.ntp_answered);
  set(ntp_dropped_, counts.ntp_dropped);
  set(transactions_, counts.store_transactions);
  set(notices_delivered_, counts.notices.delivered);
  set(notices_failed_, counts.notices.failed);
  set(notices_waiting_, counts.notices.waiting);
  backup_made_.Set(counts.backup.last_success_s);
  backup_bytes_.Set(counts.backup.bytes);
  backup_took_.Set(counts.backup.took_s);
  sftp_made_.Set(counts.backup.sftp_last_success_s);
  sftp_failing_.Set(counts.backup.sftp_failing);
  set(hep_sent_, counts.hep.sent);
  set(hep_dropped_, counts.hep.dropped);
}

void Metrics::update_alarms(const std::map<std::string, Alarm>& alarms) {
  std::array<std::array<std::size_t, words<AlarmSeverity>.size()>, words<AlarmKind>.size()> open{};
  std::size_t unseen = 0;
  for (const auto& [id, alarm] : alarms) {
    if (alarm.cleared) continue;
    ++open[static_cast<std::size_t>(alarm.kind)][static_cast<std::size_t>(alarm.severity)];
    unseen += alarm.acknowledged ? 0 : 1;
  }
  for (std::size_t kind = 0; kind < open.size(); ++kind)
    for (std::size_t severity = 0; severity < open[kind].size(); ++severity)
      set(alarms_.Add({{"kind", std::string{words<AlarmKind>[kind]}},
                       {"severity", std::string{words<AlarmSeverity>[severity]}}}),
          open[kind][severity]);
  set(unseen_, unseen);
}

void Metrics::update_trunks(const trunks::Trunks& trunks) {
  std::array<std::size_t, words<trunks::Condition>.size()> in{};
  std::size_t calls = 0;
  for (const auto& [name, number] : trunks.names()) {
    ++in[static_cast<std::size_t>(trunks.machine(number)->status().condition)];
    calls += trunks.calls(number);
  }
  for (std::size_t each = 0; each < in.size(); ++each)
    set(trunks_.Add({{"condition", std::string{words<trunks::Condition>[each]}}}), in[each]);
  set(trunk_calls_, calls);
}

void Metrics::update_sip(const door::Door& door) {
  const auto sip = door.local_sip();
  set(passed_, sip.messages.passed);
  set(dropped_, sip.messages.dropped());
  set(newcomers_, sip.messages.newcomers_over_rate);
  set(keepalives_, sip.messages.keepalives);
  set(flows_, sip.flows);
  set(gave_way_, sip.messages.gave_way);
  set(proven_gave_way_, sip.messages.proven_gave_way);
  set(refused_, sip.connections_refused);
}

void Metrics::update_tunnel(const door::Door& door) {
  std::size_t connected = 0;
  std::uint64_t superseded = 0, dropped = 0, refused = 0;
  for (const auto& sbc : door.sbcs()) {
    connected += sbc.connected ? 1 : 0;
    superseded += sbc.superseded;
    dropped += sbc.media_dropped;
    refused += sbc.media_refused;
  }
  set(sbcs_, connected);
  set(superseded_, superseded);
  set(media_dropped_, dropped);
  set(media_refused_, refused);
  const auto away = door.turned_away();
  set(crowded_, away.crowded);
  set(silent_, away.silent);
  set(not_tls_, away.not_tls);
  set(no_handshake_, away.no_handshake);
  set(unknown_, away.unknown);
  set(enrolments_, away.enrolments);
}

}  // namespace roamdesk::core

#include "pbx-core/operations/metrics.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "sbc/operations/metrics.hpp"

namespace roamdesk {
namespace {

std::set<std::string> names_in(const prometheus::Registry& registry) {
  std::set<std::string> names;
  for (const auto& family : registry.Collect()) names.insert(family.name);
  return names;
}

// The names in the first column of the tables of docs/metrics.md that begin like this.
std::set<std::string> documented(const std::string& prefix) {
  std::ifstream in{DOCS_DIR "/metrics.md"};
  std::set<std::string> names;
  for (std::string line; std::getline(in, line);) {
    const std::string begin = "| `" + prefix;
    if (!line.starts_with(begin)) continue;
    const auto name = line.substr(3, line.find_first_of("`{", 3) - 3);
    EXPECT_TRUE(names.insert(name).second) << name << " stands there twice";
  }
  return names;
}

TEST(Metrics, OfTheCoreAreThoseOfTheDocumentation) {
  core::Metrics metrics;
  metrics.lines().update({{.sbc = "berlin"}}, {{.name = "provider"}});
  EXPECT_EQ(names_in(*metrics.registry()), documented("roamdesk_"));
}

TEST(Metrics, OfAnSbcAreThoseOfTheDocumentation) {
  const sbc::Metrics metrics;
  EXPECT_EQ(names_in(*metrics.registry()), documented("sbc_"));
}

double value_of_line(const core::Metrics& metrics, const std::string& figure, const std::string& name) {
  for (const auto& family : metrics.registry()->Collect())
    if (family.name == figure)
      for (const auto& one : family.metric)
        if (!one.label.empty() && one.label[0].value == name) return one.gauge.value;
  return -1;
}

TEST(Metrics, OfALineGoWithItsSbc) {
  core::Metrics metrics;
  metrics.lines().update({{"berlin", true, 0.02, 0.001, 0.5}, {"hamburg"}}, {{"provider", true, 3}, {"other"}});
  EXPECT_EQ(value_of_line(metrics, "roamdesk_sbc_up", "berlin"), 1);
  EXPECT_EQ(value_of_line(metrics, "roamdesk_sbc_up", "hamburg"), 0);
  EXPECT_EQ(value_of_line(metrics, "roamdesk_line_rtt_seconds", "berlin"), 0.02);
  EXPECT_EQ(value_of_line(metrics, "roamdesk_line_jitter_seconds", "berlin"), 0.001);
  EXPECT_EQ(value_of_line(metrics, "roamdesk_line_loss_ratio", "berlin"), 0.5);
  EXPECT_EQ(value_of_line(metrics, "roamdesk_trunk_up", "provider"), 1);
  EXPECT_EQ(value_of_line(metrics, "roamdesk_trunk_calls_by", "provider"), 3);
  metrics.lines().update({{"hamburg"}}, {});
  EXPECT_EQ(value_of_line(metrics, "roamdesk_sbc_up", "berlin"), -1) << "deleted";
  EXPECT_EQ(value_of_line(metrics, "roamdesk_sbc_up", "hamburg"), 0);
  EXPECT_EQ(value_of_line(metrics, "roamdesk_trunk_up", "provider"), -1);
}

TEST(Metrics, CountOpenAlarmsByKindAndSeverity) {
  core::Metrics metrics;
  Alarm open{.id = "1", .kind = AlarmKind::sbc_down, .severity = AlarmSeverity::critical};
  Alarm seen = open, over = open;
  seen.acknowledged = over.cleared = WallTime{};
  metrics.update_alarms({{"1", open}, {"2", seen}, {"3", over}});
  std::size_t series = 0;
  for (const auto& family : metrics.registry()->Collect()) {
    if (family.name == "roamdesk_alarms_unacknowledged") {
      EXPECT_EQ(family.metric.at(0).gauge.value, 1);
    }
    if (family.name != "roamdesk_alarms") continue;
    for (const auto& one : family.metric) {
      ++series;
      std::set<std::string> labels;
      for (const auto& label : one.label) labels.insert(label.value);
      const std::set<std::string> ours{"critical", "sbc_down"};
      EXPECT_EQ(one.gauge.value, labels == ours ? 2 : 0);
    }
  }
  EXPECT_EQ(series, words<AlarmKind>.size() * words<AlarmSeverity>.size()) << "also those of which there is none";
}

// Each figure is another one, so that none is set from its neighbour.
TEST(Metrics, OfAnSbcSayWhatItsStatusSays) {
  sbc::Status status;
  status.connected = true;
  status.phones = 2, status.flows = 3, status.streams = 4;
  status.rtt_ms = 5000;
  status.loss = 0.5;
  status.sip_passed = 7, status.sip_dropped = 8, status.sip_unavailable = 9, status.sip_keepalives = 10;
  status.sip_newcomers_dropped = 11, status.flows_gave_way = 12, status.proven_flows_gave_way = 13;
  status.connections_refused = 14, status.provisioning_relayed = 15, status.provisioning_refused = 16;
  status.ntp_answered = 17, status.ntp_dropped = 18, status.media_dropped = 19, status.media_refused = 20;
  sbc::Metrics metrics;
  metrics.update(
      status,
      {.http_crowded_out = 21, .media_datagrams_unsent = 22, .media = {.packets = 23, .turns = 24, .io_uring = true}});
  std::map<std::string, double> values;
  for (const auto& family : metrics.registry()->Collect()) values[family.name] = family.metric.at(0).gauge.value;
  const std::map<std::string, double> expected{{"sbc_connected", 1},
                                               {"sbc_phones", 2},
                                               {"sbc_sip_flows", 3},
                                               {"sbc_streams", 4},
                                               {"sbc_rtt_seconds", 5},
                                               {"sbc_loss_ratio", 0.5},
                                               {"sbc_sip_passed", 7},
                                               {"sbc_sip_dropped", 8},
                                               {"sbc_sip_unavailable", 9},
                                               {"sbc_sip_keepalives", 10},
                                               {"sbc_sip_newcomers_dropped", 11},
                                               {"sbc_sip_flows_gave_way", 12},
                                               {"sbc_sip_proven_flows_gave_way", 13},
                                               {"sbc_sip_connections_refused", 14},
                                               {"sbc_provisioning_relayed", 15},
                                               {"sbc_provisioning_refused", 16},
                                               {"sbc_ntp_answered", 17},
                                               {"sbc_ntp_dropped", 18},
                                               {"sbc_tunnel_media_dropped", 19},
                                               {"sbc_tunnel_datagrams_refused", 20},
                                               {"sbc_http_crowded_out", 21},
                                               {"sbc_tunnel_datagrams_unsent", 22},
                                               {"sbc_media_packets", 23},
                                               {"sbc_media_turns", 24},
                                               {"sbc_media_io_uring", 1}};
  EXPECT_EQ(values, expected);
}

}  // namespace
}  // namespace roamdesk

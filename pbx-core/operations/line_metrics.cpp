#include "pbx-core/operations/line_metrics.hpp"

namespace roamdesk::core {
namespace {

auto& family(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

}  // namespace

LineMetrics::LineMetrics(prometheus::Registry& registry)
    : up_{family(registry, "roamdesk_sbc_up", "1 while the SBC has a tunnel"), "sbc"},
      rtt_{family(registry, "roamdesk_line_rtt_seconds", "Round-trip time to the SBC"), "sbc"},
      jitter_{family(registry, "roamdesk_line_jitter_seconds", "How much that varies"), "sbc"},
      loss_{family(registry, "roamdesk_line_loss_ratio", "Media datagrams of the line that are lost, 0 to 1"), "sbc"},
      trunk_up_{family(registry, "roamdesk_trunk_up", "1 while calls can leave by the trunk"), "trunk"},
      trunk_calls_{family(registry, "roamdesk_trunk_calls_by", "Calls over the trunk ringing or up"), "trunk"} {}

void LineMetrics::Figures::set(const Values& values) {
  std::erase_if(gauges, [&](const auto& one) {
    if (values.contains(one.first)) return false;
    family.Remove(one.second);
    return true;
  });
  for (const auto& [name, value] : values) {
    auto& gauge = gauges[name];
    if (!gauge) gauge = &family.Add({{label, name}});
    gauge->Set(value);
  }
}

void LineMetrics::update(const std::vector<Line>& lines, const std::vector<Trunk>& trunks) {
  Values up, rtt, jitter, loss, trunk_up, trunk_calls;
  for (const auto& line : lines) {
    up[line.sbc] = line.up ? 1 : 0;
    rtt[line.sbc] = line.rtt_s;
    jitter[line.sbc] = line.jitter_s;
    loss[line.sbc] = line.loss;
  }
  for (const auto& trunk : trunks) {
    trunk_up[trunk.name] = trunk.up ? 1 : 0;
    trunk_calls[trunk.name] = static_cast<double>(trunk.calls);
  }
  up_.set(up);
  rtt_.set(rtt);
  jitter_.set(jitter);
  loss_.set(loss);
  trunk_up_.set(trunk_up);
  trunk_calls_.set(trunk_calls);
}

}  // namespace roamdesk::core

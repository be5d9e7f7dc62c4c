#include <fmt/format.h>

#include <set>

#include "exchange/alarms/certificates.hpp"
#include "pbx-core/administration/administration.hpp"

// What is wrong at this moment, out of what the element and the door know.
namespace roamdesk::administration {
namespace {

using alarms::Condition;

bool is_lost(trunks::Condition condition) {
  using enum trunks::Condition;
  return condition == not_located || condition == refused || condition == unreachable || condition == silent;
}

double in_ms(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

// "RTT 420 ms (300), loss 3.1 % (2.0)": what is over its limit, which stands behind it. "" where nothing is.
std::string bad_figures(const door::SbcInfo& info, const Settings& limits) {
  std::string text;
  const auto add = [&text](std::string figure) { text += (text.empty() ? "" : ", ") + std::move(figure); };
  if (const auto rtt = in_ms(info.rtt); limits.alarm_rtt_ms && rtt > limits.alarm_rtt_ms)
    add(fmt::format("RTT {:.0f} ms ({})", rtt, limits.alarm_rtt_ms));
  if (info.jitter && limits.alarm_jitter_ms && in_ms(*info.jitter) > limits.alarm_jitter_ms)
    add(fmt::format("jitter {:.0f} ms ({})", in_ms(*info.jitter), limits.alarm_jitter_ms));
  if (limits.alarm_loss_permille && info.loss * 1000 > limits.alarm_loss_permille)
    add(fmt::format("loss {:.1f} % ({:.1f})", info.loss * 100, limits.alarm_loss_permille / 10.0));
  return text;
}

}  // namespace

bool Administration::is_reached(const SiteId& site) const {
  if (site == local_site()) return true;
  const auto info = door_.sbc(site.value());
  return info && info->connected;
}

void Administration::add_sbcs(std::vector<Condition>& wrong) const {
  for (const auto& [name, sbc] : directory().sbcs()) {
    if (sbc.certificate_serial.empty()) continue;  // not there yet
    const auto info = door_.sbc(name);
    if (info && info->certificate_until)
      if (auto ends = alarms::certificate_ends("sbc " + name, name, *info->certificate_until,
                                               settings().alarm_certificate_days, now_().wall))
        wrong.push_back(std::move(*ends));
    if (!info || !info->connected) {
      wrong.push_back({AlarmKind::sbc_down, AlarmSeverity::critical, name, name, ""});
      continue;
    }
    if (auto figures = bad_figures(*info, settings()); !figures.empty())
      wrong.push_back({AlarmKind::line_bad, AlarmSeverity::warning, name, name, std::move(figures)});
  }
}

void Administration::add_phones(std::vector<Condition>& wrong) const {
  // A restart forgets who was there; of those that were gone already, their alarms know.
  std::set<std::string> missed;
  for (const auto& [id, alarm] : directory().all<Alarm>())
    if (alarm.kind == AlarmKind::phone_gone && !alarm.cleared) missed.insert(alarm.subject);
  const auto was_there = [&](const Mac& mac) {
    return element_.registrar().find(mac) || element_.onboarding().was_registered(mac) || missed.contains(mac.text());
  };
  for (const auto& [mac, phone] : directory().phones()) {
    if (!phone.assigned || element_.is_online(mac) || phone.needs_restart) continue;
    if (!was_there(mac) || !element_.views().can_serve(phone) || !is_reached(phone.site)) continue;
    const HotDesk* desk = directory().desk_of(mac);
    wrong.push_back({AlarmKind::phone_gone, AlarmSeverity::notice, mac.text(), phone.site.value(),
                     phone.extension ? phone.extension->value()
                     : desk          ? desk->id.value()
                                     : ""});
  }
}

void Administration::add_trunks(std::vector<Condition>& wrong) const {
  const auto& trunks = element_.outside().trunks();
  for (const auto& [name, trunk] : directory().all<Trunk>()) {
    const auto number = trunks.find(name);
    if (!number || !is_reached(trunk.site)) continue;
    const auto status = trunks.machine(*number)->status();
    if (!is_lost(status.condition)) continue;
    const bool upstream = trunk.kind == TrunkKind::accounts;
    wrong.push_back({upstream ? AlarmKind::upstream_away : AlarmKind::trunk_away, AlarmSeverity::critical, name,
                     trunk.site == local_site() ? "" : trunk.site.value(),
                     status.reason.empty() ? std::string(word_of(status.condition)) : status.reason});
  }
}

std::vector<Condition> Administration::conditions() const {
  std::vector<Condition> wrong;
  add_sbcs(wrong);
  add_phones(wrong);
  add_trunks(wrong);
  add_rollout(wrong);
  for (const auto& [id, emergency] : directory().all<Emergency>()) {
    if (emergency.test || emergency.acknowledged) continue;
    const auto& place = emergency.place;
    wrong.push_back({AlarmKind::emergency_call, AlarmSeverity::critical, id, place.site.value(),
                     fmt::format("{} from {}", place.number,
                                 !place.desk.empty()        ? place.desk
                                 : !place.extension.empty() ? place.extension
                                                            : place.address)});
  }
  return wrong;
}

}  // namespace roamdesk::administration

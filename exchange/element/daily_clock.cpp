#include "exchange/element/daily_clock.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace roamdesk::element {

void DailyClock::start() {
  checked_ = context_.now.wall;
  for (const auto& [desk, session] : context_.directory.sessions()) checked_ = std::min(checked_, session.since);
}

void DailyClock::trim_history() {
  const WallTime now = context_.now.wall;
  if (history_trimmed_ && now >= *history_trimmed_ && now < *history_trimmed_ + std::chrono::hours{1}) return;
  history_trimmed_ = now;
  context_.commit({TrimHistory{now - std::chrono::days{context_.settings().audit_days}}});
}

void DailyClock::check() {
  trim_history();
  const auto checked = std::exchange(checked_, context_.now.wall);
  const auto time = context_.settings().automatic_logout;
  if (!time) return;
  const Directory& directory = context_.directory;
  for (const auto& [id, session] : std::map{directory.sessions()}) {
    const HotDesk* desk = directory.desk(id);
    if (!desk) continue;
    const Sbc* sbc = directory.sbc(desk->site.value());
    const auto strike = context_.world.last_strike(sbc ? sbc->time_zone : context_.world.local_time_zone(), *time);
    if (!strike || *strike <= checked || session.since >= *strike) continue;
    desks_.log_out(id, hotdesk::EndReason::automatic, "clock", desk->site.value(), nullptr);
  }
}

}  // namespace roamdesk::element

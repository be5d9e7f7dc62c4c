#include "pbx-core/administration/comings.hpp"

#include <utility>

namespace roamdesk::administration {
namespace {

AuditRecord record(WallTime at, std::string action, std::string subject, std::string detail = {}) {
  return {0, at, "exchange", "", std::move(action), std::move(subject), std::move(detail)};
}

}  // namespace

bool Comings::change(State& state, bool there, WallTime now) {
  if (state.there == there) return false;
  state.there = there;
  if (now - state.hour >= std::chrono::hours{1}) {
    state.hour = now;
    state.in_hour = 0;
  }
  // A return is told where its loss was, so that no loss stands there for ever.
  const bool tells = there ? state.told : state.in_hour < most_an_hour;
  if (!there) {
    state.told = tells;
    ++state.in_hour;
  }
  return tells;
}

std::optional<AuditRecord> Comings::sbc(const std::string& name, bool there, const std::string& why, WallTime now) {
  const auto [state, first] = sbcs_.try_emplace(name, SbcState{State{!there}});
  if (state->second.there != there) state->second.since = now;
  if (!change(state->second, there, now)) return std::nullopt;
  return record(now, there ? "sbc.connected" : "sbc.disconnected", name, there ? "" : why);
}

std::optional<AuditRecord> Comings::phone(const Mac& mac, bool there, bool site_there, WallTime now) {
  const auto [state, first] = phones_.try_emplace(mac, State{there});
  if (first) return std::nullopt;
  if (!there && !site_there) {
    // Its branch's record says it.
    if (std::exchange(state->second.there, false)) state->second.told = false;
    return std::nullopt;
  }
  if (!change(state->second, there, now)) return std::nullopt;
  return record(now, there ? "phone.back" : "phone.lost", mac.text());
}

std::optional<AuditRecord> Comings::trunk(const std::string& name, bool there, const std::string& why, WallTime now) {
  const auto [state, first] = trunks_.try_emplace(name, State{there});
  if (first && there) return std::nullopt;
  if (first) state->second.there = true;
  if (!change(state->second, there, now)) return std::nullopt;
  return record(now, there ? "trunk.back" : "trunk.lost", name, there ? "" : why);
}

std::optional<WallTime> Comings::sbc_since(const std::string& name) const {
  const auto found = sbcs_.find(name);
  return found == sbcs_.end() ? std::nullopt : std::optional{found->second.since};
}

}  // namespace roamdesk::administration

#include "pbx-core/operations/wrong_now.hpp"

#include <chrono>
#include <iterator>

namespace roamdesk::core {
namespace {

// Disks fill and certificates end slowly.
constexpr std::chrono::minutes machine_every{1};

watch::Strangers strangers_at(const door::Door& door, std::uint64_t http_crowded_out) {
  const auto sip = door.local_sip();
  const auto away = door.turned_away();
  return {sip.messages.newcomers_over_rate + sip.connections_refused,
          away.crowded + away.silent + away.not_tls + away.no_handshake + away.unknown + away.enrolments,
          http_crowded_out};
}

}  // namespace

void WrongNow::look(const administration::Administration& administration, const door::Door& door,
                    std::uint64_t http_crowded_out, watch::Watcher& watcher, element::Now now) {
  for (auto& event : floods_.look(strangers_at(door, http_crowded_out))) watcher.note(std::move(event), now.mono);
  if (!looked_ || now.mono - *looked_ >= machine_every) {
    machine_ = watch::look_at(state_dir_, https_);
    looked_ = now.mono;
  }
  auto wrong = administration.conditions();
  auto here = watch::conditions_of(machine_, administration.settings(), now.wall);
  wrong.insert(wrong.end(), std::make_move_iterator(here.begin()), std::make_move_iterator(here.end()));
  watcher.look(std::move(wrong), now.mono, now.wall);
}

}  // namespace roamdesk::core

#include "pbx-core/operations/wrong_now.hpp"

#include <chrono>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "common/crypto/random.hpp"

namespace roamdesk::core {
namespace {

// Disks fill and certificates end slowly.
constexpr std::chrono::minutes machine_every{1};

// The packages' unit names it.
std::filesystem::path update_failed() {
  const char* named = std::getenv("ROAMDESK_UPDATE_FAILED");
  return named ? named : "";
}

watch::Strangers strangers_at(const door::Door& door, std::uint64_t http_crowded_out) {
  const auto sip = door.local_sip();
  const auto away = door.turned_away();
  return {sip.messages.newcomers_over_rate + sip.connections_refused,
          away.crowded + away.silent + away.not_tls + away.no_handshake + away.unknown + away.enrolments,
          http_crowded_out};
}

}  // namespace

WrongNow::WrongNow(const Config& config, const HttpsCertificate& https, administration::Administration& administration,
                   api::Api& api, Notifier& notifier)
    : administration_(administration),
      api_(api),
      state_dir_(config.state_dir),
      https_(config.http.tls ? std::filesystem::path(https.files().certificate) : std::filesystem::path{}),
      watcher_({administration, [] { return crypto::random_hex(16); },
                [&](const alarms::Bulletin& bulletin) { notifier.tell(bulletin, administration.directory()); },
                [&api](const Alarm& alarm) {
                  if (api.is_listened_to()) api.post_event(api::AlarmChanged{alarm});
                }}) {}

void WrongNow::wrong_password(const std::string& peer) {
  watcher_.note(watch::wrong_password(peer), std::chrono::steady_clock::now());
}

void WrongNow::look(const door::Door& door, std::uint64_t http_crowded_out, const std::vector<FullDisk>& full,
                    element::Now now) {
  for (auto& event : administration_.sample()) api_.post_event(std::move(event));
  crowded_log_.handle(http_crowded_out, now.mono);
  for (auto& event : floods_.look(strangers_at(door, http_crowded_out))) watcher_.note(std::move(event), now.mono);
  if (!looked_ || now.mono - *looked_ >= machine_every) {
    machine_ = watch::look_at(state_dir_, https_, update_failed());
    looked_ = now.mono;
  }
  machine_.no_room.clear();
  for (const auto& [path, figures] : full) machine_.no_room.push_back({path, figures});
  auto wrong = administration_.conditions();
  auto here = watch::conditions_of(machine_, administration_.settings(), now.wall);
  wrong.insert(wrong.end(), std::make_move_iterator(here.begin()), std::make_move_iterator(here.end()));
  watcher_.look(std::move(wrong), now.mono, now.wall);
}

}  // namespace roamdesk::core

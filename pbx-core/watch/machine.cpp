#include "pbx-core/watch/machine.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

#include "common/crypto/certificate.hpp"
#include "exchange/alarms/certificates.hpp"
#include "pbx-core/backup/backup.hpp"
#include "pbx-core/sftp/target.hpp"

namespace roamdesk::watch {
namespace {
using std::chrono::days;
using std::chrono::floor;

constexpr std::size_t longest_reason = 300;

std::optional<crypto::CertificateInfo> certificate_in(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto info = crypto::inspect_certificate(text);
  return info ? std::optional{*info} : std::nullopt;
}

std::optional<alarms::Condition> away_is_old(const Machine::Away& away, unsigned limit, WallTime now) {
  const auto age = now - away.last.value_or(away.since);
  if (limit == 0 || age <= days{limit}) return std::nullopt;
  const auto number = floor<days>(age).count();
  auto detail = away.last ? fmt::format("{} days old", number) : fmt::format("none for {} days", number);
  if (!away.why.empty()) detail += ": " + away.why;
  return alarms::Condition{AlarmKind::backup_old, AlarmSeverity::warning, "the core at " + away.host, "",
                           std::move(detail)};
}

}  // namespace

std::vector<alarms::Condition> conditions_of(const Machine& machine, const Settings& limits, WallTime now) {
  std::vector<alarms::Condition> wrong;
  for (const auto& disk : machine.disks) {
    if (disk.size == 0) continue;
    const auto percent = 100.0 * static_cast<double>(disk.free) / static_cast<double>(disk.size);
    if (percent >= limits.alarm_disk_percent) continue;
    const bool critical = percent < limits.alarm_disk_percent / 3.0;
    wrong.push_back({AlarmKind::disk_full, critical ? AlarmSeverity::critical : AlarmSeverity::warning, disk.path, "",
                     fmt::format("{:.1f} % ({} MB) free", percent, disk.free / 1'000'000)});
  }
  for (const auto& certificate : machine.certificates)
    if (auto ends =
            alarms::certificate_ends(certificate.name, "", certificate.until, limits.alarm_certificate_days, now))
      wrong.push_back(std::move(*ends));
  if (limits.alarm_backup_days && now - machine.backup.value_or(machine.installed) > days{limits.alarm_backup_days}) {
    const auto age = floor<days>(now - machine.backup.value_or(machine.installed)).count();
    wrong.push_back({AlarmKind::backup_old, AlarmSeverity::warning, "the core", "",
                     machine.backup ? fmt::format("{} days old", age) : fmt::format("none for {} days", age)});
  }
  if (machine.away)
    if (auto old = away_is_old(*machine.away, limits.alarm_backup_days, now)) wrong.push_back(std::move(*old));
  // Beside the same disk's own: one that has ten per cent left may be too small for a second store.
  if (limits.alarm_backup_days)
    for (const auto& none : machine.no_room)
      wrong.push_back({AlarmKind::disk_full, AlarmSeverity::warning, none.path + "/*.backup", "", none.figures});
  if (!machine.update_failed.empty())
    wrong.push_back({AlarmKind::update_failed, AlarmSeverity::warning, "the core", "", machine.update_failed});
  return wrong;
}

Machine look_at(const std::filesystem::path& state_dir, const std::filesystem::path& https,
                const std::filesystem::path& failed) {
  Machine machine;
  struct statvfs status {};
  if (::statvfs(state_dir.c_str(), &status) == 0)
    machine.disks.push_back({state_dir.string(), std::uint64_t{status.f_blocks} * status.f_frsize,
                             std::uint64_t{status.f_bavail} * status.f_frsize});
  if (!https.empty())
    if (const auto info = certificate_in(https)) machine.certificates.push_back({"https", info->not_after});
  if (const auto info = certificate_in(state_dir / "authority.pem")) {
    machine.certificates.push_back({"authority", info->not_after});
    machine.installed = info->not_before;
  }
  machine.backup = backup::last_made(state_dir);
  if (auto sent = sftp::load_status(state_dir); sent.set)
    machine.away = {sent.host, *sent.set, sent.made, sent.failed ? sent.why : ""};
  if (std::ifstream in{failed}; !failed.empty() && in) {
    std::getline(in, machine.update_failed);
    machine.update_failed.resize(std::min(machine.update_failed.size(), longest_reason));
  }
  return machine;
}

}  // namespace roamdesk::watch

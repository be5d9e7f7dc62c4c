#include "pbx-core/backup/nightly.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "pbx-core/backup/backup.hpp"
#include "pbx-core/backup/room.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;

constexpr const char* in_a_name = "roamdesk-%Y-%m-%dT%H%M%SZ.backup";
constexpr const char* in_a_manifest = "%Y-%m-%dT%H:%M:%SZ";

std::string written(const char* form, WallTime at) { return date::format(form, date::floor<std::chrono::seconds>(at)); }

}  // namespace

std::string nightly_name(WallTime now) { return written(in_a_name, now); }

std::optional<WallTime> made_at_of(std::string_view name) {
  std::istringstream in{std::string{name}};
  date::sys_seconds at;
  in >> date::parse(in_a_name, at);
  // What is read leniently must be what we write.
  if (in.fail() || written(in_a_name, at) != name) return std::nullopt;
  return at;
}

std::vector<NightlyFile> nightly_files(const fs::path& folder) {
  std::vector<NightlyFile> found;
  std::error_code fault;
  for (auto at = fs::directory_iterator(folder, fault); !fault && at != fs::directory_iterator(); at.increment(fault)) {
    const auto name = at->path().filename().string();
    const auto made_at = made_at_of(name);
    std::error_code unreadable;
    if (!made_at || !fs::is_regular_file(at->symlink_status(unreadable))) continue;
    const auto bytes = at->file_size(unreadable);
    if (!unreadable) found.push_back({name, *made_at, bytes});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.made_at > b.made_at; });
  return found;
}

void make_checked(const fs::path& state_dir, const fs::path& draft, WallTime now, const std::stop_token& stop) {
  const auto before = nightly_files(draft.parent_path());
  std::error_code ignored;
  for (const char* half : {"", ".part"}) fs::remove(draft.string() + half, ignored);
  check_room(state_dir, draft.parent_path(), true, before.empty() ? 0 : before.front().bytes);
  try {
    make(state_dir, draft, written(in_a_manifest, now), Counts::when_noted, stop);
    check(draft, stop);
  } catch (const BackupError&) {
    fs::remove(draft, ignored);
    throw;
  }
}

NightlyFile make_nightly(const fs::path& state_dir, const fs::path& folder, unsigned keep, WallTime now,
                         const std::stop_token& stop) try {
  const auto name = nightly_name(now);
  const fs::path draft = folder / ".draft", file = folder / name;
  make_checked(state_dir, draft, now, stop);
  fs::rename(draft, file);
  note_made(state_dir);
  const auto files = nightly_files(folder);
  for (std::size_t i = keep; i < files.size(); ++i) fs::remove(folder / files[i].name);
  return {name, *made_at_of(name), fs::file_size(file)};
} catch (const fs::filesystem_error& error) {
  throw BackupError(error.what());
}

}  // namespace roamdesk::backup

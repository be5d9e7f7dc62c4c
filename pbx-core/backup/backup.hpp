#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "pbx-core/backup/archive.hpp"

namespace roamdesk::backup {

struct Summary {
  std::size_t files = 0;
  std::uint64_t bytes = 0;  // before compression
  std::string version, made_at;
};

// From when on a backup is one for last_made().
enum class Counts : std::uint8_t { at_once, when_noted };

// Everything that is in state_dir: a consistent copy of the store (whatever was acknowledged before the call is in it,
// whether a core runs or not), keys, certificates, the administrator's prompts and templates. Blocks; needs room for a
// second copy of the store beside it for the while. `made_at` is RFC 3339 in UTC. Throws BackupError, and BackupStopped
// within moments of `stop`, whatever it is at; nothing is left of it then.
Summary make(const std::filesystem::path& state_dir, const std::filesystem::path& file, const std::string& made_at,
             Counts counts = Counts::at_once, const std::stop_token& stop = {});
// One that was to count when_noted does. Where that can't be written, the last one is as old as it was.
void note_made(const std::filesystem::path& state_dir);

// Reads all of `file` as restore() would, each member and the store's tables, and changes nothing. Blocks; needs room
// for what is in it beside it for the while. Throws BackupError.
Summary check(const std::filesystem::path& file, const std::stop_token& stop = {});

// The same, but leaves what is in it, of at most `limit` bytes, in the empty folder `into`. Throws BackupError, and
// store::StoreError of a store that isn't whole or is newer.
Summary unpack_checked(const std::filesystem::path& file, const std::filesystem::path& into, std::uint64_t limit,
                       const std::stop_token& stop = {});

// When the last one was made of this state_dir; nullopt: never, as far as is known.
std::optional<WallTime> last_made(const std::filesystem::path& state_dir);

struct Restored {
  Summary summary;
  std::filesystem::path before;  // where the state that was there is now; empty where there was none
};

// Puts `file`'s state in the place of state_dir in one step; what was there is kept beside it. Checks the whole file
// before it changes anything. The caller has made sure that no core runs on state_dir. `now` (RFC 3339, UTC) names what
// is kept. Throws BackupError.
Restored restore(const std::filesystem::path& file, const std::filesystem::path& state_dir, const std::string& now);

}  // namespace roamdesk::backup

#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "exchange/model/records.hpp"
#include "pbx-core/backup/backup.hpp"
#include "pbx-core/backup/nightly.hpp"

// A restore while a core runs: what is to come is made ready beside the state, whole and checked, and takes its place
// at the next start, before anything of the state is opened. The README has the steps.
namespace roamdesk::backup {

// What a restore would bring.
struct Staged {
  Summary summary;
  int schema = 0, known_schema = 0;  // of the file's store, and what this program makes of it
  std::size_t extensions = 0, desks = 0, sbcs = 0;
  std::vector<std::string> users;  // their names, disabled ones left out
};

// Unpacks and checks `file`, brings its store to this program's schema, and keeps all that ready; what was ready before
// goes. Nothing that the core uses is touched. Blocks. Throws BackupError: then nothing is ready.
Staged stage(const std::filesystem::path& file, const std::filesystem::path& state_dir,
             const std::stop_token& stop = {});
// Nothing is ready any more. Blocks.
void unstage(const std::filesystem::path& state_dir);

// Where what was there ahead of a restore is kept, as backups.
std::filesystem::path kept_folder(const std::filesystem::path& state_dir);

// A backup of what is there, in that folder; only the last few stay. Blocks. Throws BackupError, and BackupStopped soon
// after `stop`.
NightlyFile keep(const std::filesystem::path& state_dir, WallTime now, const std::stop_token& stop = {});

// From now on the next start takes what is ready, and `record` stands in its audit as well. `kept` is the name of what
// keep() has made ahead of it, "" for none: the start makes a later one in its place. Blocks. Throws BackupError: then
// nothing has changed.
void settle(const std::filesystem::path& state_dir, const AuditRecord& record, const std::string& kept = {});

struct Placed {
  bool restored = false;
  std::string given_up;  // a restore was settled, and why it isn't done: what is there stays
};
// For the start, ahead of everything: where a restore was settled, what is there is kept as a backup, with whatever was
// acknowledged since; of the API tokens of what is restored those go that it doesn't have; and the one takes the
// other's place. Whatever ends it midway, the next call goes on. `step` is called ahead of each change, for tests.
// Throws BackupError.
Placed take_place(const std::filesystem::path& state_dir, WallTime now, const std::function<void()>& step = {});

}  // namespace roamdesk::backup

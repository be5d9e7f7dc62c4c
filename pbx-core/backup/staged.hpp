#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "exchange/model/records.hpp"
#include "pbx-core/backup/backup.hpp"

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

// From now on the next start takes what is ready: `record` stands in its audit as well, and of its API tokens only
// those of `tokens` (ids) are left. Blocks. Throws BackupError: then nothing has changed.
void settle(const std::filesystem::path& state_dir, const AuditRecord& record, const std::vector<std::string>& tokens);

// For the start, ahead of everything: where a restore was settled, its state takes the place of the one that is there,
// and true. Whatever ends it midway, the next call goes on. `step` is called ahead of each change, for tests. Throws
// BackupError.
bool take_place(const std::filesystem::path& state_dir, const std::function<void()>& step = {});

}  // namespace roamdesk::backup

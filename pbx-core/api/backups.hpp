#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/base/words.hpp"
#include "exchange/model/records.hpp"
#include "pbx-core/backup/staged.hpp"
#include "pbx-core/sftp/target.hpp"

namespace roamdesk {
namespace api {
// Where a backup that is to be restored lies.
enum class BackupPlace : std::uint8_t { folder, sftp, kept, upload };
}  // namespace api
template <>
inline constexpr std::array<std::string_view, 4> words<api::BackupPlace> = {"folder", "sftp", "kept", "upload"};
}  // namespace roamdesk

namespace roamdesk::api {

// A backup's bytes, or why there is none.
struct BackupMade {
  std::optional<std::string> bytes;
  std::string fault;
};

// What GET /backups shows: the backups of every night.
struct NightlyBackups {
  struct Plan {
    std::string directory, at;  // "02:30", in the core's zone
    unsigned keep = 0;
    WallTime next;
  };
  struct File {
    std::string name;
    WallTime made_at;
    std::uint64_t bytes = 0;
  };
  struct Fault {
    WallTime at;
    std::string why;
  };
  std::optional<Plan> plan;    // nullopt: none are made
  std::vector<File> files;     // the newest first
  std::optional<Fault> fault;  // of the last one, if it failed
};

using BackupDone = std::function<void(BackupMade)>;  // on any thread

// How something with the SFTP server went.
struct SftpResult {
  bool ok = false;
  std::string kind, why;  // sftp::word_of(), and in words; "" where it went well
  std::string offered;    // the server's key, where it isn't the one that is set
};
struct SftpState {
  std::optional<sftp::Target> target;
  sftp::Status status;
  bool under_way = false;
};
using SftpDone = std::function<void(SftpResult)>;  // on any thread
using SftpListed = std::function<void(SftpResult, std::vector<NightlyBackups::File>)>;

// Backups at a server by SFTP. Nothing blocks. What talks to the server is done one at a time: false where something
// else is under way.
struct SftpWays {
  std::function<SftpState()> state;
  std::function<bool(std::optional<sftp::Target>, SftpDone)> set;  // nullopt: none any more
  std::function<bool(sftp::Target, SftpDone)> try_out;
  std::function<bool(SftpListed)> list;
  std::function<void()> now;  // brings one there at once
};

// What a restore would bring, or why it can't be.
struct RestoreLook {
  std::string id;  // of this look, which restore() wants; "": it can't be
  std::string fault;
  backup::Staged staged{};
};

// A restore while the core runs. Nothing blocks; one thing at a time: false where something else is under way.
struct RestoreWays {
  std::filesystem::path uploads{};                            // the folder for what is uploaded
  std::function<std::vector<NightlyBackups::File>()> kept{};  // what was there ahead of the last restores
  std::function<bool(BackupPlace, std::string name, std::function<void(RestoreLook)>)> look{};
  // Of `id`, what is there now being kept first. `record` stands in the restored audit. What it says in the end is why
  // not; "": restart() takes it.
  std::function<bool(std::string id, AuditRecord record, std::function<void(std::string)>)> begin{};
  std::function<void()> restart{};
};

// How the API comes to backups; nullptr: not at all (503, or 404).
struct BackupWays {
  std::function<void(BackupDone)> make;  // doesn't block
  std::function<NightlyBackups()> nights;
  std::function<void(std::string name, BackupDone)> read;  // one of those; doesn't block
  SftpWays sftp{};
  RestoreWays restore{};
};

}  // namespace roamdesk::api

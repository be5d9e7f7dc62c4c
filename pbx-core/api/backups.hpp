#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"

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

// How the API comes to backups; nullptr: not at all (503, or 404).
struct BackupWays {
  std::function<void(BackupDone)> make;  // doesn't block
  std::function<NightlyBackups()> nights;
  std::function<void(std::string name, BackupDone)> read;  // one of those; doesn't block
};

}  // namespace roamdesk::api

#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "exchange/alarms/condition.hpp"
#include "exchange/model/settings.hpp"

namespace roamdesk::watch {

// What is known of the machine.
struct Machine {
  struct Disk {
    std::string path;
    std::uint64_t size = 0, free = 0;  // bytes; free for us
  };
  struct Certificate {
    std::string name;  // "https", "authority"
    WallTime until{};
  };
  std::vector<Disk> disks;
  std::vector<Certificate> certificates;
  // When the last backup was made; nullopt: never, since `installed`.
  std::optional<WallTime> backup;
  WallTime installed{};
  // Likewise of those that go to a server by SFTP; nullopt: none do.
  struct Away {
    std::string host;
    WallTime since{};  // it was set
    std::optional<WallTime> last;
    std::string why;  // the last one failed; "" where it didn't
  };
  std::optional<Away> away;
  // Where the last backup that was to be made found no room. look_at() doesn't know of it.
  struct NoRoom {
    std::string path, figures;  // "812 MB are needed, 300 MB are free"
  };
  std::vector<NoRoom> no_room;
  std::string update_failed;  // of the core: which version, and why; "": none did
};

// Pure.
std::vector<alarms::Condition> conditions_of(const Machine& machine, const Settings& limits, WallTime now);

// Asks the machine; what can't be read is left out. `https`: the certificate's file; "" where HTTPS isn't spoken.
// `failed`: the file in which an upgrade says that it failed; "" where none looks after them.
Machine look_at(const std::filesystem::path& state_dir, const std::filesystem::path& https,
                const std::filesystem::path& failed = {});

}  // namespace roamdesk::watch

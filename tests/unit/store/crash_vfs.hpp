#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

// A SQLite VFS ("crash") over the system's, which knows for each file what has been synced, and can cut the power: what
// wasn't synced by then is gone, or, sector by sector, perhaps gone.
namespace roamdesk::test {

class CrashDisk {
 public:
  using Image = std::map<std::string, std::string>;  // path -> content

  // The one disk of the process; registers the VFS at first use.
  static CrashDisk& instance();

  // Forgets everything; `seed` decides which unsynced sectors live.
  void reset(std::uint32_t seed);
  // The power goes before the nth write, truncation or sync from now (1 is the next).
  void cut_before_operation(std::uint64_t n);
  // The power goes now.
  void cut();
  bool dead() const;
  std::uint64_t operations() const;
  // Writes what survived below `directory`, by file name.
  void restore(const std::filesystem::path& directory) const;
};

}  // namespace roamdesk::test

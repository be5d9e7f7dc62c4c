#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

// A backup's outer form: a gzipped tar that any tool opens, whose last member is a manifest of all the others. A file
// that was cut off, or changed, has no manifest that fits.
namespace roamdesk::backup {

// Says what failed, and with which file, in words for the administrator.
class BackupError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Somebody has asked it to end; nothing is kept of it.
class BackupStopped : public BackupError {
 public:
  BackupStopped() : BackupError("it was stopped, since the program ends") {}
};

struct Member {
  std::string name;  // relative, with '/': "prompts/en/pin.wav"
  std::uint64_t size = 0;
  std::string sha256;  // hex
};
struct Manifest {
  std::string version;  // of the program that made it
  std::string made_at;  // RFC 3339, UTC
  std::vector<Member> members;
};

constexpr std::string_view manifest_name = "MANIFEST.json";

// Writes a new `file`, mode 0600. Nothing is kept of one that wasn't finished. Throws BackupError, and BackupStopped
// soon after `stop` was asked for.
class ArchiveWriter {
 public:
  explicit ArchiveWriter(std::filesystem::path file, std::stop_token stop = {});
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  void add(const std::string& name, const std::filesystem::path& from);
  // Writes the manifest and brings all of it to the disk. Gives the manifest as written.
  Manifest finish(std::string version, std::string made_at);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Unpacks `file` into the empty folder `into` (files 0600, folders 0700), fsynced, and checks each member against the
// manifest. Refuses names that lead elsewhere, anything but plain files, and more than `limit` bytes. Throws
// BackupError; what was unpacked until then stays for the caller to remove.
Manifest unpack(const std::filesystem::path& file, const std::filesystem::path& into,
                std::uint64_t limit = std::uint64_t{64} << 30, const std::stop_token& stop = {});

}  // namespace roamdesk::backup

#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/secret.hpp"
#include "common/base/time.hpp"
#include "common/config/types.hpp"

// Where backups go by SFTP, and how the last one went: two files of state_dir, for their owner's eyes.
namespace roamdesk::sftp {

struct Target {
  std::string host;  // a name or an address, IPv6 without brackets
  std::uint16_t port = 22;
  std::string user;
  std::string directory;  // absolute, or below the user's own; "": the user's own
  // One of them.
  Secret password, private_key;                     // PEM or OpenSSH's form, without a passphrase
  std::string host_key;                             // "SHA256:…" as OpenSSH shows it
  config::TimeOfDay at{std::chrono::minutes{150}};  // in the core's zone, where no folder's backups set the pace
  std::uint16_t keep = 14;                          // 1 to 1000
};

// What is wrong with a part of it, and what would be right; nullopt where nothing is.
struct TargetFault {
  std::string field, what;
};
std::optional<TargetFault> fault_of(const Target& target);
// "SHA256:" and 43 characters of base64.
bool is_host_key(std::string_view text);
// OpenSSH's way to write the fingerprint of a server's key.
std::string host_key_of(std::string_view key);

// How it went last.
struct Status {
  std::optional<WallTime> set;  // since when there is this target; nullopt: there is none
  std::string host;
  // The last that arrived whole.
  std::optional<WallTime> made;
  std::string name;
  std::uint64_t bytes = 0;
  // Why the last one failed; "" where it hasn't. `offered`: the key that the server showed, where it isn't the one set.
  std::optional<WallTime> failed;
  std::string kind, why, offered;
};

// nullopt where none is set. Throws std::runtime_error where the file can't be read or isn't ours.
std::optional<Target> load_target(const std::filesystem::path& state_dir);
// Replaces it in one step, on the disk when this returns; nullopt: there is none any more. Throws std::runtime_error.
void save_target(const std::filesystem::path& state_dir, const std::optional<Target>& target);
// Of nobody's where it can't be read: it is told again.
Status load_status(const std::filesystem::path& state_dir);
void save_status(const std::filesystem::path& state_dir, const Status& status);

}  // namespace roamdesk::sftp

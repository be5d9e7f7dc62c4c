#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/words.hpp"
#include "pbx-core/sftp/target.hpp"

namespace roamdesk::sftp {

enum class Kind : std::uint8_t {
  name_unknown,
  refused,
  silent,
  host_key,
  login,
  directory,
  not_allowed,
  full,
  damaged,
  lost,
  stopped,
  other
};
}  // namespace roamdesk::sftp
template <>
inline constexpr std::array<std::string_view, 12> roamdesk::words<roamdesk::sftp::Kind> = {
    "name_unknown", "refused", "silent",  "host_key", "login",   "directory",
    "not_allowed",  "full",    "damaged", "lost",     "stopped", "other"};
namespace roamdesk::sftp {

// Says in words what is wrong, never with a secret or what the server wrote.
class SftpError : public std::runtime_error {
 public:
  SftpError(Kind k, const std::string& words, std::string key = {})
      : std::runtime_error(words), kind(k), offered(std::move(key)) {}
  Kind kind;
  std::string offered;  // host_key: the server's
};

// How long is waited.
struct Patience {
  std::chrono::milliseconds connect{15'000};  // for the log-in
  std::chrono::milliseconds silence{15'000};  // without a byte, whatever is waited for
  std::chrono::seconds longest{2 * 3600};     // for one file
};

// A log-in to the server, kept from call to call. Blocks; every call throws SftpError, and stopped within a second or
// two of `stop`. One thread.
class Session {
 public:
  explicit Session(const Target& target, std::stop_token stop = {}, const Patience& patience = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  struct File {
    std::string name;
    std::uint64_t bytes = 0;
  };
  // Plain files of the target's folder; 10,000 at most.
  std::vector<File> list();
  // Writes it anew; readable there by its owner.
  void put(const std::filesystem::path& from, const std::string& name);
  void put_text(std::string text, const std::string& name);
  // `take` gets every piece, and ends it by false: damaged.
  void get(const std::string& name, const std::function<bool(std::string_view)>& take);
  // Never over another file.
  void rename(const std::string& from, const std::string& to);
  void remove(const std::string& name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace roamdesk::sftp

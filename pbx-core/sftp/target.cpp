#include "pbx-core/sftp/target.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/base/wipe.hpp"
#include "common/crypto/hash.hpp"

namespace roamdesk::sftp {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* target_name = "sftp-backup.json";
// No part of the state: it begins with the store's name, so that a backup leaves it out.
constexpr const char* status_name = "store.sftp-backup";
constexpr std::size_t longest_key = 16'384, longest_file = 65'536;

constexpr std::string_view digest_prefix = "SHA256:";
constexpr std::size_t digest_length = 43;  // 32 bytes in base64 without '='

bool is_printable(std::string_view text, std::string_view never) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return static_cast<unsigned char>(c) >= ' ' && c != 0x7f && never.find(c) == std::string_view::npos;
  });
}

[[noreturn]] void fail(const fs::path& file) {
  throw std::runtime_error(fmt::format("{}: {}", file.string(), std::strerror(errno)));
}

void write_file(const fs::path& file, std::string text) {
  const fs::path draft = file.string() + ".part";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool whole =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  wipe(text);
  errno = error;
  if (!whole || ::rename(draft.c_str(), file.c_str()) != 0) fail(file);
  const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) fail(file);
  ::fsync(folder);
  ::close(folder);
}

std::optional<json::object> read_object(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (text.size() > longest_file) throw std::runtime_error(file.string() + ": is too long");
  auto object = json::parse(text).as_object();
  wipe(text);
  return object;
}

json::value written(const std::optional<WallTime>& at) {
  if (!at) return nullptr;
  return std::chrono::duration_cast<std::chrono::milliseconds>(at->time_since_epoch()).count();
}
std::optional<WallTime> time_in(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  return WallTime{std::chrono::milliseconds{value.to_number<std::int64_t>()}};
}
std::string text_in(const json::object& object, const char* member) {
  return std::string{object.at(member).as_string()};
}

}  // namespace

bool is_host_key(std::string_view text) {
  if (!text.starts_with(digest_prefix) || text.size() != digest_prefix.size() + digest_length) return false;
  return std::all_of(text.begin() + digest_prefix.size(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  });
}

std::string host_key_of(std::string_view key) {
  auto text = crypto::to_base64url(crypto::sha256(key));
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.ends_with('=')) text.pop_back();
  return fmt::format("{}{}", digest_prefix, text);
}

std::optional<TargetFault> fault_of(const Target& target) {
  const auto& key = target.private_key.reveal();
  const bool is_host = !target.host.empty() && target.host.size() <= 253 &&
                       target.host.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                           "-._:") == std::string::npos;
  if (!is_host) return TargetFault{"host", "expected a server's name or address, as backup.example.com"};
  if (target.port == 0) return TargetFault{"port", "expected a number, 1 to 65535"};
  if (target.user.empty() || target.user.size() > 64 || !is_printable(target.user, ":@/ "))
    return TargetFault{"user", "expected the user's name at the server"};
  if (target.directory.size() > 200 || !is_printable(target.directory, "\"\\'*?[]") ||
      target.directory.starts_with('~') || target.directory.starts_with('-'))
    return TargetFault{"directory", "expected a folder of the server, as /srv/pbx or roamdesk, without quotes"};
  if (target.password.empty() == key.empty())
    return TargetFault{"password", "expected a password or a private key, one of them"};
  if (target.password.reveal().size() > 256) return TargetFault{"password", "is longer than 256 characters"};
  if (!key.empty() && (key.size() > longest_key || key.find("-----BEGIN ") == std::string::npos ||
                       key.find(" PRIVATE KEY-----") == std::string::npos))
    return TargetFault{"private_key", "isn't a private key; expected the file that ssh-keygen wrote, not its .pub"};
  if (key.find("ENCRYPTED") != std::string::npos)
    return TargetFault{"private_key", "has a passphrase; expected a key of its own without one (ssh-keygen -N '')"};
  if (!target.host_key.empty() && !is_host_key(target.host_key))
    return TargetFault{"host_key", "expected the SHA-256 of the server's key, as ssh-keygen -l shows it: SHA256:…"};
  if (target.keep < 1 || target.keep > 1000) return TargetFault{"keep", "expected a number, 1 to 1000"};
  return std::nullopt;
}

std::optional<Target> load_target(const fs::path& state_dir) try {
  const auto object = read_object(state_dir / target_name);
  if (!object) return std::nullopt;
  Target target;
  target.host = text_in(*object, "host");
  target.port = object->at("port").to_number<std::uint16_t>();
  target.user = text_in(*object, "user");
  target.directory = text_in(*object, "directory");
  target.password = Secret{text_in(*object, "password")};
  target.private_key = Secret{text_in(*object, "private_key")};
  target.host_key = text_in(*object, "host_key");
  target.at.since_midnight = std::chrono::minutes{object->at("at").to_number<unsigned>()};
  target.keep = object->at("keep").to_number<std::uint16_t>();
  if (const auto fault = fault_of(target)) throw std::runtime_error(fault->field + " " + fault->what);
  return target;
} catch (const std::exception& error) {
  throw std::runtime_error(fmt::format("{}: {}", (state_dir / target_name).string(), error.what()));
}

void save_target(const fs::path& state_dir, const std::optional<Target>& target) {
  const auto file = state_dir / target_name;
  if (!target) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) fail(file);
    return;
  }
  write_file(file, json::serialize(json::object{{"host", target->host},
                                                {"port", target->port},
                                                {"user", target->user},
                                                {"directory", target->directory},
                                                {"password", target->password.reveal()},
                                                {"private_key", target->private_key.reveal()},
                                                {"host_key", target->host_key},
                                                {"at", target->at.since_midnight.count()},
                                                {"keep", target->keep}}));
}

Status load_status(const fs::path& state_dir) try {
  const auto object = read_object(state_dir / status_name);
  if (!object) return {};
  Status status;
  status.set = time_in(object->at("set"));
  status.host = text_in(*object, "host");
  status.made = time_in(object->at("made"));
  status.name = text_in(*object, "name");
  status.bytes = object->at("bytes").to_number<std::uint64_t>();
  status.failed = time_in(object->at("failed"));
  status.kind = text_in(*object, "kind");
  status.why = text_in(*object, "why");
  status.offered = text_in(*object, "offered");
  return status;
} catch (const std::exception&) {
  return {};
}

void save_status(const fs::path& state_dir, const Status& status) {
  write_file(state_dir / status_name, json::serialize(json::object{{"set", written(status.set)},
                                                                   {"host", status.host},
                                                                   {"made", written(status.made)},
                                                                   {"name", status.name},
                                                                   {"bytes", status.bytes},
                                                                   {"failed", written(status.failed)},
                                                                   {"kind", status.kind},
                                                                   {"why", status.why},
                                                                   {"offered", status.offered}}));
}

}  // namespace roamdesk::sftp

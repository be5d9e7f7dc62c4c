#include "sbc/lan/lan_certificate.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "common/crypto/certificate.hpp"
#include "common/log/log.hpp"

namespace roamdesk::sbc {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

// Private from its first byte, and whole before it has its name.
bool write(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path draft = path.string() + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool good =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0) ::close(fd);
  std::error_code error;
  if (good) std::filesystem::rename(draft, path, error);
  if (good && !error) return true;
  log::error("sbc.lan_certificate_not_stored",
             {{"file", path.string()}, {"why", error ? error.message() : std::strerror(why)}});
  return false;
}

}  // namespace

LanCertificate::LanCertificate(std::filesystem::path state_dir, std::vector<IpAddress> addresses, Clock now)
    : state_dir_(std::move(state_dir)), addresses_(std::move(addresses)), now_(std::move(now)) {}

http::TlsFiles LanCertificate::files() const { return {state_dir_ / "lan.pem", state_dir_ / "lan.key"}; }

net::TlsIdentity LanCertificate::identity() const { return {read(files().certificate), Secret{read(files().key)}}; }

std::optional<http::TlsFiles> LanCertificate::usable(const std::string& authority) const {
  const auto files = this->files();
  const std::string text = read(files.certificate);
  const auto info = crypto::inspect_certificate(text);
  if (authority.empty() || !info || !text.ends_with(authority) || info->not_after <= now_()) return std::nullopt;
  const bool has_all = std::all_of(addresses_.begin(), addresses_.end(), [&](const IpAddress address) {
    return std::count(info->addresses.begin(), info->addresses.end(), to_string(address)) > 0;
  });
  if (!has_all || !crypto::belongs_together(Secret{read(files.key)}, text)) return std::nullopt;
  return files;
}

std::optional<std::string> LanCertificate::request_if_due(const std::string& authority) {
  if (addresses_.empty()) return std::nullopt;
  if (usable(authority)) {
    const auto info = crypto::inspect_certificate(read(files().certificate));
    if (info && info->not_after - now_() > (info->not_after - info->not_before) / 3) return std::nullopt;
  }
  key_ = crypto::generate_key();
  const auto request = crypto::make_request(key_, to_string(addresses_.front()));
  return request ? std::optional{*request} : std::nullopt;
}

bool LanCertificate::adopt(const std::string& certificate) {
  if (key_.empty() || !crypto::belongs_together(key_, certificate)) return false;
  const auto files = this->files();
  const Secret key = std::exchange(key_, Secret{});
  // Cut short in between, the two don't belong together, and another one is asked for.
  return write(files.key, key.reveal()) && write(files.certificate, certificate);
}

}  // namespace roamdesk::sbc

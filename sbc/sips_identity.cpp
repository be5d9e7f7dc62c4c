#include "sbc/sips_identity.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/asio/wall_clock.hpp"
#include "common/crypto/certificate.hpp"
#include "common/crypto/random.hpp"

namespace roamdesk::sbc {
namespace {

constexpr std::chrono::hours lifetime{24 * 3650};
constexpr std::string_view key_begin = "-----BEGIN PRIVATE KEY-----";
constexpr std::string_view certificate_begin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view maker = "Roamdesk SBC";

}  // namespace

net::TlsIdentity load_or_make_sips_identity(const std::filesystem::path& state_dir,
                                            const std::vector<LanConfig>& lans) {
  const auto path = state_dir / "sips.pem";
  if (std::ifstream stream{path, std::ios::binary}; stream) {
    const std::string text{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
    if (text.find(key_begin) == text.npos)
      throw std::runtime_error(path.string() + ": expected a certificate chain and a PKCS#8 key (BEGIN PRIVATE KEY)");
    return {text, Secret{text}};  // each reader takes its own blocks of the PEM text
  }
  const auto now = wall_now();
  std::vector<std::string> names;
  names.reserve(lans.size());
  for (const LanConfig& lan : lans) names.push_back(to_string(lan.address));
  const auto authority = crypto::Authority::create(maker, crypto::random_bytes(16), now);
  const auto identity = authority.make_server(names, crypto::random_bytes(16), now, lifetime);
  const std::string text = identity.certificate + identity.key.reveal();
  std::filesystem::create_directories(state_dir);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool good = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int why = errno;
  if (fd >= 0) ::close(fd);
  if (!good) throw std::runtime_error(path.string() + " can't be written: " + std::strerror(why));
  return {text, Secret{text}};
}

bool is_made_by_us(const net::TlsIdentity& identity) {
  const auto leaf = identity.certificate.find(certificate_begin);
  if (leaf == std::string::npos) return false;
  const auto authority = identity.certificate.find(certificate_begin, leaf + 1);
  if (authority == std::string::npos) return false;
  const auto info = crypto::inspect_certificate(std::string_view{identity.certificate}.substr(authority));
  return info && info->is_authority && info->common_name == maker;
}

}  // namespace roamdesk::sbc

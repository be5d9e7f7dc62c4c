#include "pbx-core/platform/certificate_files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "common/crypto/certificate.hpp"

namespace roamdesk::core {
namespace {

std::optional<std::string> read(const std::filesystem::path& file, std::string& fault) {
  errno = 0;
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (in && !text.empty()) return text;
  fault = std::string("a readable PEM file (") + (errno != 0 ? std::strerror(errno) : "it is empty") + ")";
  return std::nullopt;
}

}  // namespace

std::optional<CertificateFault> certificate_fault(const std::filesystem::path& certificate_file,
                                                  const std::filesystem::path& key_file) {
  std::string fault;
  const auto certificate = read(certificate_file, fault);
  if (!certificate) return CertificateFault{false, fault};
  if (!crypto::inspect_certificate(*certificate))
    return CertificateFault{false, "a certificate in PEM, the server's own first, then its chain"};
  const auto key = read(key_file, fault);
  if (!key) return CertificateFault{true, fault};
  if (!crypto::is_private_key(Secret{*key}))
    return CertificateFault{true, "a private key in PEM without a pass phrase"};
  if (!crypto::belongs_together(Secret{*key}, *certificate))
    return CertificateFault{true, "the private key of the certificate in " + certificate_file.string()};
  return std::nullopt;
}

}  // namespace roamdesk::core

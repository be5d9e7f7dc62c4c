#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace roamdesk::core {

struct CertificateFault {
  bool of_key = false;   // else of the certificate
  std::string expected;  // "a readable PEM file (No such file or directory)"
};

// Whether the PEM files can serve: readable, well-formed, the key without a pass phrase, and each other's. Validity in
// time isn't looked at: a clock may be wrong, and an expired certificate is better than none.
std::optional<CertificateFault> certificate_fault(const std::filesystem::path& certificate,
                                                  const std::filesystem::path& key);

}  // namespace roamdesk::core

#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/secret.hpp"
#include "common/base/words.hpp"
#include "common/config/types.hpp"

namespace roamdesk::notices {

// starttls: the connection begins in the clear, and nothing is said before it is encrypted (RFC 3207). tls: from its
// first byte on (RFC 8314).
enum class MailTls : std::uint8_t { starttls, tls, none };

// Who takes our e-mails.
struct MailServer {
  config::HostPort server;
  std::string from;  // an address
  std::string user;  // "": no log-in
  Secret password;
  MailTls tls = MailTls::starttls;
  std::optional<std::filesystem::path> authority;  // PEM; nullopt: the system's
};

}  // namespace roamdesk::notices

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 3> words<notices::MailTls> = {"starttls", "tls", "none"};
}  // namespace roamdesk

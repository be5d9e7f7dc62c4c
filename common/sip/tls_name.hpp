#pragma once
#include <string>

namespace roamdesk::sip {

// Whom a TLS connection of ours has to reach (RFC 5922 §7).
struct TlsName {
  std::string name;       // a host name or an address (IPv6 without brackets), which its certificate must have
  std::string authority;  // PEM, one certificate or several: who must have signed it; "" for whom the system trusts
  friend bool operator==(const TlsName&, const TlsName&) = default;
};

}  // namespace roamdesk::sip

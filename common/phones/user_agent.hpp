#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/phones/vendor.hpp"

namespace roamdesk::phones {

// What a phone says of itself. Spoofable: to be shown and compared, never the only secret.
struct UserAgent {
  Vendor vendor = Vendor::unknown;
  std::string model{};     // as the vendor spells it, without "SIP-": "T46G", "D785", "X6U Pro"
  std::string firmware{};  // "28.72.0.1"; "" where it isn't named
  std::optional<Mac> mac{};
  friend bool operator==(const UserAgent&, const UserAgent&) = default;
};

// The HTTP User-Agents of reference §4 and the SIP ones of §2.3. Over 256 bytes, control characters or an unknown
// shape: nullopt. Nothing is copied but printable ASCII.
std::optional<UserAgent> parse_user_agent(std::string_view text);

}  // namespace roamdesk::phones

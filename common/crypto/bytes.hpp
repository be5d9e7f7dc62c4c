#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/wipe.hpp"

namespace roamdesk::crypto {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// Lower case.
std::string to_hex(ByteView bytes);
// An even number of hexadecimal digits of any case; nullopt for anything else.
std::optional<Bytes> from_hex(std::string_view text);

// RFC 4648 §5, without padding.
std::string to_base64url(ByteView bytes);
// Without padding; nullopt for foreign characters, impossible lengths and unused bits that aren't zero.
std::optional<Bytes> from_base64url(std::string_view text);

// RFC 4648 §6, without padding: what people type into authenticator apps.
std::string to_base32(ByteView bytes);

// Takes the same time wherever the first difference is. Lengths aren't secret.
bool equal_constant_time(ByteView a, ByteView b);
inline bool equal_constant_time(std::string_view a, std::string_view b) {
  return equal_constant_time(as_bytes(a), as_bytes(b));
}

using roamdesk::wipe;

}  // namespace roamdesk::crypto

#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/words.hpp"

namespace roamdesk {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
template <>
inline constexpr std::array<std::string_view, 4> words<LogLevel> = {"debug", "info", "warning", "error"};

// What an SBC is to use in place of what stands in its own file; nullopt: what stands there.
struct SbcWishes {
  std::optional<LogLevel> log_level{};
  std::optional<std::uint8_t> sip_dscp{}, rtp_dscp{};  // of what leaves for phones, 0..63 (RFC 2474)
  friend bool operator==(const SbcWishes&, const SbcWishes&) = default;
};

}  // namespace roamdesk

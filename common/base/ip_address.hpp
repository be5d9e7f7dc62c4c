#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk {

// An IPv4 or IPv6 address. An IPv4 address and its mapped form (::ffff:192.0.2.1, RFC 4291 §2.5.5.2) are one and the
// same, so that a peer is compared alike whichever socket it came by. No zone (fe80::1%eth0): addresses of one link
// aren't spoken to.
class IpAddress {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  constexpr IpAddress() = default;                                      // 0.0.0.0
  constexpr IpAddress(std::uint32_t v4) : IpAddress(0, mapped | v4) {}  // host byte order
  // IPv6, host byte order.
  constexpr IpAddress(std::uint64_t high, std::uint64_t low)
      : words_{static_cast<std::uint32_t>(high >> 32), static_cast<std::uint32_t>(high),
               static_cast<std::uint32_t>(low >> 32), static_cast<std::uint32_t>(low)} {}
  // In network byte order.
  static IpAddress from_bytes(const Bytes& bytes);
  Bytes bytes() const;

  constexpr bool is_v4() const { return high() == 0 && words_[2] == mapped >> 32; }
  // Of an IPv4 address, host byte order.
  constexpr std::uint32_t v4() const { return words_[3]; }
  constexpr std::uint64_t high() const { return std::uint64_t{words_[0]} << 32 | words_[1]; }
  constexpr std::uint64_t low() const { return std::uint64_t{words_[2]} << 32 | words_[3]; }
  // 0.0.0.0 or ::
  constexpr bool is_unspecified() const { return high() == 0 && (low() == 0 || low() == mapped); }
  constexpr bool is_loopback() const { return is_v4() ? v4() >> 24 == 127 : high() == 0 && low() == 1; }
  // Of a group, 255.255.255.255 too: nobody's own.
  constexpr bool is_group() const { return is_v4() ? v4() >> 28 >= 0xe : high() >> 56 == 0xff; }
  // Means something else in another network: RFC 1918, RFC 6598, RFC 4193, and those of one link alone.
  constexpr bool is_private() const {
    if (!is_v4()) return high() >> 57 == 0xfc >> 1 || high() >> 54 == 0xfe80 >> 6;
    const auto a = v4();
    return a >> 24 == 10 || a >> 20 == 0xac1 || a >> 16 == 0xc0a8 || a >> 22 == 0x191 || a >> 16 == 0xa9fe;
  }
  // What counts as one source where something is bounded for each: an IPv4 address, and of IPv6 the network of 64 bits,
  // of whose addresses each host there may take as many as it likes (RFC 4291 §2.5.4, RFC 8981).
  constexpr IpAddress source() const { return is_v4() ? *this : IpAddress{high(), 0}; }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  static constexpr std::uint64_t mapped = 0xffff'0000'0000;
  // The most significant first. Words of 32 bits, so that an address with its port takes 20 bytes, not 24: each phone
  // has several.
  std::array<std::uint32_t, 4> words_{0, 0, mapped >> 32, 0};
};

// ::, where one listens: every address of this machine, of IPv4 too.
inline constexpr IpAddress every_address{0, 0};

// "192.0.2.1"; nullopt for anything else (no leading zeros, no blanks).
std::optional<IpAddress> parse_ipv4(std::string_view text);
// The same, or an IPv6 address as RFC 4291 §2.2 has it: "2001:db8::1", "::ffff:192.0.2.1". No brackets, no zone.
std::optional<IpAddress> parse_ip(std::string_view text);
// As the host of a URI or a Via: an IPv6 address stands in brackets there; "received" has it without (RFC 5118 §4.5).
std::optional<IpAddress> parse_ip_host(std::string_view text);
// IPv6 as RFC 5952 has it.
std::string to_string(IpAddress address);
// The host of a URI, a Via or an authority: IPv6 in brackets (RFC 3986 §3.2.2).
std::string host_of(IpAddress address);

}  // namespace roamdesk

template <>
struct std::hash<roamdesk::IpAddress> {
  std::size_t operator()(const roamdesk::IpAddress& a) const {
    return std::hash<std::uint64_t>{}((a.high() * 0x9e3779b97f4a7c15ULL) ^ a.low());
  }
};

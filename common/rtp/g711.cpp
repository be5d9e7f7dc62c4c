#include "common/rtp/g711.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace roamdesk::media {
namespace {

constexpr std::int16_t decode_alaw(std::uint8_t code) {
  code ^= 0x55;
  const int exponent = (code >> 4) & 7;
  int magnitude = (code & 15) << 4;
  magnitude += exponent == 0 ? 8 : 0x108;
  if (exponent > 1) magnitude <<= exponent - 1;
  return static_cast<std::int16_t>(code & 0x80 ? magnitude : -magnitude);
}

constexpr std::int16_t decode_ulaw(std::uint8_t code) {
  code = static_cast<std::uint8_t>(~code);
  const int magnitude = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return static_cast<std::int16_t>(code & 0x80 ? -magnitude : magnitude);
}

template <class Decode>
constexpr std::array<std::int16_t, 256> table(Decode decode) {
  std::array<std::int16_t, 256> out{};
  for (int i = 0; i < 256; ++i) out[static_cast<std::size_t>(i)] = decode(static_cast<std::uint8_t>(i));
  return out;
}
constexpr auto alaw_table = table(decode_alaw);
constexpr auto ulaw = table(decode_ulaw);

}  // namespace

std::uint8_t to_alaw(std::int16_t sample) {
  int magnitude = sample;
  const bool positive = magnitude >= 0;
  if (!positive) magnitude = -magnitude - 1;
  int exponent = 0;
  if (magnitude > 0xff) exponent = std::bit_width(static_cast<unsigned>(magnitude)) - 8;
  const int mantissa = (magnitude >> (exponent == 0 ? 4 : exponent + 3)) & 15;
  return static_cast<std::uint8_t>(((exponent << 4) | mantissa | (positive ? 0x80 : 0)) ^ 0x55);
}

std::uint8_t to_ulaw(std::int16_t sample) {
  int magnitude = sample;
  const bool negative = magnitude < 0;
  if (negative) magnitude = -magnitude;
  magnitude = std::min(magnitude, 32635) + 0x84;
  const int exponent = std::bit_width(static_cast<unsigned>(magnitude)) - 8;
  const int mantissa = (magnitude >> (exponent + 3)) & 15;
  return static_cast<std::uint8_t>(~((negative ? 0x80 : 0) | (exponent << 4) | mantissa));
}

std::int16_t from_alaw(std::uint8_t code) { return alaw_table[code]; }
std::int16_t from_ulaw(std::uint8_t code) { return ulaw[code]; }

}  // namespace roamdesk::media

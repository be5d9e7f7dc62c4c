#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/crypto/bytes.hpp"

// Big-endian numbers in byte strings. The reader is bounded: over-long input is an error, never truncation.
namespace roamdesk::tunnel {

template <class T>
void store(std::uint8_t* at, T number) {
  for (std::size_t i = sizeof(T); i-- > 0;) {
    at[i] = static_cast<std::uint8_t>(number);
    if constexpr (sizeof(T) > 1) number = static_cast<T>(number >> 8);
  }
}

template <class T>
T load(const std::uint8_t* at) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) number = (number << 8) | at[i];
  return static_cast<T>(number);
}

template <class T>
void append(crypto::Bytes& out, T number) {
  std::array<std::uint8_t, sizeof(T)> bytes;
  store(bytes.data(), number);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace roamdesk::tunnel

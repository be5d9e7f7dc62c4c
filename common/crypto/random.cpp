#include "common/crypto/random.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace roamdesk::crypto {

namespace {

void draw(std::span<std::uint8_t> out) {
  if (out.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) {
    throw std::runtime_error{"no randomness to be had"};
  }
}

// A tag or a branch takes 16 bytes and OpenSSL's generator 2 µs for each time that it is asked: a stock is drawn at
// once.
struct Stock {
  std::array<std::uint8_t, 1024> bytes;
  std::size_t used = bytes.size();
  ~Stock() { wipe(bytes); }
};

}  // namespace

void fill_random(std::span<std::uint8_t> out) {
  constexpr std::size_t most = 64;
  if (out.size() > most) return draw(out);
  thread_local Stock stock;
  if (stock.bytes.size() - stock.used < out.size()) {
    draw(stock.bytes);
    stock.used = 0;
  }
  const auto given = std::span{stock.bytes}.subspan(stock.used, out.size());
  std::copy(given.begin(), given.end(), out.begin());
  wipe(given);  // what was given is nowhere else any more
  stock.used += out.size();
}

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  fill_random(bytes);
  return bytes;
}

std::string random_hex(std::size_t bytes) { return to_hex(random_bytes(bytes)); }

std::string random_digits(std::size_t count) {
  std::string digits;
  while (digits.size() < count) {
    for (const auto byte : random_bytes(count - digits.size())) {
      // 250 is the last multiple of ten in a byte; what is above would favour the low digits.
      if (byte < 250) digits += static_cast<char>('0' + byte % 10);
    }
  }
  return digits;
}

std::string random_token(std::size_t bytes) { return to_base64url(random_bytes(bytes)); }

}  // namespace roamdesk::crypto

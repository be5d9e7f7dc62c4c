#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"
#include "common/srtp/cipher.hpp"
#include "common/srtp/indices.hpp"

// SRTP and SRTCP (RFC 3711, RFC 7714) of one direction of one stream.
namespace roamdesk::srtp {

// What sealing adds at most, in bytes: a tag, and SRTCP's index.
inline constexpr std::size_t most_added = 20;
// A key's sources (SSRC). Each has packet indices of its own, which must never begin again under the same key; so they
// are remembered as long as the key, and one more isn't carried.
inline constexpr std::size_t most_sources = 64;

// For the start of a program, so that no call finds out: std::runtime_error if OpenSSL hasn't one of our suites.
void check_suites();

// A master key in one direction. `key` has srtp_key_size(suite) bytes: std::invalid_argument otherwise. Not for two
// threads at once.
class Context {
 public:
  using Direction = srtp::Direction;
  Context(Direction direction, SrtpSuite suite, const Secret& key);

  // Seals the first `size` bytes of `room` in place; `room` has most_added bytes more at least. The sealed size;
  // nullopt if it is no packet, the same again (its index was used), or of one source too many.
  std::optional<std::size_t> seal(bool rtcp, std::span<std::uint8_t> room, std::size_t size);
  // Opens `packet` in place; the size of what was in it. nullopt if the sender hasn't the key, something was changed,
  // or it came before; `packet` is spoilt then.
  //
  // The first source that is heard under a key may be in the middle of its stream: past 2^16 packets, which
  // descriptions don't tell (RFC 4568 §6.4). So until one has opened, each packet is tried with the next rollover count
  // as well.
  std::optional<std::size_t> open(bool rtcp, std::span<std::uint8_t> packet);

 private:
  struct Source {
    std::uint32_t id = 0;
    Indices rtp, rtcp;
    std::uint32_t reports = 0;  // SRTCP's index of the next one
  };
  std::optional<std::size_t> seal_rtp(std::span<std::uint8_t> room, std::size_t size);
  std::optional<std::size_t> seal_rtcp(std::span<std::uint8_t> room, std::size_t size);
  std::optional<std::size_t> open_rtp(std::span<std::uint8_t> packet);
  std::optional<std::size_t> open_rtcp(std::span<std::uint8_t> packet);
  bool opens(std::uint32_t source, std::uint64_t index, std::span<std::uint8_t> packet, std::size_t header);
  std::optional<std::uint64_t> join(std::uint32_t source, std::uint16_t sequence, std::span<std::uint8_t> packet,
                                    std::size_t header);
  // nullptr where it is one too many; it is remembered by keep().
  Source* find(std::uint32_t id);
  void keep(const Source* source);

  Cipher rtp_, rtcp_;
  std::vector<Source> sources_;
  std::size_t last_ = 0;
  Source newcomer_;
  std::uint32_t rollovers_ = 0;
};

}  // namespace roamdesk::srtp

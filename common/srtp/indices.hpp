#pragma once
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace roamdesk::srtp {

// The packet indices of one source in one direction (RFC 3711 §3.3.1): which one a sequence number means, and which
// were used. An index is used once: heard again it is a replay, sealed again it would be the same keystream.
class Indices {
 public:
  static constexpr std::size_t window = 128;

  // 2^16 times the rollover count, plus `sequence`: whichever is nearest to the highest (appendix A). There is none
  // before the first 2^16: a source that leaps there is ahead, as it is for libsrtp2. nullopt: behind the last of a
  // key.
  std::optional<std::uint64_t> guess(std::uint16_t sequence) const {
    if (!begun_) return sequence;
    constexpr std::int64_t round = 1 << 16, half = 1 << 15;
    const auto highest = static_cast<std::int64_t>(highest_);
    auto index = (highest & ~(round - 1)) | sequence;
    if (index > highest + half && index >= round) index -= round;
    if (index < highest - half) index += round;
    if (index >= std::int64_t{1} << 48) return std::nullopt;
    return static_cast<std::uint64_t>(index);
  }
  bool is_new(std::uint64_t index) const {
    if (!begun_ || index > highest_) return true;
    return highest_ - index < window && !used_[highest_ - index];
  }
  void use(std::uint64_t index) {
    if (!begun_ || index > highest_) {
      used_ = begun_ && index - highest_ < window ? used_ << static_cast<std::size_t>(index - highest_) : 0;
      highest_ = index;
      begun_ = true;
    }
    used_.set(static_cast<std::size_t>(highest_ - index));
  }

 private:
  bool begun_ = false;
  std::uint64_t highest_ = 0;
  std::bitset<window> used_;  // by how far it is below the highest
};

}  // namespace roamdesk::srtp

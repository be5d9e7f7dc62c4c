#pragma once
#include <array>
#include <cstdint>

namespace roamdesk::tunnel {

// Which of the last 4096 counters were seen (RFC 6479's ring of words). Asked before a datagram is opened, told after
// it proved authentic, so that a forgery can't advance it.
class ReplayWindow {
 public:
  static constexpr std::uint64_t size = 4096;

  bool is_fresh(std::uint64_t counter) const {
    if (counter >= next_) return true;
    if (next_ - counter > size) return false;
    return (words_[(counter / 64) % words] & (std::uint64_t{1} << (counter % 64))) == 0;
  }
  void record(std::uint64_t counter) {
    if (counter >= next_) {
      const auto first = next_ == 0 ? 0 : (next_ - 1) / 64 + 1;  // words that begin to mean something new
      const auto last = counter / 64;
      for (auto word = last - first >= words && last >= first ? last - words + 1 : first; word <= last; ++word) {
        words_[word % words] = 0;
      }
      next_ = counter + 1;
    }
    words_[(counter / 64) % words] |= std::uint64_t{1} << (counter % 64);
  }
  // One more than the highest counter seen.
  std::uint64_t next() const { return next_; }

 private:
  // One word more than the window, since the newest word is seldom full.
  static constexpr std::uint64_t words = size / 64 + 1;
  std::array<std::uint64_t, words> words_{};
  std::uint64_t next_ = 0;
};

}  // namespace roamdesk::tunnel

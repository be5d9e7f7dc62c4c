#pragma once
#include <array>
#include <cstdint>
#include <memory>

#include "common/rtp/rtp.hpp"

namespace roamdesk::media {

// DTMF in the audio (Q.23, Q.24), by spandsp.
class Tones {
 public:
  Tones();
  ~Tones();
  Tones(Tones&&) noexcept;
  Tones& operator=(Tones&&) noexcept;
  // One packet of G.711; calls `found(char)` for each key that was recognised in it.
  template <class Found>
  void received(const RtpView& packet, bool alaw, Found&& found) {
    for (const char digit : feed(packet, alaw))
      if (digit != 0) found(digit);
  }

 private:
  using Found = std::array<char, 8>;
  Found feed(const RtpView& packet, bool alaw);
  struct Detector;
  std::unique_ptr<Detector> detector_;
};

}  // namespace roamdesk::media

#include <algorithm>

#include "common/media/stream.hpp"

namespace roamdesk::media {

void Playout::begin(std::deque<const Prompt*> prompts, bool repeat, std::uint32_t random, TimePoint now) {
  prompts_ = std::move(prompts);
  repeat_ = repeat;
  at_ = current_ = 0;
  marker_ = true;
  ssrc_ = random;
  timestamp_ = random * 2654435761u;
  sequence_ = static_cast<std::uint16_t>(random >> 8);
  due_ = now;
}

std::size_t Playout::next(std::span<std::uint8_t, 12 + frame> out, bool alaw, std::uint8_t payload_type) {
  if (current_ >= prompts_.size()) {
    if (!repeat_ || prompts_.empty()) {
      prompts_.clear();
      return 0;
    }
    current_ = 0;
  }
  const auto& audio = alaw ? prompts_[current_]->alaw : prompts_[current_]->ulaw;
  const auto count = std::min(frame, audio.size() - at_);
  write_rtp_header(out.first<12>(), {payload_type, marker_, sequence_++, timestamp_, ssrc_, {}});
  std::copy_n(audio.begin() + static_cast<std::ptrdiff_t>(at_), count, out.begin() + 12);
  // The last frame of a prompt is filled with silence.
  std::fill(out.begin() + 12 + static_cast<std::ptrdiff_t>(count), out.end(),
            alaw ? std::uint8_t{0xd5} : std::uint8_t{0xff});
  marker_ = false;
  timestamp_ += frame;
  due_ += pace;
  at_ += count;
  if (at_ >= audio.size()) {
    at_ = 0;
    ++current_;
  }
  return 12 + frame;
}

}  // namespace roamdesk::media

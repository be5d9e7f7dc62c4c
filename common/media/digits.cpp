#include "common/media/digits.hpp"

#include <algorithm>

namespace roamdesk::media {

std::optional<char> DigitCollector::received(const RtpView& packet, std::optional<std::uint8_t> event_payload) {
  if (event_payload && packet.payload_type == *event_payload) {
    if (source_ == Source::tones) return std::nullopt;
    const auto digit = events_.received(packet);
    if (digit) {
      source_ = Source::events;
      waiting_size_ = 0;
    }
    return digit;
  }
  if (source_ == Source::events || (packet.payload_type != 0 && packet.payload_type != 8)) return std::nullopt;
  tones_.received(packet, packet.payload_type == 8, [this](char found) {
    if (waiting_size_ < waiting_.size()) waiting_[waiting_size_++] = found;
  });
  if (waiting_size_ == 0) return std::nullopt;
  if (source_ == Source::none && event_payload && waited_++ < patience) return std::nullopt;
  source_ = Source::tones;
  const char digit = waiting_[0];
  std::copy(waiting_.begin() + 1, waiting_.end(), waiting_.begin());
  --waiting_size_;
  return digit;
}

}  // namespace roamdesk::media

#pragma once
#include <cstdint>
#include <optional>

#include "common/media/rtp.hpp"

namespace roamdesk::media {

// RFC 4733: one digit for each event. All packets of an event share its timestamp (§2.5.1.2), whatever is lost,
// doubled or late; the first one that arrives is the digit, so that a lost end packet costs nothing.
class NamedEvents {
 public:
  std::optional<char> received(const RtpView& packet);

 private:
  bool is_continuation(std::uint8_t event, std::uint32_t step) const {
    return event == event_ && !ended_ && step == 0xffff;
  }

  bool begun_ = false;
  bool ended_ = false;  // an end packet of the current event was seen
  std::uint8_t event_ = 0;
  std::uint32_t timestamp_ = 0, ssrc_ = 0;
};

}  // namespace roamdesk::media

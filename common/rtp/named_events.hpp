#pragma once
#include <cstdint>
#include <optional>

#include "common/base/time.hpp"
#include "common/rtp/rtp.hpp"

namespace roamdesk::media {

// What a packet of RFC 4733 §2.3 says.
struct NamedEvent {
  std::uint8_t code = 0;       // 0..15: 0-9 * # A-D
  bool end = false;            // E: the key is up
  std::uint16_t duration = 0;  // so far, in timestamp units
};
// The first event of `payload`; nullopt if it isn't an event, or isn't a key.
std::optional<NamedEvent> parse_event(Packet payload);

// From events to digits, one for each press of a key. All packets of a press should share a timestamp (RFC 4733
// §2.5.1.2); there are phones whose timestamps stand still from press to press, run within one, or run in its end
// packets only. So the timestamp is one witness among others: code, E and M bit, sequence number, growth of the
// duration, and time. The first packet that arrives is the digit, so that a lost end packet costs nothing.
class NamedEvents {
 public:
  // One packet of events at `now`, in the order of arrival.
  std::optional<char> received(const RtpView& packet, TimePoint now);

 private:
  // A press, as its newest packet told it.
  struct Press {
    NamedEvent event;
    std::uint32_t ssrc = 0, timestamp = 0;
    std::uint16_t sequence = 0;
    bool marker = false;
    TimePoint at{};
    bool steady = false;      // two of its packets had the same timestamp
    bool steady_end = false;  // so had two of its end packets
  };
  enum class Verdict : std::uint8_t { late, goes_on, fresh };

  Verdict judge(const Press& news) const;
  bool is_late(const Press& news) const;
  bool goes_on_at_the_same_time(const Press& news) const;
  bool goes_on_at_another_time(const Press& news) const;
  bool keeps_pace(const Press& news) const;
  int step_to(const Press& news) const;

  std::optional<Press> press_, former_;
  bool stands_still_ = false;  // two presses had the same timestamp
};

}  // namespace roamdesk::media

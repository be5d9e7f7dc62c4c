#pragma once
#include <array>
#include <optional>
#include <span>

#include "common/base/time.hpp"
#include "common/media_orders/orders.hpp"
#include "common/rtp/rtp.hpp"
#include "common/srtp/srtp.hpp"

namespace roamdesk::media {

// SRTP of one stream at the phone's side: the contexts of the keys that it was given.
class Protection {
 public:
  // The phone's former key is good that long after a new one: its packets cross our answer.
  static constexpr std::chrono::seconds overlap{2};
  // Of a packet under a former key.
  static constexpr std::size_t most_bytes = 1500;

  // Keys of srtp_key_size(suite); what is in force already goes on.
  void set(const Sealing& keys, TimePoint now);
  // Opens a phone's packet in place; the size of what was in it, 0 if it isn't the phone's, or came before.
  std::size_t open(bool rtcp, std::span<std::uint8_t> packet, TimePoint now);
  // What the phone is to hear, sealed into `room` (srtp::most_added more than `packet`); empty if it can't be: the same
  // packet again, or one source too many.
  Packet seal(bool rtcp, Packet packet, std::span<std::uint8_t> room);

 private:
  struct Keyed {
    SrtpSuite suite;
    Secret key;
    srtp::Context context;
    bool is(SrtpSuite other, const Secret& its) const { return suite == other && key == its; }
  };
  static Keyed keyed(srtp::Context::Direction direction, SrtpSuite suite, const Secret& key) {
    return {suite, key, srtp::Context{direction, suite, key}};
  }

  std::optional<Keyed> theirs_, former_;
  TimePoint former_until_{};
  // One of each suite, as long as there is one: its counter must not begin again.
  std::array<std::optional<Keyed>, srtp_suites> ours_;
  srtp::Context* sealing_ = nullptr;
};

}  // namespace roamdesk::media

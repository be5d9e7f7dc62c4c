#include "common/media/protection.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::media {

using Direction = srtp::Context::Direction;

void Protection::set(const Sealing& keys, TimePoint now) {
  if (!theirs_ || !theirs_->is(keys.suite, keys.theirs)) {
    // It may be the former one again, whose replays are known.
    std::swap(theirs_, former_);
    former_until_ = now + overlap;
    if (!theirs_ || !theirs_->is(keys.suite, keys.theirs)) theirs_ = keyed(Direction::open, keys.suite, keys.theirs);
  }
  auto& ours = ours_[static_cast<std::size_t>(keys.suite)];
  if (!ours || ours->key != keys.ours) ours = keyed(Direction::seal, keys.suite, keys.ours);
  sealing_ = &ours->context;
}

std::size_t Protection::open(bool rtcp, std::span<std::uint8_t> packet, TimePoint now) {
  if (!theirs_) return 0;
  const bool crossing = former_ && now < former_until_ && packet.size() <= most_bytes;
  std::array<std::uint8_t, most_bytes> copy;
  if (crossing) std::copy(packet.begin(), packet.end(), copy.begin());
  if (const auto size = theirs_->context.open(rtcp, packet)) return *size;
  if (!crossing) return 0;
  std::copy_n(copy.begin(), packet.size(), packet.begin());
  return former_->context.open(rtcp, packet).value_or(0);
}

Packet Protection::seal(bool rtcp, Packet packet, std::span<std::uint8_t> room) {
  if (!sealing_ || packet.size() + srtp::most_added > room.size()) return {};
  std::copy(packet.begin(), packet.end(), room.begin());
  const auto size = sealing_->seal(rtcp, room, packet.size());
  return size ? Packet{room.first(*size)} : Packet{};
}

}  // namespace roamdesk::media

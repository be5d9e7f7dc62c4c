#include "common/tunnel/media_session.hpp"

#include <algorithm>
#include <cassert>

#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel {
namespace {

constexpr std::uint8_t version = 1;

crypto::Nonce nonce_of(const crypto::Nonce& iv, std::uint64_t counter) {
  auto nonce = iv;
  for (int i = 0; i < 8; ++i) nonce[11 - i] ^= static_cast<std::uint8_t>(counter >> (8 * i));
  return nonce;
}

}  // namespace

std::optional<std::uint32_t> peek_session(std::span<const std::uint8_t> datagram) {
  if (datagram.size() < media_overhead || datagram[0] != version || datagram[1] != 0) return std::nullopt;
  return load<std::uint32_t>(datagram.data() + 4);
}

MediaSession::Epoch* MediaSession::find(std::uint16_t number) {
  for (auto& epoch : epochs_) {
    if (epoch && epoch->number == number) return &*epoch;
  }
  return nullptr;
}

const MediaSession::Epoch* MediaSession::sending() const {
  if (side_ == Side::core) {
    for (const auto& epoch : epochs_) {
      if (epoch && epoch->proven) return &*epoch;
    }
  }
  return epochs_[0] ? &*epochs_[0] : nullptr;
}

std::optional<std::uint16_t> MediaSession::sending_epoch() const {
  const auto* epoch = sending();
  return epoch != nullptr ? std::optional{epoch->number} : std::nullopt;
}

std::size_t MediaSession::epochs() const {
  return static_cast<std::size_t>(
      std::count_if(epochs_.begin(), epochs_.end(), [](const auto& e) { return e.has_value(); }));
}

void MediaSession::install(std::uint16_t number, const EpochKeys& keys, TimePoint now) {
  if (find(number) != nullptr) return;  // its counter must not start over
  const auto& out = side_ == Side::sbc ? keys.from_sbc : keys.from_core;
  const auto& in = side_ == Side::sbc ? keys.from_core : keys.from_sbc;
  const auto size = crypto::key_size(cipher_);
  using crypto::Aead;
  epochs_[2] = std::move(epochs_[1]);
  epochs_[1] = std::move(epochs_[0]);
  epochs_[0].emplace(number, Aead{cipher_, Aead::Direction::seal, crypto::ByteView{out.key}.first(size)},
                     Aead{cipher_, Aead::Direction::open, crypto::ByteView{in.key}.first(size)}, out, in);
  for (auto i : {1, 2}) {
    if (epochs_[i] && !epochs_[i]->until) epochs_[i]->until = now + limits_.old_epoch;
  }
}

std::size_t MediaSession::seal(std::span<std::uint8_t> buffer, std::size_t text) {
  assert(buffer.size() >= text + media_overhead);
  auto* epoch = const_cast<Epoch*>(sending());
  if (epoch == nullptr || epoch->counter >= limits_.refuse_at) return 0;
  if (epoch->counter >= limits_.want_epoch_at && !epoch->asked && epoch == &*epochs_[0]) {
    epoch->asked = wants_epoch_ = true;
  }
  const auto counter = epoch->counter++;
  buffer[0] = version;
  buffer[1] = 0;
  store(buffer.data() + 2, epoch->number);
  store(buffer.data() + 4, id_);
  store(buffer.data() + 8, counter);
  epoch->sealer.seal(nonce_of(epoch->out_iv, counter), buffer.first(media_header), buffer.subspan(media_header, text),
                     buffer.subspan(media_header + text).first<crypto::aead_tag_size>());
  return text + media_overhead;
}

Result<std::span<std::uint8_t>, OpenError> MediaSession::open(std::span<std::uint8_t> datagram, TimePoint now) {
  if (peek_session(datagram) != id_) return OpenError::malformed;
  auto* epoch = find(load<std::uint16_t>(datagram.data() + 2));
  if (epoch == nullptr || (epoch->until && now >= *epoch->until)) return OpenError::unknown_epoch;
  const auto counter = load<std::uint64_t>(datagram.data() + 8);
  if (!epoch->window.is_fresh(counter)) return OpenError::replayed;
  const auto text = datagram.subspan(media_header, datagram.size() - media_overhead);
  const auto tag = datagram.last<crypto::aead_tag_size>();
  if (!epoch->opener.open(nonce_of(epoch->in_iv, counter), datagram.first(media_header), text, tag)) {
    return OpenError::unauthentic;
  }
  const auto before = epoch->window.next();
  epoch->window.record(counter);
  expected_ += epoch->window.next() - before;
  ++arrived_;
  if (!epoch->proven) {
    epoch->proven = true;
    if (epoch == &*epochs_[0]) {
      for (auto i : {1, 2}) {
        if (epochs_[i]) epochs_[i]->until = std::min(*epochs_[i]->until, now + limits_.stragglers);
      }
    }
  }
  return text;
}

void MediaSession::handle_timeout(TimePoint now) {
  for (auto i : {2, 1}) {
    if (epochs_[i] && now >= *epochs_[i]->until) epochs_[i].reset();
  }
}

bool MediaSession::poll_wants_epoch() { return std::exchange(wants_epoch_, false); }

std::optional<double> MediaSession::take_loss() {
  const auto expected = std::exchange(expected_, 0), arrived = std::exchange(arrived_, 0);
  if (expected == 0) return std::nullopt;
  // Late and reordered packets of the last interval may make more arrive than were expected in this one.
  return arrived >= expected ? 0.0 : 1.0 - static_cast<double>(arrived) / static_cast<double>(expected);
}

}  // namespace roamdesk::tunnel

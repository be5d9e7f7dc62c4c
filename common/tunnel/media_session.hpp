#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/crypto/aead.hpp"
#include "common/tunnel/media_keys.hpp"
#include "common/tunnel/replay_window.hpp"

namespace roamdesk::tunnel {

// On the wire: u8 version (1), u8 zero, u16 epoch, u32 session, u64 counter, the sealed run, the tag.
inline constexpr std::size_t media_header = 16;
inline constexpr std::size_t media_overhead = media_header + crypto::aead_tag_size;

// The session that a datagram names; nullopt: no media datagram of ours. Nothing is proven by it.
std::optional<std::uint32_t> peek_session(std::span<const std::uint8_t> datagram);

enum class OpenError {
  malformed,      // not a media datagram, or another session's
  unknown_epoch,  // no key for it (any more)
  replayed,       // seen before, or too old to tell
  unauthentic,    // not sealed by the other end
};

// Seals and opens one session's datagrams, in place, without allocating: media thread only. Holds up to three epochs.
// We send in the newest (SBC), or in the newest that the SBC has proven to have (core); what is older stays good for
// reception for 3 s after the newest is proven, 60 s at most after the newest came.
class MediaSession {
 public:
  struct Limits {
    std::uint64_t want_epoch_at = std::uint64_t{1} << 28;  // datagrams in one epoch, far below any bound of the ciphers
    std::uint64_t refuse_at = std::uint64_t{1} << 30;
    Duration old_epoch = std::chrono::seconds{60};
    Duration stragglers = std::chrono::seconds{3};
  };
  MediaSession(Side side, std::uint32_t id, crypto::Cipher cipher) : MediaSession(side, id, cipher, Limits{}) {}
  MediaSession(Side side, std::uint32_t id, crypto::Cipher cipher, Limits limits)
      : side_(side), id_(id), cipher_(cipher), limits_(limits) {}

  void install(std::uint16_t epoch, const EpochKeys& keys, TimePoint now);

  // `buffer`: media_header bytes of room, `text` bytes of plaintext, aead_tag_size bytes of room. The datagram's size;
  // 0 where there is no key, or the counter of the epoch has run out.
  std::size_t seal(std::span<std::uint8_t> buffer, std::size_t text);
  // Decrypts in place; the run inside `datagram`.
  Result<std::span<std::uint8_t>, OpenError> open(std::span<std::uint8_t> datagram, TimePoint now);
  // Drops epochs whose time is over.
  void handle_timeout(TimePoint now);

  // True once for each epoch whose counter nears its limit.
  bool poll_wants_epoch();
  bool can_seal() const { return sending() != nullptr; }
  std::uint32_t id() const { return id_; }
  std::optional<std::uint16_t> sending_epoch() const;
  std::size_t epochs() const;
  // Loss of what the other end sent since the last call, from the gaps in its counters: 0..1; nullopt where nothing
  // came.
  std::optional<double> take_loss();

 private:
  struct Epoch {
    Epoch(std::uint16_t number_, crypto::Aead sealer_, crypto::Aead opener_, const DirectionKeys& out,
          const DirectionKeys& in)
        : number(number_), sealer(std::move(sealer_)), opener(std::move(opener_)), out_iv(out.iv), in_iv(in.iv) {}
    std::uint16_t number;
    crypto::Aead sealer, opener;
    crypto::Nonce out_iv, in_iv;
    std::uint64_t counter = 0;
    ReplayWindow window;
    bool proven = false;  // the other end has sealed with it
    bool asked = false;
    std::optional<TimePoint> until;
  };
  Epoch* find(std::uint16_t number);
  const Epoch* sending() const;

  Side side_;
  std::uint32_t id_;
  crypto::Cipher cipher_;
  Limits limits_;
  std::array<std::optional<Epoch>, 3> epochs_;  // newest first
  bool wants_epoch_ = false;
  std::uint64_t expected_ = 0, arrived_ = 0;
};

}  // namespace roamdesk::tunnel

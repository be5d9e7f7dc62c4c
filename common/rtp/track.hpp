#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/time.hpp"
#include "common/rtp/rtp.hpp"

namespace roamdesk::media {

// The audio of a stream of packets, put in order (RFC 3550 §5.1: by timestamps): what comes late goes to its place,
// what comes twice counts once, what is missing is silence. G.711 of one law, whatever law the packets have. It begins
// with the first packet, and never runs further ahead of the clock than `patience`.
class Track {
 public:
  // A stretch of audio, behind so many samples of silence.
  struct Piece {
    std::uint64_t silence = 0;
    std::span<const std::uint8_t> audio;
  };
  // Samples of 8 kHz, a byte each: a usual piece; how late a packet may be at least; the longest piece.
  static constexpr std::size_t piece = 4000, window = 1600, longest_piece = piece + window;
  static constexpr std::int64_t patience = 2 * 8000;

  // At most `most` samples are kept.
  Track(bool alaw, std::uint64_t most);

  // One packet at `now`; other payload types than G.711's static ones (RFC 3551 §6) are passed over. Calls
  // `sink(Piece)` with what nothing can change any more.
  template <class Sink>
  void received(const RtpView& packet, TimePoint now, Sink&& sink) {
    const auto place = place_of(packet, now);
    if (!place) return;
    const auto size = static_cast<std::size_t>(
        std::min<std::uint64_t>({packet.payload.size(), buffer_.size() - piece, most_ - *place}));
    if (*place > end_ + longest_piece) {
      sink(rest());
      skip_to(*place);
    }
    while (*place + size > base_ + buffer_.size()) {
      sink(Piece{silence_, std::span{buffer_}.first<piece>()});
      shift();
    }
    put(packet, *place, size);
  }
  // The audio that received() hasn't given out.
  Piece rest() const { return {silence_, std::span{buffer_}.first(static_cast<std::size_t>(end_ - base_))}; }
  // `most` is reached.
  bool full() const { return full_ || end_ >= most_; }

 private:
  // Where the packet's first sample belongs; nullopt where the packet is of no use.
  std::optional<std::uint64_t> place_of(const RtpView& packet, TimePoint now);
  void skip_to(std::uint64_t place);
  void shift();
  void put(const RtpView& packet, std::uint64_t place, std::size_t size);
  std::uint8_t silent() const { return alaw_ ? 0xd5 : 0xff; }

  bool alaw_;
  std::uint64_t most_;
  std::optional<TimePoint> begun_;
  // Of a packet whose place is known.
  std::uint32_t ssrc_ = 0, timestamp_ = 0;
  std::uint64_t at_ = 0;
  // Samples before the buffer's first one; behind the last one that was heard.
  std::uint64_t base_ = 0, end_ = 0;
  // Ahead of the buffer's first sample, not given out yet.
  std::uint64_t silence_ = 0;
  bool full_ = false;
  std::array<std::uint8_t, longest_piece> buffer_;
};

}  // namespace roamdesk::media

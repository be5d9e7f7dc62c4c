#include <cstdlib>
#include <string_view>

#include "common/rtp/digits.hpp"
#include "common/rtp/latch.hpp"
#include "common/rtp/rtp.hpp"
#include "common/rtp/track.hpp"

// A stream of packets, each behind a byte of length: header view, statistics, digits, latch and
// track on whatever comes.
using namespace roamdesk;
using namespace roamdesk::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  DigitCollector digits;
  Reception reception;
  constexpr std::uint64_t most = 100'000;
  Track track{true, most};
  std::uint64_t kept = 0;
  const auto keep = [&kept](const Track::Piece& piece) {
    if (piece.audio.size() > Track::longest_piece) std::abort();
    kept += piece.silence + piece.audio.size();
  };
  Latch latch;
  const IpAddress phone{0xc0000207};
  latch.set_remote({phone, 4000}, phone);
  Packet input{data, size};
  TimePoint now{};
  std::uint64_t sound = 0;
  while (!input.empty()) {
    const std::size_t length = std::min<std::size_t>(input[0], input.size() - 1);
    const auto packet = input.subspan(1, length);
    input = input.subspan(1 + length);
    now += std::chrono::milliseconds(20);

    const Endpoint source{IpAddress{phone.v4() + static_cast<std::uint32_t>(length & 1)},
                          static_cast<std::uint16_t>(4000 + (length & 2))};
    const bool accepted = length & 4 ? latch.follow(source, now) : latch.accept(source, now);
    if (length & 8) latch.unreachable({phone, 4000}, now);
    if (accepted && source.address != phone) std::abort();
    if (!latch.target() || latch.target()->address != phone) std::abort();

    is_rtcp(packet);
    const auto view = parse_rtp(packet);
    if (!view) continue;
    if (view->payload.size() + 12 > packet.size()) std::abort();
    ++sound;
    reception.received(view->sequence, view->timestamp, view->ssrc, static_cast<std::uint32_t>(160 * sound));
    (void)reception.is_followed_by(*view);
    (void)reception.is_reported_by(packet);
    if (reception.packets() != sound || !(reception.jitter_ms() >= 0)) std::abort();
    track.received(*view, now, keep);
    const auto digit = digits.received(*view, {std::uint8_t{101}, 1u << 18}, now);
    if (digit && std::string_view{"0123456789*#ABCD"}.find(*digit) == std::string_view::npos) std::abort();
  }
  keep(track.rest());
  if (kept > most) std::abort();
  return 0;
}

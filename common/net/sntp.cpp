#include "common/net/sntp.hpp"

#include <sys/timex.h>

#include <algorithm>

namespace roamdesk::net {
namespace {

constexpr std::uint64_t seconds_1900_to_1970 = 2'208'988'800;

void put_u32(std::span<std::uint8_t> out, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

// RFC 4330 §3: seconds since 1900 (era 0 ends in 2036; the field wraps as the RFC wants it) and a binary fraction.
void put_time(std::span<std::uint8_t> out, WallTime time) {
  const auto ms = static_cast<std::uint64_t>(time.time_since_epoch().count());
  put_u32(out, static_cast<std::uint32_t>(ms / 1000 + seconds_1900_to_1970));
  put_u32(out.subspan(4), static_cast<std::uint32_t>(((ms % 1000) << 32) / 1000));
}

}  // namespace

ClockState kernel_clock_state() {
  timex query{};
  const int state = ::adjtimex(&query);
  return {state >= 0 && state != TIME_ERROR && !(query.status & STA_UNSYNC), std::chrono::microseconds{query.maxerror}};
}

std::optional<std::array<std::uint8_t, sntp_size>> answer_sntp(std::span<const std::uint8_t> request, WallTime now,
                                                               ClockState clock) {
  // An authenticator may follow the 48 bytes (RFC 4330 §4); it is ignored.
  if (request.size() < sntp_size || request.size() > 4 * sntp_size) return std::nullopt;
  const unsigned version = (request[0] >> 3) & 7, mode = request[0] & 7;
  // RFC 4330 §6: symmetric active (1) is answered as symmetric passive (2), so that a phone that is set up like that
  // gets the time too. In version 1 the field was unused (RFC 1305, appendix D): 0.
  const bool is_active = mode == 1, is_client = mode == 3 || (version == 1 && mode == 0);
  if (version < 1 || version > 4 || !(is_active || is_client)) return std::nullopt;

  std::array<std::uint8_t, sntp_size> answer{};
  const std::span<std::uint8_t> out{answer};
  // Leap indicator 0 even where our clock runs free: a phone that gets "unsynchronised" (3) shows no time at all.
  out[0] = static_cast<std::uint8_t>(version << 3 | (is_active ? 2 : 4));
  out[1] = clock.synchronised ? 3 : 10;
  out[2] = request[2];                      // poll interval, copied
  out[3] = static_cast<std::uint8_t>(-10);  // precision: about a millisecond
  const auto dispersion = std::min<std::int64_t>(clock.synchronised ? clock.max_error.count() : 1'000'000, 16'000'000);
  put_u32(out.subspan(8), static_cast<std::uint32_t>((static_cast<std::uint64_t>(dispersion) << 16) / 1'000'000));
  const std::array<std::uint8_t, 4> local_clock{'L', 'O', 'C', 'L'};
  std::copy(local_clock.begin(), local_clock.end(), out.begin() + 12);
  put_time(out.subspan(16), now);                          // reference
  std::copy_n(request.begin() + 40, 8, out.begin() + 24);  // originate: the client's transmit time
  put_time(out.subspan(32), now);                          // receive
  put_time(out.subspan(40), now);                          // transmit
  return answer;
}

}  // namespace roamdesk::net

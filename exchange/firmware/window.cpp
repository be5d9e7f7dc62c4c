#include "exchange/firmware/window.hpp"

namespace roamdesk::firmware {

using std::chrono::hours;
using std::chrono::minutes;

std::optional<minutes> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0u, 1u, 3u, 4u})
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0'), minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return minutes{hour * 60 + minute};
}

WindowState window_state(minutes from, minutes until, std::chrono::milliseconds since_from,
                         std::chrono::milliseconds since_until) {
  if (from == until) return {true, true};
  const minutes length = until > from ? until - from : until - from + hours{24};
  const bool open = since_from < since_until;
  return {open, open && since_from + time_needed <= length};
}

}  // namespace roamdesk::firmware

#include "common/sip/date.hpp"

#include <fmt/format.h>

#include <array>

namespace roamdesk::sip {

std::string date(WallTime wall) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day on{day};
  const std::chrono::hh_mm_ss at{std::chrono::floor<std::chrono::seconds>(wall - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(on.day()), months[static_cast<unsigned>(on.month()) - 1],
                     static_cast<int>(on.year()), at.hours().count(), at.minutes().count(), at.seconds().count());
}

}  // namespace roamdesk::sip

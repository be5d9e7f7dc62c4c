#pragma once
#include <chrono>
#include <optional>
#include <string_view>

namespace roamdesk::firmware {

// "20:00" as minutes of the day; nullopt for what isn't such a time.
std::optional<std::chrono::minutes> time_of_day(std::string_view text);

// How a window stands at a moment.
struct WindowState {
  bool open = false;
  // It stays open for so long that a phone that begins now is back before its end.
  bool may_begin = false;
  friend bool operator==(const WindowState&, const WindowState&) = default;
};
inline constexpr std::chrono::minutes time_needed{15};

// `from`, `until`: times of day; the same twice is the whole day. `since_from`, `since_until`: how long ago a clock
// there showed them last, so that a change to or from daylight saving moves the window with that clock.
WindowState window_state(std::chrono::minutes from, std::chrono::minutes until, std::chrono::milliseconds since_from,
                         std::chrono::milliseconds since_until);

}  // namespace roamdesk::firmware

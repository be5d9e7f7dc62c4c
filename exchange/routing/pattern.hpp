#pragma once
#include <optional>
#include <string>
#include <string_view>

// For what an outbound rule is: digits, `*` and `#` as they stand; `x` any digit; `[2-46]` one of these; a + in front;
// and as the last character `.`: whatever follows, also nothing.
namespace roamdesk::routing {

inline constexpr std::size_t longest_pattern = 64;

// What is wrong with it and what would be right, as the end of a sentence; nullopt where nothing is.
std::optional<std::string> pattern_fault(std::string_view pattern);
// `pattern` has no fault.
bool matches(std::string_view pattern, std::string_view number);
// What follows the number's first `count` characters, where these fit the pattern's beginning; nullopt where they
// don't, or nothing follows in one of both. `pattern` has no fault.
std::optional<std::string_view> behind_front(std::string_view pattern, std::size_t count, std::string_view number);

}  // namespace roamdesk::routing

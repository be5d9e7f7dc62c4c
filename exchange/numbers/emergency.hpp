#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

// Emergency numbers, by country.
namespace roamdesk::numbers {

// Are emergency numbers wherever a phone stands: people dial at work abroad what they know from home.
inline constexpr std::array<std::string_view, 2> emergency_everywhere = {"112", "911"};

// Whether digits, as they are dialled, are an emergency number of that country (ISO 3166); those of everywhere aren't
// counted in.
bool is_emergency(std::string_view digits, std::string_view country);
// All of them, the shorter ones first, then by their digits. Empty for a country that isn't known.
std::vector<std::string> emergency_numbers(std::string_view country);

}  // namespace roamdesk::numbers

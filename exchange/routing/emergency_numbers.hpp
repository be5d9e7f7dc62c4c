#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/model/directory.hpp"
#include "exchange/numbers/emergency.hpp"
#include "exchange/routing/dial_codes.hpp"

// Which numbers call for help, and where.
namespace roamdesk::routing {

enum class Help : std::uint8_t {
  none,
  // A test number of the location: it goes the same way.
  test,
  emergency,
};

// `digits` as they are dialled. `location`: where it is dialled; nullptr where nobody knows: then 112, 911 and those of
// the settings alone hold.
Help help_of(std::string_view digits, const Codes& codes, const Location* location);
// Likewise of what may be a short number. 112 and 911 behind a prefix count where the location or its country has them
// only: 0911 is an area code in Germany.
Help help_of(const numbers::ShortForm& form, const Codes& codes, const Location* location);

// A call for help.
struct ToEmergency {
  // As it is dialled by itself.
  std::string number;
  // A test number: it goes the same way.
  bool test = false;
};
// The emergency or test number that a number is in another written form: "+112", "1-1-2", "0049112". `dialled` as
// numbers::cleaned() gives it.
std::optional<ToEmergency> help_written(std::string_view dialled, const Codes& codes, const Location* location);

// For phones and people, each once: those of everywhere, of the settings, of the location's country, its own, its test
// numbers.
std::vector<std::string> emergency_numbers(const Codes& codes, const Location* location);

// The codes, with the emergency numbers of all locations: beside what an extension's number has to stand, since a
// person logs in anywhere.
Codes codes_anywhere(const Settings& settings, const Directory& directory);

}  // namespace roamdesk::routing

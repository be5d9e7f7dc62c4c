#include "exchange/routing/emergency_numbers.hpp"

#include <algorithm>

namespace roamdesk::routing {
namespace {

template <class List>
bool contains(const List& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

template <class List>
void add(std::vector<std::string>& all, const List& more) {
  for (const auto& one : more)
    if (!contains(all, one)) all.emplace_back(one);
}

}  // namespace

Help help_of(std::string_view digits, const Codes& codes, const Location* location) {
  if (contains(numbers::emergency_everywhere, digits) || contains(codes.emergency, digits)) return Help::emergency;
  if (!location) return Help::none;
  if (contains(location->numbers, digits) || numbers::is_emergency(digits, location->address.country))
    return Help::emergency;
  return contains(location->test_numbers, digits) ? Help::test : Help::none;
}

Help help_of(const numbers::ShortForm& form, const Codes& codes, const Location* location) {
  const auto& digits = form.digits;
  const bool of_here =
      location && (contains(location->numbers, digits) || numbers::is_emergency(digits, location->address.country));
  if (form.behind_prefix && !of_here && contains(numbers::emergency_everywhere, digits)) return Help::none;
  return help_of(digits, codes, location);
}

std::optional<ToEmergency> help_written(std::string_view dialled, const Codes& codes, const Location* location) {
  for (const auto& form : numbers::ShortForms{dialled, location ? location->address.country : ""})
    if (const Help help = help_of(form, codes, location); help != Help::none)
      return ToEmergency{std::string{form.digits}, help == Help::test};
  return std::nullopt;
}

std::vector<std::string> emergency_numbers(const Codes& codes, const Location* location) {
  std::vector<std::string> all;
  add(all, numbers::emergency_everywhere);
  add(all, codes.emergency);
  if (!location) return all;
  add(all, numbers::emergency_numbers(location->address.country));
  add(all, location->numbers);
  add(all, location->test_numbers);
  return all;
}

Codes codes_anywhere(const Settings& settings, const Directory& directory) {
  Codes codes = codes_of(settings);
  std::vector<std::string> all = emergency_numbers(codes, nullptr);
  for (const auto& [name, location] : directory.all<Location>()) add(all, emergency_numbers(codes, &location));
  codes.emergency = std::move(all);
  return codes;
}

}  // namespace roamdesk::routing

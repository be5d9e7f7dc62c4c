#include "exchange/numbers/emergency.hpp"

#include <utility>

#include "exchange/numbers/plans.hpp"

namespace roamdesk::numbers {

bool is_emergency(std::string_view digits, std::string_view country) {
  const auto* region = plans::find_region(country);
  return region && plans::whole(region->emergency, digits) != 0;
}

std::vector<std::string> emergency_numbers(std::string_view country) {
  std::vector<std::string> found;
  const auto* region = plans::find_region(country);
  if (!region || region->emergency == 0) return found;
  // By length: the automaton has no circle, so that it ends.
  std::vector<std::pair<std::string, plans::Begin>> open = {{"", region->emergency}};
  while (!open.empty()) {
    std::vector<std::pair<std::string, plans::Begin>> longer;
    for (const auto& [digits, at] : open) {
      if (plans::states[at].value != 0) found.push_back(digits);
      for (std::size_t digit = 0; digit < 10; ++digit)
        if (const plans::Begin next = plans::states[at].next[digit]; next != 0)
          longer.emplace_back(digits + static_cast<char>('0' + digit), next);
    }
    open = std::move(longer);
  }
  return found;
}

void ShortForms::add(std::string_view digits, bool behind_prefix) {
  if (!digits.empty() && count_ < forms_.size()) forms_[count_++] = {digits, behind_prefix};
}

ShortForms::ShortForms(std::string_view dialled, std::string_view country) {
  const bool whole = dialled.starts_with('+');
  if (whole) dialled.remove_prefix(1);
  add(dialled, false);
  const auto* region = plans::find_region(country);
  if (!region) return;
  const auto within_country = [&](std::string_view digits) {
    add(digits, true);
    for (std::size_t prefix = plans::longest_front(region->prefixes, digits); prefix > 0;
         prefix = plans::longest_front(region->prefixes, digits.substr(0, prefix - 1)))
      add(digits.substr(prefix), true);
  };
  const std::string code = std::to_string(region->code);
  const auto international = [&](std::string_view digits) {
    if (digits.starts_with(code)) within_country(digits.substr(code.size()));
  };
  if (whole) {
    international(dialled);
    return;
  }
  within_country(dialled);
  if (const std::size_t exit = plans::longest_front(region->exits, dialled); exit > 0) {
    add(dialled.substr(exit), true);
    international(dialled.substr(exit));
  }
}

}  // namespace roamdesk::numbers

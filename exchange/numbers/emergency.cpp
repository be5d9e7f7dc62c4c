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

}  // namespace roamdesk::numbers

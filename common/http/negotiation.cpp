#include "common/http/negotiation.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "common/http/field_text.hpp"

namespace roamdesk::http {
namespace {

// Takes what stands before the next `mark`.
std::string_view next(std::string_view& rest, char mark) {
  const std::string_view part = rest.substr(0, rest.find(mark));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return trim(part);
}

// RFC 9110 §12.4.2: "0.5", at most three decimals; 0 for anything else.
int parse_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  int value = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return 0;
  int unit = 100;
  for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return 0;
    value += (text[i] - '0') * unit;
  }
  return std::min(value, 1000);
}

}  // namespace

int weight_of(std::string_view coding, std::string_view rest) {
  std::optional<int> any;
  while (!rest.empty()) {
    std::string_view item = next(rest, ',');
    const std::string_view name = next(item, ';');
    int weight = 1000;
    while (!item.empty()) {
      const std::string_view parameter = next(item, ';');
      if (parameter.size() >= 2 && same_name(parameter.substr(0, 2), "q=")) weight = parse_weight(parameter.substr(2));
    }
    if (same_name(name, coding)) return weight;
    if (name == "*") any = weight;
  }
  if (any) return *any;
  return coding == "identity" ? 1 : 0;  // fine where nothing says otherwise, and liked least
}

bool has_tag(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    std::string_view item = next(list, ',');  // our tags hold no commas
    if (item == "*") return true;
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == tag) return true;
  }
  return false;
}

}  // namespace roamdesk::http

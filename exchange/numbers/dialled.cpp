#include <algorithm>

#include "common/sip/message.hpp"
#include "exchange/numbers/number.hpp"

namespace roamdesk::numbers {
namespace {

constexpr std::size_t longest = 32, longest_on_the_wire = 256;
constexpr std::string_view separators = "-.() ", dialable = "0123456789*#";

// The value of a parameter; "" where it isn't there.
std::string_view parameter(std::string_view parameters, std::string_view name) {
  while (!parameters.empty()) {
    parameters.remove_prefix(1);
    const std::string_view one = parameters.substr(0, parameters.find(';'));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) return one.substr(name.size() + 1);
    parameters.remove_prefix(one.size());
  }
  return {};
}

}  // namespace

std::string cleaned(std::string_view user) {
  if (user.size() > longest_on_the_wire) return {};
  if (user.starts_with("tel:")) user.remove_prefix(4);
  const std::size_t end = std::min(user.find(';'), user.size());
  std::string number;
  for (const char c : sip::unescape(user.substr(0, end))) {
    if (separators.find(c) != std::string_view::npos) continue;
    if (dialable.find(c) == std::string_view::npos && !(c == '+' && number.empty())) return {};
    number.push_back(c);
  }
  const std::string_view context = parameter(user.substr(end), "phone-context");
  if (context.starts_with('+') && !number.starts_with('+')) number = cleaned(context) + number;
  if (number.size() > longest || number == "+") return {};
  return number;
}

}  // namespace roamdesk::numbers

#include "common/phones/own_form.hpp"

#include <charconv>
#include <string>

#include "common/base/text.hpp"

namespace roamdesk::phones {
namespace {

bool matches(std::string_view pattern, std::string_view name) {
  // One `*` at a time, going back to the last one.
  std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p, ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool read_number(std::string_view text, unsigned& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

// "p400..699"
bool in_range(std::string_view pattern, std::size_t dots, std::string_view name) {
  unsigned first = 0, last = 0, number = 0;
  return name.size() > 1 && name[0] == pattern[0] && read_number(pattern.substr(1, dots - 1), first) &&
         read_number(pattern.substr(dots + 2), last) && read_number(name.substr(1), number) && first <= number &&
         number <= last;
}

}  // namespace

std::string_view to_words(HeldFor why) {
  switch (why) {
    case HeldFor::account:
      return "whose phone it is";
    case HeldFor::server:
      return "where the phone fetches, and what it trusts";
    case HeldFor::password:
      return "the password of the phone's own pages";
    case HeldFor::keys:
      return "the phone's keys";
    case HeldFor::login:
      return "that the log-in codes are dialled";
    case HeldFor::telling:
      return "how the phone is told to fetch";
    case HeldFor::firmware:
      return "the phone's firmware";
    case HeldFor::emergency:
      return "emergency numbers";
  }
  return "";
}

const Held* held_by(std::span<const Held> held, std::string_view name) {
  std::string lower = lowered(name);
  // "p034" is read as a number, and may be by a phone.
  while (lower.size() > 2 && lower[0] == 'p' && lower[1] == '0' &&
         lower.find_first_not_of("0123456789", 1) == std::string::npos)
    lower.erase(1, 1);
  for (const auto& one : held) {
    const auto dots = one.pattern.find("..");
    if (dots == std::string_view::npos ? matches(one.pattern, lower) : in_range(one.pattern, dots, lower)) return &one;
  }
  return nullptr;
}

}  // namespace roamdesk::phones

#include "exchange/routing/dial_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/sip/message.hpp"

namespace roamdesk::routing {
namespace {

constexpr std::size_t longest_dialled = 64, longest_code = 16, longest_number = 15;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::string_view without_last_star(std::string_view text) {
  return text.ends_with('*') ? text.substr(0, text.size() - 1) : text;
}
bool same_but_last_star(std::string_view a, std::string_view b) { return without_last_star(a) == without_last_star(b); }

// What stands behind the hot-desk code, where the number begins with it: `*77*101*` -> `101*`.
std::optional<std::string_view> behind_code(std::string_view number, std::string_view code) {
  if (!number.starts_with(code)) return std::nullopt;
  return number.substr(code.size());
}

std::optional<ivr::Purpose> dialogue_of(std::string_view number, const Codes& codes) {
  for (const auto& service : codes.services)
    if (same_but_last_star(number, service.code)) return service.purpose;
  if (same_but_last_star(number, codes.hot_desk)) return ivr::AskLogin{};
  const auto rest = behind_code(number, codes.hot_desk);
  if (!rest) return std::nullopt;
  const auto extension = without_last_star(*rest);
  if (!all_digits(extension) || extension.size() > longest_number) return std::nullopt;
  return ivr::AskLogin{ExtensionNumber{std::string{extension}}};
}

}  // namespace

Codes codes_of(const Settings& settings) {
  return {settings.hot_desk_code,
          {{"logout", settings.logout_code, ivr::AskLogout{}}},
          settings.emergency_numbers,
          settings.hide_number_code};
}

Dialled parse_dialled(std::string_view user, const Codes& codes) {
  Dialled dialled;
  // Parameters of a telephone-subscriber in the user part (RFC 3261 §19.1.6) aren't dialled.
  user = user.substr(0, user.find(';'));
  if (user.size() > 3 * longest_dialled) return dialled;
  // RFC 3261 §19.1.2: phones escape `*` and `#` or don't, as they like.
  dialled.digits = sip::unescape(user);
  if (dialled.digits.size() > longest_dialled) return dialled;
  if (dialled.digits.size() > 1 && dialled.digits.ends_with('#')) dialled.digits.pop_back();
  const std::string& number = dialled.digits;
  if (std::find(codes.emergency.begin(), codes.emergency.end(), number) != codes.emergency.end()) {
    dialled.kind = DialKind::emergency;
  } else if (auto purpose = dialogue_of(number, codes)) {
    dialled.kind = DialKind::dialogue;
    dialled.purpose = std::move(*purpose);
  }
  return dialled;
}

std::optional<std::string_view> behind_hide_code(std::string_view digits, const Codes& codes) {
  const std::string_view code = without_last_star(codes.hide_number);
  if (code.empty() || !digits.starts_with(code)) return std::nullopt;
  const std::string_view rest = digits.substr(code.size());
  if (rest.size() < 2 || (rest.front() != '*' && rest.front() != '#')) return std::nullopt;
  return rest.substr(1);
}

bool is_code(std::string_view text) {
  return text.size() >= 2 && text.size() <= longest_code && text.front() == '*' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '*'; });
}

// With a star it could be a code, or a part of one.
bool is_emergency_number(std::string_view text) { return all_digits(text) && text.size() <= longest_number; }

Result<void, CodeClash> check_codes(const Codes& codes) {
  std::vector<std::pair<std::string, std::string>> all = {{"login", codes.hot_desk}};
  for (const auto& service : codes.services) all.emplace_back(service.name, service.code);
  if (!codes.hide_number.empty()) all.emplace_back("hide_number", codes.hide_number);
  for (const auto& [name, code] : all) {
    if (!is_code(code))
      return CodeClash{CodeFault::malformed,
                       fmt::format("the code \"{}\" can't be used; expected {}", code, code_form)};
  }
  for (auto one = all.begin(); one != all.end(); ++one)
    for (auto other = all.begin(); other != one; ++other)
      if (same_but_last_star(one->second, other->second))
        return CodeClash{CodeFault::same, other->first + " and " + one->first + " have the same code \"" +
                                              other->second + "\"; a missing last * doesn't tell them apart"};
  for (const std::string& number : codes.emergency) {
    if (!is_emergency_number(number))
      return CodeClash{CodeFault::shadows_emergency,
                       "the emergency number \"" + number + "\" can't be dialled; use 1 to 15 digits"};
  }
  return {};
}

Result<void, CodeClash> check_extension(const ExtensionNumber& number, const Codes& codes) {
  const std::string& digits = number.value();
  if (std::find(codes.emergency.begin(), codes.emergency.end(), digits) != codes.emergency.end())
    return CodeClash{CodeFault::shadows_emergency,
                     "\"" + digits + "\" is an emergency number, everywhere or at a location; choose another number"};
  const auto its_login = codes.hot_desk + digits + "*";
  for (const auto& service : codes.services)
    if (same_but_last_star(its_login, service.code))
      return CodeClash{CodeFault::shadows_extension, "extension \"" + digits + "\" can't exist beside the " +
                                                         service.name + " code \"" + service.code +
                                                         "\": it would be its login; change one of them"};
  return {};
}

}  // namespace roamdesk::routing

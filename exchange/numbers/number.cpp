#include "exchange/numbers/number.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "exchange/numbers/plans.hpp"

namespace roamdesk::numbers {
namespace {

constexpr std::size_t shortest_e164 = 3, longest_e164 = 15, class_count = words<NumberClass>.size();

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

// What is known of digits that begin with a country code.
struct Whole {
  std::string_view country;
  NumberClass kind = NumberClass::unknown;
  // The plan has such a number.
  bool valid = false;
};
std::string_view code_of(std::string_view international) {
  const auto* code = plans::find_code(international);
  return international.substr(0, !code ? 0 : code->digits < 10 ? 1 : code->digits < 100 ? 2 : 3);
}
Whole look_up(std::string_view international) {
  const auto* code = plans::find_code(international);
  if (!code) return {};
  const auto value = plans::whole(code->numbers, international.substr(code_of(international).size()));
  if (value == 0) return {};
  const std::size_t region = (value - 1u) / class_count;
  return {region == 0 ? std::string_view{} : plans::regions[region - 1].name,
          static_cast<NumberClass>((value - 1u) % class_count), true};
}

std::string joined(const plans::Region& region, std::string_view area, std::string_view rest) {
  return std::to_string(region.code).append(area).append(rest);
}

// How many of the digits only stand before a number within its country; 0 where what follows would be no number.
std::size_t prefix_of(std::string_view digits, const plans::Region& region) {
  std::size_t any = 0;
  for (std::size_t prefix = plans::longest_front(region.prefixes, digits); prefix > 0;
       prefix = plans::longest_front(region.prefixes, digits.substr(0, prefix - 1))) {
    const Whole behind = look_up(joined(region, "", digits.substr(prefix)));
    if (behind.valid && behind.kind != NumberClass::unknown) return prefix;
    if (behind.valid && any == 0) any = prefix;
  }
  return any;
}

// "+49 (0)30…", as people write it: without what only stands before a number within its country. "" for no such number.
std::string without_prefix(std::string_view international) {
  const std::string_view code = code_of(international), national = international.substr(code.size());
  for (const plans::Region& region : plans::regions) {
    if (region.code != plans::find_code(international)->digits) continue;
    const std::size_t prefix = prefix_of(national, region);
    if (prefix > 0) return std::string(code).append(national.substr(prefix));
  }
  return {};
}

// `international` are digits with the country code in front.
Number global(std::string_view international, std::string_view dialled, const Origin& origin) {
  Number number;
  number.dialled = dialled;
  if (!all_digits(international) || !plans::find_code(international)) return number;
  Whole found = look_up(international);
  std::string digits{international};
  if (!found.valid)
    if (std::string mended = without_prefix(international); !mended.empty()) {
      found = look_up(mended);
      digits = std::move(mended);
    }
  if (digits.size() < shortest_e164 || digits.size() > longest_e164) return number;
  number.e164 = "+" + digits;
  const auto* home = plans::find_region(origin.country);
  // One that the plan doesn't know is its country code's.
  if (!found.valid && home && home->code == plans::find_code(international)->digits) found.country = home->name;
  number.country = found.country;
  number.abroad = found.country != origin.country || origin.country.empty();
  number.kind = found.kind;
  if (number.abroad && found.kind != NumberClass::premium) number.kind = NumberClass::international;
  return number;
}

// Digits without + and without an international prefix, as they are dialled within a country.
Number domestic(std::string_view digits, const plans::Region& region, const Origin& origin) {
  const std::string whole = joined(region, "", digits);
  if (const std::size_t prefix = prefix_of(digits, region); prefix > 0)
    return global(joined(region, "", digits.substr(prefix)), digits, origin);
  // The country's one area code, then that of the origin.
  const bool local = !region.area.empty() && plans::whole(region.local, digits) != 0;
  for (const std::string_view area : {local ? region.area : std::string_view{}, origin.area_code}) {
    if (area.empty()) continue;
    const std::string completed = joined(region, area, digits);
    if (look_up(completed).valid) return global(completed, digits, origin);
  }
  if (look_up(whole).valid) return global(whole, digits, origin);
  // The country code stands there without its +.
  if (digits.starts_with(std::to_string(region.code)) && look_up(digits).valid) return global(digits, digits, origin);
  // The plan doesn't know it, and plans grow: who may call what isn't known may call it.
  const std::size_t prefix = plans::longest_front(region.prefixes, digits);
  return global(prefix < digits.size() ? joined(region, "", digits.substr(prefix)) : whole, digits, origin);
}

}  // namespace

Number read(std::string_view dialled, const Origin& origin, Writer writer) {
  if (dialled.starts_with('+')) return global(dialled.substr(1), dialled, origin);
  Number unknown;
  unknown.dialled = dialled;
  const auto* region = plans::find_region(origin.country);
  if (!region || dialled.empty() || !all_digits(dialled)) return unknown;
  if (const auto value = plans::whole(region->short_numbers, dialled)) {
    unknown.kind = static_cast<NumberClass>(value - 1u);
    unknown.country = region->name;
    return unknown;
  }
  if (writer == Writer::provider && look_up(dialled).valid) return global(dialled, dialled, origin);
  if (const std::size_t exit = plans::longest_front(region->exits, dialled); exit > 0) {
    const Number abroad = global(dialled.substr(exit), dialled, origin);
    if (!abroad.e164.empty()) return abroad;
  }
  return domestic(dialled, *region, origin);
}

std::string written(const Number& number, NumberForm form, const Origin& origin) {
  if (number.e164.empty()) return number.dialled;
  const std::string_view digits = std::string_view{number.e164}.substr(1);
  switch (form) {
    case NumberForm::plus:
      break;
    case NumberForm::as_dialled:
      return number.dialled.empty() ? number.e164 : number.dialled;
    case NumberForm::bare:
      return std::string{digits};
    case NumberForm::double_zero:
      return "00" + std::string{digits};
    case NumberForm::national: {
      const auto* region = plans::find_region(origin.country);
      const std::string code = region ? std::to_string(region->code) : "";
      if (!region || !digits.starts_with(code)) return std::string(region ? region->exit : "00").append(digits);
      return std::string(region->writes_prefix ? region->prefix : "").append(digits.substr(code.size()));
    }
  }
  return number.e164;
}

bool is_e164(std::string_view text) {
  return text.size() >= 1 + shortest_e164 && text.size() <= 1 + longest_e164 && text.front() == '+' &&
         all_digits(text.substr(1)) && plans::find_code(text.substr(1));
}

bool is_country(std::string_view name) { return plans::find_region(name) != nullptr; }

bool may_call(NumberClasses allowed, const Number& number) {
  return allowed.contains(number.kind) &&
         (!number.abroad || number.kind != NumberClass::premium || allowed.contains(NumberClass::international));
}

}  // namespace roamdesk::numbers

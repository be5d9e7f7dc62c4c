#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/words.hpp"

namespace roamdesk::routing {

// What was decided on the way from the digits to where they lead, in its order.
enum class StepKind : std::uint8_t {
  dialled,            // the number, cleaned
  hides_number,       // the code in front of it
  is_code,            // of a voice dialogue
  is_emergency,       // the number; detail: the rule whose prefix stood in front
  is_emergency_test,  // likewise, of a number that is there to be tried
  is_extension,       // the number; detail: the name
  nobody_logged_in,   // an idle desk calls no other number
  no_number,          // it can't be dialled outside
  rule_off,           // subject: the rule, here and below
  rule_other_site,    // detail: the site of who dials
  rule_other_number,  // detail: the pattern
  rule_other_class,   // detail: the class of the number
  rule_no_trunk,      // none of its trunks is there and switched on
  rule_fits,          // detail: the pattern
  rewritten,          // subject: what is called by the rule's strip and prepend
  read_as,            // subject: E.164, or the digits; detail: country and class
  class_refused,      // subject: the class that the person may not call
  trunk_off,          // subject: the trunk, here and below
  trunk_country,      // detail: the country that it may not call
  trunk_called,       // detail: the number as the trunk wants it
  emergency_abroad,   // the number; detail: the country in which it is an emergency number, the trunk's
  no_rule,
  upstream,  // subject: the trunk at which the person has an account; detail: what it is asked for
};

struct Step {
  StepKind kind{};
  std::string subject, detail{};
  friend bool operator==(const Step&, const Step&) = default;
};
using Steps = std::vector<Step>;

// In plain English: "the rule \"abroad\" isn't for this number: its pattern is \"00.\"".
std::string text_of(const Step& step);

}  // namespace roamdesk::routing

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 23> words<routing::StepKind> = {
    "dialled",          "hides_number", "is_code",          "is_emergency",    "is_emergency_test", "is_extension",
    "nobody_logged_in", "no_number",    "rule_off",         "rule_other_site", "rule_other_number", "rule_other_class",
    "rule_no_trunk",    "rule_fits",    "rewritten",        "read_as",         "class_refused",     "trunk_off",
    "trunk_country",    "trunk_called", "emergency_abroad", "no_rule",         "upstream"};
}  // namespace roamdesk

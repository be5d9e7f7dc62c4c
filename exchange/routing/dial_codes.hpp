#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::ivr {

// What a number dialled by a phone asks for, before anybody looks at who it is.
enum class DialKind : std::uint8_t {
  login,   // `*77*` (extension is asked for), `*77*101*`
  logout,  // `*77*5*`
  emergency,
  number,  // everything else: routing's
};

struct Dialled {
  DialKind kind = DialKind::number;
  std::optional<ExtensionNumber> extension;  // login: whose; none: ask
  std::string digits;                        // the number, unescaped, without a trailing '#'
  friend bool operator==(const Dialled&, const Dialled&) = default;
};

// The codes in force (contract §2, `codes` and `emergency`).
struct Codes {
  std::string hot_desk = "*77*";
  std::string logout = "*77*5*";
  std::vector<std::string> emergency = {"112", "911"};
  friend bool operator==(const Codes&, const Codes&) = default;
};
Codes codes_of(const Settings& settings);

// Reads the user part of a Request-URI as it stands on the wire: percent-escapes, a missing last star, and a trailing
// `#` don't matter (contract §4, Login). Emergency numbers win over everything, logout over login.
Dialled parse_dialled(std::string_view user, const Codes& codes);

enum class CodeFault : std::uint8_t {
  malformed = 1,         // not `*`, digits and `#` only, empty, or over 15 characters
  must_start_with_star,  // a code that begins with a digit would shadow numbers
  same,                  // both codes are one
  shadows_emergency,     // a code and an emergency number are one, or an emergency number isn't dialable
  shadows_extension,     // `detail` names it: the logout code is that extension's login
};
struct CodeClash {
  CodeFault fault{};
  std::string detail;  // what is wrong and what would be right, for a person
};

// Whether the codes can stand beside each other and the emergency numbers.
Result<void, CodeClash> check_codes(const Codes& codes);
// Whether an extension of this number can exist beside them: `5` can't beside `*77*5*`, `112` can't at all.
// For each extension when it is made, and for all of them when the codes change.
Result<void, CodeClash> check_extension(const ExtensionNumber& number, const Codes& codes);

}  // namespace roamdesk::ivr

#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "exchange/ivr/dialogue.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::routing {

// What a number dialled by a phone asks for, before it is known who it is.
enum class DialKind : std::uint8_t { dialogue, emergency, number };

struct Dialled {
  DialKind kind = DialKind::number;
  // Of a voice dialogue. `*77*` and `*77*101*` are a login; what else has a code is in Codes::services.
  ivr::Purpose purpose{};
  // The number, unescaped, without a trailing '#'.
  std::string digits;
};

// A voice dialogue with a code of its own, `*77*5*`.
struct Service {
  // For messages: "logout".
  const char* name = "";
  std::string code;
  ivr::Purpose purpose;
};

// The codes in force (contract §2, `codes` and `emergency`).
struct Codes {
  std::string hot_desk;
  std::vector<Service> services;
  std::vector<std::string> emergency;
  // In front of an outside number: the call doesn't show the caller's.
  std::string hide_number{};
};
Codes codes_of(const Settings& settings);

// Reads the user part of a Request-URI as it stands on the wire: percent-escapes, a missing last star, and a trailing
// `#` don't matter (contract §4, Login). Emergency numbers win over everything, services over the login.
Dialled parse_dialled(std::string_view user, const Codes& codes);

// What is dialled behind the code that hides the caller's number: `*31*0301234`, and `*31#0301234` as telephones have
// it. nullopt where it isn't in front.
std::optional<std::string_view> behind_hide_code(std::string_view digits, const Codes& codes);

enum class CodeFault : std::uint8_t {
  // A code isn't what code_form says.
  malformed = 1,
  // Two codes are one.
  same,
  // An emergency number isn't dialable, or an extension is one.
  shadows_emergency,
  // A service's code is that extension's login; `detail` names it.
  shadows_extension,
};
struct CodeClash {
  CodeFault fault{};
  // What is wrong and what would be right, for a person.
  std::string detail;
};

// What a keypad can dial and no extension can be; `#` would end it.
inline constexpr std::string_view code_form = "a star, then 1 to 15 of 0-9 and *, as *77*";
bool is_code(std::string_view text);
// What a keypad can dial and isn't mistaken for a code: 1 to 15 digits.
bool is_emergency_number(std::string_view text);

// Whether the codes can stand beside each other and the emergency numbers: the same question for the configuration file
// and the API, so that no file starts a core whose settings the API then refuses.
Result<void, CodeClash> check_codes(const Codes& codes);
// Whether an extension of this number can exist beside them: `5` can't beside `*77*5*`, `112` can't at all.
// For each extension when it is made, and for all of them when the codes change.
Result<void, CodeClash> check_extension(const ExtensionNumber& number, const Codes& codes);

}  // namespace roamdesk::routing

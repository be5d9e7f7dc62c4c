#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "exchange/ivr/dialogue.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::ivr {

// What a number dialled by a phone asks for, before anybody looks at who it is.
enum class DialKind : std::uint8_t { dialogue, emergency, number };

struct Dialled {
  DialKind kind = DialKind::number;
  // Of a voice dialogue. `*77*` and `*77*101*` are a login; what else has a code is in Codes::services.
  Purpose purpose{};
  // The number, unescaped, without a trailing '#'.
  std::string digits;
};

// A voice dialogue with a code of its own, `*77*5*`.
struct Service {
  // For messages: "logout".
  const char* name = "";
  std::string code;
  Purpose purpose;
};

// The codes in force (contract §2, `codes` and `emergency`).
struct Codes {
  std::string hot_desk = "*77*";
  std::vector<Service> services = {{"logout", "*77*5*", AskLogout{}}};
  std::vector<std::string> emergency = {"112", "911"};
};
Codes codes_of(const Settings& settings);

// Reads the user part of a Request-URI as it stands on the wire: percent-escapes, a missing last star, and a trailing
// `#` don't matter (contract §4, Login). Emergency numbers win over everything, services over the login.
Dialled parse_dialled(std::string_view user, const Codes& codes);

enum class CodeFault : std::uint8_t {
  // Not `*` and digits only, empty, or over 15 characters.
  malformed = 1,
  // A code that begins with a digit would shadow numbers.
  must_start_with_star,
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

// Whether the codes can stand beside each other and the emergency numbers.
Result<void, CodeClash> check_codes(const Codes& codes);
// Whether an extension of this number can exist beside them: `5` can't beside `*77*5*`, `112` can't at all.
// For each extension when it is made, and for all of them when the codes change.
Result<void, CodeClash> check_extension(const ExtensionNumber& number, const Codes& codes);

}  // namespace roamdesk::ivr

#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "exchange/ivr/prompt.hpp"
#include "exchange/model/directory.hpp"
#include "exchange/numbers/number.hpp"
#include "exchange/routing/emergency_numbers.hpp"
#include "exchange/routing/explanation.hpp"

// Where calls to outside numbers leave, by the outbound rules.
namespace roamdesk::routing {

struct Refused {
  // 403, 404, 484, 503
  int status;
  // For the person: it becomes the response's reason phrase.
  const char* reason;
  // The same, said aloud; nullopt where a phone's own tone says enough.
  std::optional<ivr::Prompt> prompt = std::nullopt;
};

// One trunk to try.
struct OutsideAttempt {
  std::string trunk;
  // The user part of Request-URI and To, as the trunk wants it.
  std::string called;
  friend bool operator==(const OutsideAttempt&, const OutsideAttempt&) = default;
};

struct ToOutside {
  numbers::Number number;
  // In the order in which they are tried; at least one.
  std::vector<OutsideAttempt> attempts;
  // The caller's number isn't shown.
  bool hide = false;
  // The rule that decided.
  std::string rule{};
};

struct OutsideCall {
  // As numbers::cleaned() gives it.
  std::string_view dialled;
  // Who calls, or who sends the call on.
  const Extension& person;
  SiteId site;
  bool hide = false;
  // What is an emergency number, for Dialler::location.
  const Codes& codes;
  const Location* location = nullptr;
};

// The first rule that fits decides. Where one of its trunks would be asked for an emergency number, however that came
// about, it is a call for help; refused where it is one at the trunk alone, and not where the phone stands. A rule
// without a trunk that is switched on doesn't fit. `turn` says which of the trunks that share a rule's calls comes
// first: it counts up from call to call. `steps` gets what was decided on the way, where it isn't nullptr.
std::variant<ToOutside, ToEmergency, Refused> plan_outside(const OutsideCall& call, const Directory& directory,
                                                           unsigned turn = 0, Steps* steps = nullptr);

// What a trunk may not be asked for by an ordinary call, without the caller's place and within limits: a number that is
// an emergency (or test) number where the phone stands is a call for help; one that is one in the trunk's country alone
// is refused, but where nobody knows the phone's place: a call for help as well. nullopt for every other number.
// `written`: as the trunk would get it, or E.164.
std::optional<std::variant<ToEmergency, Refused>> asked_for_help(const Trunk& trunk, std::string_view written,
                                                                 const Codes& codes, const Location* location,
                                                                 Steps* steps = nullptr);

// What is left of the digits where a rule's prefix stands before an emergency number (or a test number): 9911 under a
// rule "9." that strips the 9. nullopt where there is no such number in it. Rules of other sites and rules that are
// switched off count too, and whatever else their patterns ask for doesn't matter. `location`: help_of()'s.
struct BehindPrefix {
  std::string number, rule;
  bool test = false;
};
std::optional<BehindPrefix> emergency_behind_prefix(std::string_view dialled, const Codes& codes,
                                                    const Location* location, const Directory& directory);
// The same where the number or what stands in front is written otherwise: 90049112, 9-112, and 5112 under a rule "x."
// that strips one digit. An extension may be numbered so, and is called then.
std::optional<BehindPrefix> emergency_written_behind_prefix(std::string_view dialled, const Codes& codes,
                                                            const Location* location, const Directory& directory);

}  // namespace roamdesk::routing

#include "exchange/routing/route.hpp"

namespace roamdesk::routing {
namespace {

// The one character of a keypad that a user part has only escaped (RFC 3261 §25.1).
std::string escaped(std::string_view user) {
  std::string text;
  for (const char c : user) text += c == '#' ? std::string{"%23"} : std::string{c};
  return text;
}

class Routing {
 public:
  Routing(const Dialler& dialler, const Codes& codes, const Directory& directory, unsigned turn, Steps* steps)
      : dialler_(dialler), codes_(codes), directory_(directory), turn_(turn), steps_(steps) {}

  Route run(std::string_view user, bool hide) {
    const auto dialled = parse_dialled(user, codes_);
    note(StepKind::dialled, dialled.digits);
    if (const Help help = help_of(dialled.digits, codes_, dialler_.location); help != Help::none)
      return to_emergency(dialled.digits, help == Help::test);
    switch (dialled.kind) {
      case DialKind::emergency:
        return to_emergency(dialled.digits, false);
      case DialKind::dialogue:
        note(StepKind::is_code, dialled.digits);
        // People must learn why.
        if (!dialler_.hot_desk) return ToDialogue{ivr::Announce{ivr::Prompt::not_a_hot_desk}};
        return ToDialogue{dialled.purpose};
      case DialKind::number:
        break;
    }
    if (const auto behind = behind_hide_code(dialled.digits, codes_); behind && !hide) {
      note(StepKind::hides_number, codes_.hide_number);
      return run(*behind, true);
    }
    if (const auto behind = emergency_behind_prefix(dialled.digits, codes_, dialler_.location, directory_))
      return to_emergency(behind->number, behind->test, behind->rule);
    return to_number(user, dialled.digits, hide);
  }

 private:
  void note(StepKind kind, std::string subject, std::string detail = {}) {
    if (steps_) steps_->push_back({kind, std::move(subject), std::move(detail)});
  }

  Route to_emergency(std::string number, bool test, std::string rule = {}) {
    note(test ? StepKind::is_emergency_test : StepKind::is_emergency, number, std::move(rule));
    return ToEmergency{std::move(number), test};
  }

  Route to_number(std::string_view user, const std::string& digits, bool hide) {
    if (!dialler_.extension) {
      note(StepKind::nobody_logged_in, "");
      return Refused{403, "Nobody is logged in at this desk"};
    }
    if (digits.empty()) return Refused{484, "Address Incomplete"};
    const ExtensionNumber number{digits};
    if (const Extension* extension = directory_.extension(number)) {
      note(StepKind::is_extension, digits, extension->name);
      return ToExtension{number};
    }
    if (auto upstream = to_upstream(user, digits, hide)) return std::move(*upstream);
    std::string outside = numbers::cleaned(user);
    if (outside.size() > 1 && outside.ends_with('#')) outside.pop_back();
    const Extension* person = directory_.extension(*dialler_.extension);
    if (outside.empty() || !person) {
      note(StepKind::no_number, digits);
      return Refused{404, "Not Found"};
    }
    return std::visit([](auto decided) -> Route { return decided; },
                      plan_outside({outside, *person, dialler_.site, hide}, directory_, turn_, steps_));
  }

  std::optional<ToUpstream> to_upstream(std::string_view user, const std::string& digits, bool hide) {
    const auto& accounts = directory_.all<UpstreamAccount>();
    const auto account = accounts.find(dialler_.extension->value());
    if (account == accounts.end() || !account->second.enabled) return std::nullopt;
    const auto& trunks = directory_.all<Trunk>();
    const auto trunk = trunks.find(account->second.trunk);
    if (trunk == trunks.end() || !trunk->second.enabled || trunk->second.kind != TrunkKind::accounts)
      return std::nullopt;
    // A # may be part of a code; behind a number it only ends it.
    ToUpstream to{trunk->first, escaped(digits.starts_with('*') ? user : std::string_view{digits}), hide};
    note(StepKind::upstream, trunk->first, to.called);
    return to;
  }

  const Dialler& dialler_;
  const Codes& codes_;
  const Directory& directory_;
  unsigned turn_;
  Steps* steps_;
};

}  // namespace

Route route(std::string_view user, const Dialler& dialler, const Codes& codes, const Directory& directory,
            unsigned turn, Steps* steps) {
  return Routing{dialler, codes, directory, turn, steps}.run(user, false);
}

}  // namespace roamdesk::routing

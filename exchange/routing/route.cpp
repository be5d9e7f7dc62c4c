#include "exchange/routing/route.hpp"

namespace roamdesk::routing {
namespace {

// The one character of a keypad that a user part has only escaped (RFC 3261 §25.1).
std::string escaped(std::string_view user) {
  std::string text;
  for (const char c : user) text += c == '#' ? std::string{"%23"} : std::string{c};
  return text;
}

// A # behind a number only ends it.
std::string without_end(std::string number) {
  if (number.size() > 1 && number.ends_with('#')) number.pop_back();
  return number;
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
    if (!directory_.extension(ExtensionNumber{dialled.digits}))
      if (auto help = written_otherwise(user)) return std::move(*help);
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

  // An emergency number in another form than it is dialled in.
  std::optional<Route> written_otherwise(std::string_view user) {
    const std::string number = without_end(numbers::cleaned(user));
    if (auto help = help_written(number, codes_, dialler_.location))
      return to_emergency(std::move(help->number), help->test);
    if (auto behind = emergency_written_behind_prefix(number, codes_, dialler_.location, directory_))
      return to_emergency(std::move(behind->number), behind->test, std::move(behind->rule));
    return std::nullopt;
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
    const std::string outside = without_end(numbers::cleaned(user));
    const Extension* person = directory_.extension(*dialler_.extension);
    if (outside.empty() || !person) {
      note(StepKind::no_number, digits);
      return Refused{404, "Not Found"};
    }
    return std::visit(
        [](auto decided) -> Route { return decided; },
        plan_outside({outside, *person, dialler_.site, hide, codes_, dialler_.location}, directory_, turn_, steps_));
  }

  std::optional<Route> to_upstream(std::string_view user, const std::string& digits, bool hide) {
    const auto& accounts = directory_.all<UpstreamAccount>();
    const auto account = accounts.find(dialler_.extension->value());
    if (account == accounts.end() || !account->second.enabled) return std::nullopt;
    const auto& trunks = directory_.all<Trunk>();
    const auto trunk = trunks.find(account->second.trunk);
    if (trunk == trunks.end() || !trunk->second.enabled || trunk->second.kind != TrunkKind::accounts)
      return std::nullopt;
    // A # may be part of a code; behind a number it only ends it.
    if (auto help =
            asked_for_help(trunk->second, without_end(numbers::cleaned(user)), codes_, dialler_.location, steps_))
      return std::visit([](auto what) -> Route { return what; }, std::move(*help));
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

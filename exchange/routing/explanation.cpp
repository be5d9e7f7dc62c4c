#include "exchange/routing/explanation.hpp"

#include <fmt/format.h>

namespace roamdesk::routing {

std::string text_of(const Step& step) {
  const auto& [kind, subject, detail] = step;
  switch (kind) {
    case StepKind::dialled:
      return fmt::format("{} is dialled", subject);
    case StepKind::hides_number:
      return fmt::format("{} in front hides the caller's number", subject);
    case StepKind::is_code:
      return fmt::format("{} is a code of a voice dialogue", subject);
    case StepKind::is_emergency:
      return detail.empty()
                 ? fmt::format("{} is an emergency number", subject)
                 : fmt::format("{} is an emergency number behind the prefix of the rule \"{}\"", subject, detail);
    case StepKind::is_emergency_test:
      return fmt::format("{} is a test number: it goes the way of an emergency number{}", subject,
                         detail.empty() ? "" : fmt::format(", behind the prefix of the rule \"{}\"", detail));
    case StepKind::is_extension:
      return fmt::format("{} is the extension of {}", subject, detail.empty() ? "a person without a name" : detail);
    case StepKind::nobody_logged_in:
      return "nobody is logged in at this desk: it may call the hot-desk code and emergency numbers only";
    case StepKind::no_number:
      return fmt::format("{} is no extension, and can't be dialled outside", subject);
    case StepKind::rule_off:
      return fmt::format("the rule \"{}\" is switched off", subject);
    case StepKind::rule_other_site:
      return fmt::format("the rule \"{}\" isn't for the site {}", subject, detail);
    case StepKind::rule_other_number:
      return fmt::format("the rule \"{}\" isn't for this number: its pattern is {}", subject, detail);
    case StepKind::rule_other_class:
      return fmt::format("the rule \"{}\" isn't for numbers of the class {}", subject, detail);
    case StepKind::rule_no_trunk:
      return fmt::format("the rule \"{}\" has no trunk that is there and switched on", subject);
    case StepKind::rule_fits:
      return fmt::format("the rule \"{}\" fits by its pattern {}", subject, detail);
    case StepKind::rewritten:
      return fmt::format("the rule makes it {}", subject);
    case StepKind::read_as:
      return fmt::format("it is read as {}: {}", subject, detail);
    case StepKind::class_refused:
      return fmt::format("refused: this extension may not call numbers of the class {}", subject);
    case StepKind::trunk_off:
      return fmt::format("the trunk {} isn't there, or is switched off", subject);
    case StepKind::trunk_country:
      return fmt::format("the trunk {} may not call {}", subject, detail);
    case StepKind::trunk_called:
      return fmt::format("the trunk {} is asked for {}", subject, detail);
    case StepKind::emergency_abroad:
      return fmt::format("refused: {} is an emergency number there ({}), and none where this phone stands", subject,
                         detail);
    case StepKind::no_rule:
      return "refused: no outbound rule is for this number";
    case StepKind::upstream:
      return fmt::format("it isn't ours: the upstream {} is asked for {}, by this extension's account there", subject,
                         detail);
  }
  return {};
}

}  // namespace roamdesk::routing

#include "exchange/routing/outside.hpp"

#include <algorithm>

#include "exchange/routing/pattern.hpp"

namespace roamdesk::routing {
namespace {

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// What the person hears of it, by the class that isn't allowed.
Refused refused_class(NumberClass kind) {
  switch (kind) {
    case NumberClass::national:
      return {403, "You may not call outside numbers", ivr::Prompt::may_not_call};
    case NumberClass::mobile:
      return {403, "You may not call mobile numbers", ivr::Prompt::may_not_call};
    case NumberClass::shared_cost:
      return {403, "You may not call shared-cost numbers", ivr::Prompt::may_not_call};
    case NumberClass::premium:
      return {403, "You may not call premium numbers", ivr::Prompt::may_not_call};
    case NumberClass::international:
      return {403, "You may not call abroad", ivr::Prompt::may_not_call};
    case NumberClass::unknown:
      break;
  }
  return {403, "You may not call numbers of unknown cost", ivr::Prompt::may_not_call};
}

std::vector<const OutboundRule*> in_order(const Directory& directory) {
  std::vector<const OutboundRule*> rules;
  for (const auto& [name, rule] : directory.all<OutboundRule>()) rules.push_back(&rule);
  std::stable_sort(rules.begin(), rules.end(), [](const auto* a, const auto* b) { return a->position < b->position; });
  return rules;
}

// E.164 of what was dialled with its country code. "" of anything else: it would be another number in another country,
// and a trunk abroad must not take it.
std::string dialled_whole(std::string_view dialled, const numbers::Origin& origin) {
  const std::string e164 = numbers::read(dialled, origin).e164;
  const bool whole = dialled.starts_with('+') || (!e164.empty() && dialled.ends_with(std::string_view{e164}.substr(1)));
  return whole ? e164 : "";
}

std::string rewritten(const OutboundRule& rule, std::string_view text) {
  return rule.prepend + std::string(text.substr(std::min<std::size_t>(rule.strip, text.size())));
}

std::string described(const numbers::Number& number) {
  const std::string kind{word_of(number.kind)};
  return number.country.empty() ? kind : std::string(number.country) + ", " + kind;
}

class Planning {
 public:
  Planning(const OutsideCall& call, const Directory& directory, unsigned turn, Steps* steps)
      : call_(call), directory_(directory), turn_(turn), steps_(steps) {}

  std::variant<ToOutside, ToEmergency, Refused> run() {
    const auto rules = in_order(directory_);
    for (const OutboundRule* rule : rules)
      if (const auto text = taken_by(*rule)) return decided_by(*rule, *text);
    note(StepKind::no_rule, "");
    // A house without a way out has a tone for it, as ever.
    if (rules.empty()) return Refused{404, "No rule takes this number"};
    return Refused{404, "No rule takes this number", ivr::Prompt::no_such_number};
  }

 private:
  void note(StepKind kind, std::string subject, std::string detail = {}) {
    if (steps_) steps_->push_back({kind, std::move(subject), std::move(detail)});
  }

  // nullptr where it isn't there or is switched off.
  const Trunk* trunk(const std::string& name) const {
    const auto found = directory_.all<Trunk>().find(name);
    return found == directory_.all<Trunk>().end() || !found->second.enabled ? nullptr : &found->second;
  }
  const Trunk* first_trunk(const OutboundRule& rule) const {
    for (const std::string& name : rule.trunks)
      if (const Trunk* usable = trunk(name)) return usable;
    return nullptr;
  }

  // What the rule makes of the number; nullopt where it isn't for it.
  std::optional<std::string> taken_by(const OutboundRule& rule) {
    if (!rule.enabled) return skipped(StepKind::rule_off, rule);
    if (!rule.sites.empty() && !contains(rule.sites, call_.site))
      return skipped(StepKind::rule_other_site, rule, call_.site.value());
    const Trunk* first = first_trunk(rule);
    if (!first) return skipped(StepKind::rule_no_trunk, rule);
    const numbers::Origin origin = numbers::origin_of(*first);
    std::string compared{call_.dialled};
    if (rule.pattern.starts_with('+')) compared = dialled_whole(call_.dialled, origin);
    if (!matches(rule.pattern, compared)) return skipped(StepKind::rule_other_number, rule, rule.pattern);
    std::string text = rewritten(rule, compared);
    if (!rule.classes.empty()) {
      const NumberClass kind = numbers::read(text, origin).kind;
      if (!contains(rule.classes, kind)) return skipped(StepKind::rule_other_class, rule, std::string(word_of(kind)));
    }
    note(StepKind::rule_fits, rule.name, rule.pattern);
    if (rule.strip > 0 || !rule.prepend.empty()) note(StepKind::rewritten, text);
    return text;
  }
  std::optional<std::string> skipped(StepKind kind, const OutboundRule& rule, std::string detail = {}) {
    note(kind, rule.name, std::move(detail));
    return std::nullopt;
  }

  std::optional<std::variant<ToOutside, ToEmergency, Refused>> help_by(const OutboundRule& rule,
                                                                       const std::string& text) {
    for (const std::string& name : rule.trunks) {
      const Trunk* usable = trunk(name);
      if (!usable) continue;
      const numbers::Origin origin = numbers::origin_of(*usable);
      const numbers::Number number = numbers::read(text, origin);
      const std::string called = numbers::written(number, usable->called, origin);
      for (const std::string& written : {called, number.e164})
        if (auto help = asked_for_help(*usable, written, call_.codes, call_.location, steps_))
          return std::visit([](auto what) -> std::variant<ToOutside, ToEmergency, Refused> { return what; },
                            std::move(*help));
    }
    return std::nullopt;
  }

  std::variant<ToOutside, ToEmergency, Refused> decided_by(const OutboundRule& rule, const std::string& text) {
    ToOutside to{numbers::read(text, numbers::origin_of(*first_trunk(rule))), {}, call_.hide, rule.name};
    const numbers::Number& number = to.number;
    note(StepKind::read_as, number.e164.empty() ? number.dialled : number.e164, described(number));
    if (auto help = help_by(rule, text)) return std::move(*help);
    if (!numbers::may_call(call_.person.may_call, number)) {
      note(StepKind::class_refused, std::string(word_of(number.kind)));
      return refused_class(number.kind);
    }
    const std::size_t count = rule.trunks.size();
    for (std::size_t i = 0; i < count; ++i)
      attempt(to, rule.trunks[(i + (rule.order == TrunkOrder::share ? turn_ : 0u)) % count], text);
    if (to.attempts.empty()) return Refused{403, "No trunk may call this country", ivr::Prompt::no_such_number};
    return to;
  }

  void attempt(ToOutside& to, const std::string& name, const std::string& text) {
    const Trunk* usable = trunk(name);
    if (!usable) return note(StepKind::trunk_off, name);
    const numbers::Origin origin = numbers::origin_of(*usable);
    const numbers::Number number = numbers::read(text, origin);
    if (number.abroad && !usable->countries.empty() && !contains(usable->countries, std::string(number.country)))
      return note(StepKind::trunk_country, name, number.country.empty() ? "this number" : std::string(number.country));
    to.attempts.push_back({name, numbers::written(number, usable->called, origin)});
    note(StepKind::trunk_called, name, to.attempts.back().called);
  }

  const OutsideCall& call_;
  const Directory& directory_;
  unsigned turn_;
  Steps* steps_;
};

}  // namespace

std::optional<std::variant<ToEmergency, Refused>> asked_for_help(const Trunk& trunk, std::string_view written,
                                                                 const Codes& codes, const Location* location,
                                                                 Steps* steps) {
  const auto note = [&](StepKind kind, std::string subject, std::string detail = {}) {
    if (steps) steps->push_back({kind, std::move(subject), std::move(detail)});
  };
  for (const auto& form : numbers::ShortForms{written, trunk.country}) {
    Help help = help_of(form, codes, location);
    const bool at_trunk = numbers::is_emergency(form.digits, trunk.country);
    if (help == Help::none && !at_trunk) continue;
    if (!location && at_trunk) help = Help::emergency;
    std::string digits{form.digits};
    note(StepKind::trunk_called, trunk.name, std::string{written});
    if (help == Help::none) {
      note(StepKind::emergency_abroad, std::move(digits), trunk.country);
      return Refused{403, "An emergency number, and not of here", ivr::Prompt::no_such_number};
    }
    note(help == Help::test ? StepKind::is_emergency_test : StepKind::is_emergency, digits);
    return ToEmergency{std::move(digits), help == Help::test};
  }
  return std::nullopt;
}

std::variant<ToOutside, ToEmergency, Refused> plan_outside(const OutsideCall& call, const Directory& directory,
                                                           unsigned turn, Steps* steps) {
  return Planning{call, directory, turn, steps}.run();
}

std::optional<BehindPrefix> emergency_behind_prefix(std::string_view dialled, const Codes& codes,
                                                    const Location* location, const Directory& directory) {
  for (const auto& [name, rule] : directory.all<OutboundRule>()) {
    const std::size_t prefix = rule.strip;
    if (prefix == 0 || dialled.size() <= prefix || rule.pattern.size() <= prefix ||
        !dialled.starts_with(std::string_view{rule.pattern}.substr(0, prefix)))
      continue;
    const std::string_view behind = dialled.substr(prefix);
    if (const Help help = help_of(behind, codes, location); help != Help::none)
      return BehindPrefix{std::string{behind}, name, help == Help::test};
  }
  return std::nullopt;
}

std::optional<BehindPrefix> emergency_written_behind_prefix(std::string_view dialled, const Codes& codes,
                                                            const Location* location, const Directory& directory) {
  for (const auto& [name, rule] : directory.all<OutboundRule>()) {
    const auto behind = rule.strip == 0 ? std::nullopt : behind_front(rule.pattern, rule.strip, dialled);
    if (!behind) continue;
    if (auto help = help_written(*behind, codes, location))
      return BehindPrefix{std::move(help->number), name, help->test};
  }
  return std::nullopt;
}

}  // namespace roamdesk::routing

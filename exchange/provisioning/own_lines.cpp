#include "exchange/provisioning/own_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "common/base/text.hpp"
#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"
#include "exchange/provisioning/own_identity.hpp"
#include "exchange/provisioning/xml_pieces.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::LinesForm;

constexpr std::size_t longest_own_line = 1000;

OwnFault fault_at(std::size_t line, std::string_view what) { return {line, fmt::format("line {}: {}", line, what)}; }

std::size_t line_at(std::string_view text, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// What no file may have, whatever its grammar.
std::optional<OwnFault> unprintable(std::string_view text) {
  if (text.size() > longest_own_text)
    return OwnFault{0, fmt::format("has {} bytes; {} at most are expected", text.size(), longest_own_text)};
  std::size_t line = 1, begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = first_code_point(text.substr(at));
    if (point.length == 0) return fault_at(line, "it isn't UTF-8");
    const bool end = point.value == '\n' || (point.value == '\r' && text.substr(at).starts_with("\r\n"));
    const bool control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0) || point.value == 0x2028 ||
                         point.value == 0x2029 || point.value == 0xFFFE || point.value == 0xFFFF;
    if (control && !end && point.value != '\t') return fault_at(line, "there is a control character");
    at += point.length;
    if (at - begin > longest_own_line)
      return fault_at(line, fmt::format("it is longer than {} bytes", longest_own_line));
    if (point.value == '\n') ++line, begin = at;
    if (line > most_own_lines) return OwnFault{0, fmt::format("has more than {} lines", most_own_lines)};
  }
  return std::nullopt;
}

// What names a parameter: a phone may read a name with anything else in it, a blank above all, as the one without.
bool is_parameter_name(std::string_view name) {
  static constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= 128 && name.find_first_not_of(allowed) == std::string_view::npos;
}

// `name = value`; # begins a comment.
std::variant<OwnLines, OwnFault> read_key_values(std::string_view text) {
  OwnLines lines;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, end), " \t\r");
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return fault_at(number, "\"name = value\" is expected");
    const auto name = trim(line.substr(0, equals));
    if (!is_parameter_name(name))
      return fault_at(number, "before the \"=\" a name is expected: letters, digits, \".\", \"-\" and \"_\"");
    lines.push_back({std::string{name}, std::string{trim(line.substr(equals + 1))}, {}, {}, number});
  }
  return lines;
}

std::variant<OwnLines, OwnFault> from_elements(const std::vector<XmlElement>& elements, bool tree) {
  OwnLines lines;
  for (const auto& e : elements) {
    if (!tree && !e.children.empty())
      return fault_at(e.children.front().line,
                      fmt::format("{} stands within {}; each by itself is expected", e.children.front().name, e.name));
    OwnLine made{e.name, e.text, {}, {}, e.line};
    for (const auto& a : e.attributes) made.attributes.emplace_back(a.name, a.value);
    auto within = from_elements(e.children, tree);
    if (auto* fault = std::get_if<OwnFault>(&within)) return std::move(*fault);
    made.within = std::move(std::get<OwnLines>(within));
    lines.push_back(std::move(made));
  }
  return lines;
}

// The elements' own names mean nothing.
std::variant<OwnLines, OwnFault> from_attributes(const std::vector<XmlElement>& elements, std::string_view text) {
  OwnLines lines;
  for (const auto& e : elements) {
    if (!e.text.empty()) return fault_at(e.line, "there is text; name=\"value\" within the element is expected");
    for (const auto& a : e.attributes) lines.push_back({a.name, a.value, {}, {}, line_at(text, a.begin)});
    auto within = from_attributes(e.children, text);
    if (auto* fault = std::get_if<OwnFault>(&within)) return std::move(*fault);
    auto& more = std::get<OwnLines>(within);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  return lines;
}

std::optional<OwnFault> objection_to(const phones::OwnForm& form, const OwnLines& lines, const std::string& path) {
  std::set<std::string> there;
  for (const auto& line : lines) {
    const std::string name = name_of(form, line);
    if (name.empty())
      return fault_at(line.line, fmt::format("{} has no {}=\"…\", which is expected", line.name, *form.named_by));
    // A phone that doesn't mind would take what its name says.
    if (!form.named_by->empty() && line.name != "item" && equal_ignoring_case(line.name, "item"))
      return fault_at(line.line, "item is written in small letters");
    if (!is_parameter_name(name))
      return fault_at(line.line, "the name is expected to be of letters, digits, \".\", \"-\" and \"_\"");
    const std::string whole = path + name;
    if (const auto* held = phones::held_by(*form.held, whole))
      return fault_at(line.line, fmt::format("{} can't be set here: Roamdesk holds {}", whole, to_words(held->why)));
    if (line.value.size() > longest_own_value)
      return fault_at(line.line, fmt::format("the value of {} is longer than {} bytes", whole, longest_own_value));
    for (const auto& [attribute, value] : line.attributes)
      if (value.size() > longest_own_value) return fault_at(line.line, fmt::format("{} is too long", attribute));
    if (!there.insert(lowered(identity_of(form, line))).second)
      return fault_at(line.line, fmt::format("{} is there twice", told_name(form, line, path)));
    if (auto fault = objection_to(form, line.within, whole + "/")) return fault;
  }
  return std::nullopt;
}

}  // namespace

std::variant<OwnLines, OwnFault> read_own_lines(phones::Vendor vendor, std::string_view text) {
  if (auto fault = unprintable(text)) return std::move(*fault);
  const auto& form = phones::grammar_of(vendor).own;
  std::variant<OwnLines, OwnFault> read;
  if (*form.form == LinesForm::key_values) {
    read = read_key_values(text);
  } else {
    const auto xml = read_xml(text, false);
    if (const auto* fault = std::get_if<XmlFault>(&xml)) return fault_at(fault->line, fault->what);
    const auto& elements = std::get<std::vector<XmlElement>>(xml);
    read = *form.form == LinesForm::attributes ? from_attributes(elements, text)
                                               : from_elements(elements, *form.form == LinesForm::tree);
  }
  const auto* lines = std::get_if<OwnLines>(&read);
  if (lines == nullptr) return read;
  if (auto fault = objection_to(form, *lines, "")) return std::move(*fault);
  // Of models that spell their files differently, one at least has to know it.
  if (const auto fits = *form.fits)
    for (const auto& line : *lines)
      if (const auto all = *phones::grammar_of(vendor).dialects;
          std::none_of(all.begin(), all.end(), [&](const auto& way) { return fits(line.name, way.word); }))
        return fault_at(line.line, fmt::format("no model has {} there", line.name));
  return read;
}

const OwnLine* unfit_for(const phones::Model& model, const OwnLines& lines) {
  const auto fits = *phones::grammar_of(model.vendor).own.fits;
  if (fits == nullptr) return nullptr;
  for (const auto& line : lines)
    if (!fits(line.name, model.dialect)) return &line;
  return nullptr;
}

OwnLines fit_for(const phones::Model& model, const OwnLines& lines) {
  OwnLines fit;
  const auto fits = *phones::grammar_of(model.vendor).own.fits;
  for (const auto& line : lines)
    if (fits == nullptr || fits(line.name, model.dialect)) fit.push_back(line);
  return fit;
}

namespace {

bool is_secret(std::string_view name) {
  static constexpr std::string_view words[] = {"password", "passwd", "pswd", "pwd", "secret", "_pass", ".pass", "psk"};
  const std::string lower = lowered(name);
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

void tell_lines(const phones::OwnForm& form, const OwnLines& lines, const std::string& path,
                std::vector<std::pair<std::string, std::string>>& into) {
  for (const auto& line : lines) {
    const std::string name = told_name(form, line, path);
    if (line.within.empty())
      into.emplace_back(name, is_secret(name) && !line.value.empty() ? "***" : line.value);
    else
      tell_lines(form, line.within, name + "/", into);
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> told(phones::Vendor vendor, const OwnLines& lines) {
  std::vector<std::pair<std::string, std::string>> all;
  tell_lines(phones::grammar_of(vendor).own, lines, "", all);
  return all;
}

OwnLines without_secrets(phones::Vendor vendor, OwnLines lines) {
  const auto& form = phones::grammar_of(vendor).own;
  for (auto& line : lines) {
    if (line.within.empty() && !line.value.empty() && is_secret(name_of(form, line))) line.value = "***";
    line.within = without_secrets(vendor, std::move(line.within));
  }
  return lines;
}

}  // namespace roamdesk::provisioning

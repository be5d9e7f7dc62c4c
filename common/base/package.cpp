#include "common/base/package.hpp"

#include <algorithm>

namespace roamdesk {
namespace {

constexpr std::size_t longest_version = 50, longest_architecture = 12, longest_software = 64;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

// Of what is no digit: a tilde before the end, the end before letters, these before all else.
int rank(char c) {
  if (c == '~') return -1;
  if (is_letter(c)) return static_cast<unsigned char>(c);
  return static_cast<unsigned char>(c) + 256;
}

std::string_view take_while(std::string_view& text, bool digits) {
  const auto end = std::find_if(text.begin(), text.end(), [digits](char c) { return is_digit(c) != digits; });
  const auto part = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(part.size());
  return part;
}

std::strong_ordering compare_words(std::string_view a, std::string_view b) {
  for (std::size_t at = 0; at < std::max(a.size(), b.size()); ++at) {
    const int left = at < a.size() ? rank(a[at]) : 0, right = at < b.size() ? rank(b[at]) : 0;
    if (left != right) return left <=> right;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  for (std::string_view* number : {&a, &b})
    number->remove_prefix(std::min(number->find_first_not_of('0'), number->size()));
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

std::strong_ordering compare_parts(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    if (const auto words = compare_words(take_while(a, false), take_while(b, false)); words != 0) return words;
    if (const auto numbers = compare_numbers(take_while(a, true), take_while(b, true)); numbers != 0) return numbers;
  }
  return std::strong_ordering::equal;
}

// Upstream's part, and Debian's behind the last hyphen.
std::pair<std::string_view, std::string_view> parts_of(std::string_view version) {
  const auto hyphen = version.rfind('-');
  if (hyphen == std::string_view::npos) return {version, {}};
  return {version.substr(0, hyphen), version.substr(hyphen + 1)};
}

}  // namespace

bool is_package_version(std::string_view text) {
  const auto good = [](char c) {
    return is_digit(c) || is_letter(c) || std::string_view{".+~-"}.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= longest_version && is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), good);
}

bool is_architecture(std::string_view text) {
  const auto good = [](char c) { return is_digit(c) || is_lower(c) || c == '-'; };
  return !text.empty() && text.size() <= longest_architecture && is_lower(text.front()) &&
         std::all_of(text.begin(), text.end(), good);
}

std::optional<Package> parse_package(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto version = text.substr(0, blank), architecture = text.substr(blank + 1);
  if (!is_package_version(version) || !is_architecture(architecture)) return std::nullopt;
  return Package{std::string{version}, std::string{architecture}};
}

std::string to_string(const Package& package) { return package.version + ' ' + package.architecture; }

std::strong_ordering compare_versions(std::string_view a, std::string_view b) {
  const auto [upstream_a, debian_a] = parts_of(a);
  const auto [upstream_b, debian_b] = parts_of(b);
  if (const auto upstream = compare_parts(upstream_a, upstream_b); upstream != 0) return upstream;
  return compare_parts(debian_a, debian_b);
}

std::string_view debian_of(std::string_view version) {
  constexpr std::string_view mark = "~deb";
  const auto at = version.rfind(mark);
  if (at == std::string_view::npos) return {};
  version.remove_prefix(at + mark.size());
  const auto number = take_while(version, true);
  return version.empty() || version.front() == '+' ? number : std::string_view{};
}

std::string software_text(std::string_view name, const std::optional<Package>& package) {
  std::string text{name};
  if (!package) return text;
  const std::string whole = text + " (" + to_string(*package) + ')';
  return whole.size() <= longest_software ? whole : text;
}

std::optional<Package> package_in(std::string_view software) {
  const auto open = software.find(" (");
  if (open == std::string_view::npos || !software.ends_with(')')) return std::nullopt;
  software.remove_prefix(open + 2);
  software.remove_suffix(1);
  return parse_package(software);
}

namespace {
std::string_view before_brackets(std::string_view software) {
  return package_in(software) ? software.substr(0, software.find(" (")) : software;
}
}  // namespace

bool is_run_from_core(std::string_view software) { return before_brackets(software).ends_with(run_mark); }

std::string_view name_in(std::string_view software) {
  auto text = before_brackets(software);
  if (text.ends_with(run_mark)) text.remove_suffix(run_mark.size());
  return text;
}

}  // namespace roamdesk

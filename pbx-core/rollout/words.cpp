#include "pbx-core/rollout/words.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "common/base/text.hpp"

namespace roamdesk::rollout {
namespace {

constexpr std::size_t longest = 200;
constexpr std::string_view package_name = "roamdesk-sbc";

// The next line, without its end.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::optional<std::string_view> value_of_field(std::string_view line, std::string_view field) {
  if (!line.starts_with(field)) return std::nullopt;
  return trim(line.substr(field.size()), " \t\r");
}

}  // namespace

std::string clean(std::string_view text) {
  std::string made;
  for (const char c : text.substr(0, longest)) made += c >= ' ' && c <= '~' ? c : '?';
  return made;
}

std::optional<std::string> version_for(const Package& has, const std::vector<std::string>& served) {
  for (const std::string& one : served) {
    const auto package = parse_package(one);
    if (package && package->architecture == has.architecture && debian_of(package->version) == debian_of(has.version))
      return package->version;
  }
  return std::nullopt;
}

Prospect prospect(const std::optional<Package>& has, std::string_view software,
                  const std::vector<std::string>& served) {
  if (!has)
    return {.why = fmt::format("{} there can't be updated from here: paste the console's line there once, which "
                               "installs it by the core's package",
                               clean(software))};
  const auto version = version_for(*has, served);
  if (!version)
    return {.why = fmt::format("the core serves no package for Debian {} on {}", debian_of(has->version),
                               has->architecture)};
  const auto order = compare_versions(has->version, *version);
  if (order == 0) return {.has_it = true};
  if (order > 0) return {.why = "it has a newer version than the core serves"};
  return {.to = *version};
}

std::vector<std::string> newest_in(std::string_view packages) {
  std::map<std::pair<std::string, std::string>, std::string> newest;
  std::string name;
  Package package;
  const auto take = [&] {
    if (name == package_name && is_package_version(package.version) && is_architecture(package.architecture)) {
      auto& known = newest[{std::string{debian_of(package.version)}, package.architecture}];
      if (known.empty() || compare_versions(package.version, known) > 0) known = package.version;
    }
    name.clear();
    package = {};
  };
  while (!packages.empty()) {
    const auto line = take_line(packages);
    if (line.empty()) take();
    if (const auto value = value_of_field(line, "Package:")) name = *value;
    if (const auto value = value_of_field(line, "Version:")) package.version = *value;
    if (const auto value = value_of_field(line, "Architecture:")) package.architecture = *value;
  }
  take();
  std::vector<std::string> all;
  all.reserve(newest.size());
  for (const auto& [key, version] : newest) all.push_back(fmt::format("{} {}", version, key.second));
  return all;
}

}  // namespace roamdesk::rollout

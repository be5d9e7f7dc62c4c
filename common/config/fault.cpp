#include "common/config/fault.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roamdesk::config {

std::vector<std::string> lines_of(const Faults& faults, std::string_view file) {
  Faults sorted = faults;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Fault& a, const Fault& b) { return a.position < b.position; });
  std::vector<std::string> lines;
  for (const Fault& fault : sorted)
    lines.push_back(
        fmt::format("{}:{}:{}: {}; {}", file, fault.position.line, fault.position.column, fault.what, fault.expected));
  return lines;
}

ConfigError::ConfigError(std::vector<std::string> lines)
    : std::runtime_error(lines.empty() ? "bad configuration" : lines.front()), lines_(std::move(lines)) {}

}  // namespace roamdesk::config

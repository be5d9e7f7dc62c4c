#include "pbx-core/platform/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>

namespace roamdesk {
namespace {

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

std::string first_line(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::string line;
  std::getline(in, line);
  return line;
}

std::size_t of_affinity() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(CPU_COUNT(&set), 1));
}

}  // namespace

std::optional<std::size_t> cores_of_quota(std::string_view cpu_max) {
  const auto space = cpu_max.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto quota = number(cpu_max.substr(0, space)), period = number(cpu_max.substr(space + 1));
  if (!quota || !period || *quota == 0 || *period == 0) return std::nullopt;
  return (*quota + *period - 1) / *period;
}

std::size_t cores_allowed() {
  auto most = of_affinity();
  // "0::/system.slice/pbx-core.service"; a limit above it holds too.
  constexpr std::string_view unified = "0::/";
  const auto line = first_line("/proc/self/cgroup");
  if (!line.starts_with(unified)) return most;
  const std::filesystem::path root = "/sys/fs/cgroup";
  for (auto at = std::filesystem::path{line.substr(unified.size())};; at = at.parent_path()) {
    if (const auto limit = cores_of_quota(first_line(root / at / "cpu.max"))) most = std::min(most, *limit);
    if (at.empty() || !at.has_relative_path()) break;
  }
  return std::max<std::size_t>(most, 1);
}

}  // namespace roamdesk

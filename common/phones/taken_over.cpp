#include "common/phones/taken_over.hpp"

#include <algorithm>
#include <array>

#include "common/base/text.hpp"
#include "common/phones/user_agent.hpp"
#include "common/phones/vendor_facts.hpp"

namespace roamdesk::phones {
namespace {

constexpr std::size_t longest_old_path = 512, longest_file_name = 128;

bool is_path_of_ours(std::string_view path) {
  static constexpr std::array<std::string_view, 3> folders{"/provision", "/api", "/packages"};
  return std::any_of(folders.begin(), folders.end(), [&](std::string_view folder) {
    return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
  });
}

// The only MAC in a name: "cfg000b82112233.xml", "SEP00562B112233.cnf.xml", "00-15-65-11-22-33.cfg".
std::optional<Mac> mac_within(std::string_view name) {
  std::string digits;
  std::optional<Mac> found;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const std::size_t begin = name.starts_with("cfg") || name.starts_with("sep") ? 3 : 0;
  for (std::size_t at = begin; at <= name.size(); ++at) {
    const char c = at < name.size() ? name[at] : '.';
    if (is_hex(c)) {
      digits += c;
    } else if (c != '-' || digits.size() % 2 != 0 || digits.size() >= 12) {
      if (digits.size() == 12) {
        if (found) return std::nullopt;
        found = Mac::parse(digits);
      }
      digits.clear();
    }
  }
  return found;
}

}  // namespace

std::optional<std::string> path_taken_over(std::string_view target, std::string_view user_agent) {
  const auto path = target.substr(0, target.find_first_of("?#"));
  if (path.size() > longest_old_path || !path.starts_with('/') || is_path_of_ours(path)) return std::nullopt;
  const std::string name = lowered(path.substr(path.rfind('/') + 1));
  static constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  if (name.empty() || name.size() > longest_file_name || name.find_first_not_of(plain) != std::string::npos)
    return std::nullopt;
  const auto agent = parse_user_agent(user_agent);
  if (!agent || !is_supported(agent->vendor)) return std::nullopt;
  const auto& grammar = grammar_of(agent->vendor);
  const std::string below = "/provision/";
  switch ((*grammar.resolve)(name).kind) {
    case FileKind::device_config:
    case FileKind::first_contact:
    case FileKind::index:
      return below + name;
    case FileKind::other: {
      // A name of that system's own.
      const auto mac = mac_within(name);
      if (!mac) return std::nullopt;
      return below + (*grammar.own_file)(agent->model, *mac);
    }
    default:
      return std::nullopt;
  }
}

}  // namespace roamdesk::phones

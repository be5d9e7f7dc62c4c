#include "common/phones/pnp_origin.hpp"

#include <algorithm>

#include "common/sip/text.hpp"

namespace roamdesk::phones {
namespace {

constexpr std::string_view field = "X-Asked-By-Unicast";

bool has_ignoring_case(std::string_view text, std::string_view wanted) {
  return std::search(text.begin(), text.end(), wanted.begin(), wanted.end(), [](char a, char b) {
           return sip::equal_ignoring_case({&a, 1}, {&b, 1});
         }) != text.end();
}

}  // namespace

std::optional<std::string> mark_unicast(std::string_view message) {
  if (!message.starts_with("SUBSCRIBE ") || !has_ignoring_case(message, "ua-profile")) return std::nullopt;
  const auto line_end = message.find('\n');
  if (line_end == std::string_view::npos) return std::nullopt;
  std::string marked{message.substr(0, line_end + 1)};
  marked.append(field).append(": 1\r\n").append(message.substr(line_end + 1));
  return marked;
}

bool came_by_unicast(const sip::Message& subscribe) { return subscribe.header(field).has_value(); }

}  // namespace roamdesk::phones

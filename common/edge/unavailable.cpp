#include "common/edge/unavailable.hpp"

#include <array>
#include <cctype>
#include <vector>

#include "common/edge/request_line.hpp"

namespace roamdesk::edge {
namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

struct Line {
  std::string name;       // lower case, long form
  std::string_view text;  // the whole header with what is folded, without the last line end
};

std::string long_form(std::string name) {
  if (name == "v") return "via";
  if (name == "f") return "from";
  if (name == "t") return "to";
  if (name == "i") return "call-id";
  return name;
}

// Header lines up to the blank one. A folded line belongs to the one before it (§7.3.1).
std::vector<Line> header_lines(std::string_view message) {
  std::vector<Line> lines;
  auto at = message.find('\n');
  while (at != message.npos && ++at < message.size()) {
    auto end = message.find('\n', at);
    while (end != message.npos && end + 1 < message.size() && (message[end + 1] == ' ' || message[end + 1] == '\t'))
      end = message.find('\n', end + 1);
    std::string_view text = message.substr(at, end == message.npos ? message.npos : end - at);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) break;
    std::string_view name = text.substr(0, text.find(':'));
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    lines.push_back({long_form(lower(name)), text});
    at = end;
  }
  return lines;
}

}  // namespace

std::optional<std::string> unavailable(std::string_view request, unsigned retry_after_seconds,
                                       std::string_view to_tag) {
  const auto method = method_of(request);
  if (method.empty() || method == "ACK") return std::nullopt;
  request.remove_prefix(request.find_first_not_of("\r\n"));
  std::string out = "SIP/2.0 503 Service Unavailable\r\n";
  std::array<int, 5> seen{};
  constexpr std::array<std::string_view, 5> wanted{"via", "from", "to", "call-id", "cseq"};
  for (const Line& line : header_lines(request))
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (line.name != wanted[i]) continue;
      ++seen[i];
      out += line.text;
      if (i == 2 && lower(line.text).find(";tag=") == std::string::npos) {
        out += ";tag=";
        out += to_tag;
      }
      out += "\r\n";
    }
  if (seen[0] == 0) return std::nullopt;
  for (std::size_t i = 1; i < seen.size(); ++i)
    if (seen[i] != 1) return std::nullopt;
  out += "Retry-After: " + std::to_string(retry_after_seconds) + "\r\nContent-Length: 0\r\n\r\n";
  return out;
}

}  // namespace roamdesk::edge

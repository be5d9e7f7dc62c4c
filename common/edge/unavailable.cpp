#include "common/edge/unavailable.hpp"

#include <array>
#include <vector>

#include "common/base/text.hpp"
#include "common/edge/request_line.hpp"

namespace roamdesk::edge {
namespace {

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
    lines.push_back({long_form(lowered(name)), text});
    at = end;
  }
  return lines;
}

// What stands behind a header's name.
std::string_view value_of(const Line& line) {
  std::string_view value = line.text.substr(line.text.find(':') + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  return value;
}

}  // namespace

std::optional<std::string> cancel_of(std::string_view invite) {
  if (method_of(invite) != "INVITE") return std::nullopt;
  invite.remove_prefix(invite.find_first_not_of("\r\n"));
  std::string via, rest;
  std::array<int, 4> seen{};
  constexpr std::array<std::string_view, 4> wanted{"from", "to", "call-id", "cseq"};
  for (const Line& line : header_lines(invite)) {
    if (line.name == "via" && via.empty()) {
      // Two hops may stand in one line; the first is the phone's.
      via = std::string{line.text.substr(0, line.text.find(','))} + "\r\n";
      continue;
    }
    if (line.name == "route") rest += std::string{line.text} + "\r\n";
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (line.name != wanted[i]) continue;
      ++seen[i];
      if (i == 3) {
        const auto value = value_of(line);
        rest += "CSeq: " + std::string{value.substr(0, value.find_first_not_of("0123456789"))} + " CANCEL\r\n";
      } else {
        rest += std::string{line.text} + "\r\n";
      }
    }
  }
  if (via.empty() || request_uri_of(invite).empty()) return std::nullopt;
  for (const int count : seen)
    if (count != 1) return std::nullopt;
  return "CANCEL " + std::string{request_uri_of(invite)} + " SIP/2.0\r\n" + via + rest +
         "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
}

std::string_view branch_of(std::string_view message) {
  // Only the head is looked through, up to the first Via.
  for (auto at = message.find('\n'); at != message.npos && at + 1 < message.size(); at = message.find('\n', at + 1)) {
    std::string_view line = message.substr(at + 1, message.find('\n', at + 1) - at - 1);
    if (line.empty() || line == "\r") return {};
    const auto colon = line.find(':');
    if (colon == line.npos || long_form(lowered(line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1))) != "via")
      continue;
    line = line.substr(0, line.find(','));
    const auto found = lowered(line).find(";branch=");
    if (found == std::string::npos) return {};
    line.remove_prefix(found + 8);
    return line.substr(0, line.find_first_of("; \t\r"));
  }
  return {};
}

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
      if (i == 2 && lowered(line.text).find(";tag=") == std::string::npos) {
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

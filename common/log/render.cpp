#include <iterator>

#include "common/log/log.hpp"

namespace roamdesk::log {
namespace {

constexpr std::size_t longest_value = 2048;  // a hostile header can't fill the disk with one line

std::string_view level_name(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "?";
}

// Control characters and what isn't ASCII come out escaped in both formats: a line stays one line, whatever a phone
// sent.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text.substr(0, longest_value)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
}

bool needs_quotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text)
    if (c <= ' ' || c == '"' || c == '\\' || c == '=' || c == 0x7f || (c & 0x80)) return true;
  return false;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

}  // namespace

std::string render(Format format, std::string_view when, Level level, std::string_view name,
                   std::span<const Field> fields) {
  std::string out;
  if (format == Format::text) {
    fmt::format_to(std::back_inserter(out), "{} {} {}", when, level_name(level), name);
    for (const Field& field : fields) {
      fmt::format_to(std::back_inserter(out), " {}=", field.key);
      if (needs_quotes(field.value.text()))
        append_quoted(out, field.value.text());
      else
        out += std::string_view{field.value.text()}.substr(0, longest_value);
    }
    return out;
  }
  fmt::format_to(std::back_inserter(out), R"({{"time":"{}","level":"{}","event":"{}")", when, level_name(level), name);
  for (const Field& field : fields) {
    fmt::format_to(std::back_inserter(out), ",\"{}\":", field.key);
    // inf and nan are no JSON numbers.
    if (field.value.bare() && field.value.text().find('n') == std::string::npos)
      out += field.value.text();
    else
      append_quoted(out, field.value.text());
  }
  out += '}';
  return out;
}

}  // namespace roamdesk::log

#include "common/sip/multipart.hpp"

#include <algorithm>
#include <string>

#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

constexpr int most_depth = 4, most_parts = 32;

// Up to the next `at` that isn't quoted; takes it off `text`, with the separator.
std::string_view take_until(std::string_view& text, char at) {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size() && (quoted || text[i] != at); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
  }
  const auto piece = text.substr(0, i);
  text.remove_prefix(std::min(i + 1, text.size()));
  return trim(piece);
}

// `name=value` behind the first `;`. A quoted value comes without its quotes and escapes.
std::optional<std::string> parameter(std::string_view value, std::string_view name) {
  take_until(value, ';');
  while (!value.empty()) {
    const auto piece = take_until(value, ';');
    const auto equals = piece.find('=');
    if (equals == piece.npos || !equal_ignoring_case(trim(piece.substr(0, equals)), name)) continue;
    auto text = trim(piece.substr(equals + 1));
    if (!text.starts_with('"')) return std::string{text};
    text.remove_prefix(1);
    std::string plain;
    for (std::size_t i = 0; i < text.size() && text[i] != '"'; ++i) {
      if (text[i] == '\\' && i + 1 < text.size()) ++i;
      plain += text[i];
    }
    return plain;
  }
  return std::nullopt;
}

// The first line of `text`, without its end; takes it off.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// What a part says of itself (RFC 2045 §5 to §6, RFC 2183), and what follows.
struct Part {
  std::string content_type, disposition, encoding;
  std::string_view body;
};

Part read_part(std::string_view text) {
  Part part;
  std::string* open = nullptr;  // a value that may go on in the next line
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      if (open) (*open += ' ') += trim(line);
      continue;
    }
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    const auto name = trim(line.substr(0, colon));
    open = nullptr;
    if (equal_ignoring_case(name, "Content-Type") || equal_ignoring_case(name, "c")) open = &part.content_type;
    if (equal_ignoring_case(name, "Content-Disposition")) open = &part.disposition;
    if (equal_ignoring_case(name, "Content-Transfer-Encoding")) open = &part.encoding;
    if (open) *open = trim(line.substr(colon + 1));
  }
  part.body = text;
  return part;
}

// Nothing has been done to it that would have to be undone (RFC 2045 §6.2).
bool is_plain(std::string_view encoding) {
  const auto kind = trim(encoding);
  return kind.empty() || equal_ignoring_case(kind, "binary") || equal_ignoring_case(kind, "8bit") ||
         equal_ignoring_case(kind, "7bit");
}

bool is_session(std::string_view disposition) {
  const auto kind = take_until(disposition, ';');
  return kind.empty() || equal_ignoring_case(kind, "session");
}

// The parts of one multipart body, one after the other.
class Parts {
 public:
  Parts(std::string_view body, const std::string& boundary) : rest_(body), delimiter_("--" + boundary) {
    next();  // the preamble
  }
  // What stands between two delimiters; the last part may lack the closing one. nullopt: no more parts.
  std::optional<std::string_view> next() {
    if (over_) return std::nullopt;
    const auto begin = rest_;
    while (true) {
      const auto line_at = rest_;
      if (rest_.empty()) {
        over_ = true;
        return begin;
      }
      const auto line = take_line(rest_);
      if (!line.starts_with(delimiter_)) continue;
      const auto behind = trim(line.substr(delimiter_.size()));
      if (!behind.empty() && behind != "--") continue;  // a longer boundary: of a multipart inside
      over_ = behind == "--";
      auto text = begin.substr(0, begin.size() - line_at.size());
      // The end of the line before a delimiter belongs to the delimiter.
      if (text.ends_with('\n')) text.remove_suffix(1);
      if (text.ends_with('\r')) text.remove_suffix(1);
      return text;
    }
  }

 private:
  std::string_view rest_;
  std::string delimiter_;
  bool over_ = false;
};

class Search {
 public:
  explicit Search(std::string_view wanted) : wanted_(wanted) {}

  std::optional<std::string_view> in(std::string_view content_type, std::string_view body, int depth) {
    if (is_media_type(content_type, wanted_)) return body;
    auto type = content_type;
    const auto kind = take_until(type, ';');
    if (depth == most_depth || !equal_ignoring_case(kind.substr(0, 10), "multipart/")) return std::nullopt;
    const auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > 70) return std::nullopt;  // RFC 2046 §5.1.1
    std::optional<std::string_view> found;
    Parts parts{body, *boundary};
    while (parts_ < most_parts && (!found || is_media_type(content_type, "multipart/alternative"))) {
      const auto text = parts.next();
      if (!text) break;
      ++parts_;
      const auto part = read_part(*text);
      if (!is_session(part.disposition) || !is_plain(part.encoding)) continue;
      if (const auto inside = in(part.content_type, part.body, depth + 1)) found = inside;
    }
    return found;
  }

 private:
  std::string_view wanted_;
  int parts_ = 0;
};

}  // namespace

bool is_media_type(std::string_view content_type, std::string_view wanted) {
  auto kind = take_until(content_type, ';');
  // RFC 3261 §25.1: blanks may stand around the slash.
  const auto slash = wanted.find('/'), written = kind.find('/');
  if (slash == wanted.npos || written == kind.npos) return false;
  return equal_ignoring_case(trim(kind.substr(0, written)), wanted.substr(0, slash)) &&
         equal_ignoring_case(trim(kind.substr(written + 1)), wanted.substr(slash + 1));
}

std::optional<std::string_view> find_body(std::string_view content_type, std::string_view body,
                                          std::string_view wanted) {
  return Search{wanted}.in(content_type, body, 0);
}

bool is_optional(std::string_view content_disposition) {
  const auto handling = parameter(content_disposition, "handling");
  return handling && equal_ignoring_case(*handling, "optional");
}

void set_parts(Message& message, const std::vector<BodyPart>& parts, const std::string& boundary) {
  message.content_type = "multipart/mixed;boundary=" + boundary;
  message.body.clear();
  for (const auto& part : parts) {
    message.body += "--" + boundary + "\r\nContent-Type: " + part.content_type + "\r\n";
    for (const auto& header : part.headers) message.body += header.name + ": " + header.value + "\r\n";
    message.body += "\r\n" + part.body + "\r\n";
  }
  message.body += "--" + boundary + "--\r\n";
}

}  // namespace roamdesk::sip

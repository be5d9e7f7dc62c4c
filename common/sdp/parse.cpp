#include <charconv>

#include "common/sdp/session.hpp"
#include "common/sdp/words.hpp"

namespace roamdesk::sdp {
namespace {

// A phone with ICE writes a line for each address and transport of its own in every section.
constexpr std::size_t most_bytes = 32 * 1024, most_media = 32, most_lines = 512;
constexpr std::size_t most_formats = 128;  // as many as there are payload types

// RFC 4566 §9: token characters; what sofia-sip's parser loops over for ever is refused here.
bool is_token(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (u <= 0x20 || u >= 0x7f || std::string_view{"\"(),/:;<=>?@[\\]"}.find(c) != std::string_view::npos) return false;
  }
  return true;
}

// RFC 4566 §5. Whatever else a line begins with isn't for us, and not for the phone that is called.
bool is_known(std::string_view line) {
  return line.size() >= 2 && line[1] == '=' && std::string_view{"vosiuepcbtrzkam"}.find(line[0]) != line.npos;
}

// audio 49170 RTP/AVP 0 8 101. Without formats, as many write a line that is switched off, it has none.
std::optional<Media> parse_media(std::string_view text) {
  Media media;
  media.kind = take_word(text);
  auto port = take_word(text);
  port = port.substr(0, port.find('/'));
  media.protocol = take_word(text);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (!is_token(media.kind) || error != std::errc{} || end != port.data() + port.size() || number > 65535)
    return std::nullopt;
  media.port = static_cast<std::uint16_t>(number);
  for (const char c : media.protocol)
    if (c != '/' && !is_token({&c, 1})) return std::nullopt;
  for (auto format = take_word(text); !format.empty(); format = take_word(text)) {
    if (!is_token(format) || media.formats.size() >= most_formats) return std::nullopt;
    media.formats.emplace_back(format);
  }
  if (media.protocol.empty()) return std::nullopt;
  return media;
}

}  // namespace

Result<Session, SdpFault> parse(std::string_view text) {
  if (text.size() > most_bytes) return SdpFault::too_large;
  Session session;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;  // some phones end with an empty line
    for (const char c : line)
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return SdpFault::control_bytes;
    if (!is_known(line)) continue;
    const auto value = trim(line.substr(2));
    if (line[0] == 'm') {
      if (session.media.size() >= most_media) return SdpFault::too_large;
      auto media = parse_media(value);
      if (!media) return SdpFault::malformed;
      session.media.push_back(std::move(*media));
      continue;
    }
    auto& lines = session.media.empty() ? session.lines : session.media.back().lines;
    if (lines.size() >= most_lines) return SdpFault::too_large;
    lines.push_back({line[0], std::string{value}});
  }
  if (session.lines.empty() || session.lines.front() != Line{'v', "0"}) return SdpFault::malformed;
  return session;
}

std::string serialise(const Session& session) {
  std::string out;
  const auto add = [&out](const Line& line) {
    out += line.type;
    out += '=';
    out += line.value;
    out += "\r\n";
  };
  for (const auto& line : session.lines) add(line);
  for (const auto& media : session.media) {
    out += "m=" + media.kind + ' ' + std::to_string(media.port) + ' ' + media.protocol;
    for (const auto& format : media.formats) out += ' ' + format;
    out += "\r\n";
    for (const auto& line : media.lines) add(line);
  }
  return out;
}

}  // namespace roamdesk::sdp

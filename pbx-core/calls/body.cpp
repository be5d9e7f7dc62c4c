#include "pbx-core/calls/body.hpp"

#include <charconv>
#include <map>
#include <string_view>
#include <vector>

namespace roamdesk::calls::body {
namespace {

// RFC 4566: lines of `x=value`. The session's own come first, then each m= line with what belongs to it.
std::optional<std::vector<std::string_view>> lines_of(std::string_view sdp) {
  std::vector<std::string_view> lines;
  while (!sdp.empty()) {
    const auto end = sdp.find('\n');
    auto line = sdp.substr(0, end);
    sdp = end == sdp.npos ? std::string_view{} : sdp.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (line.size() < 2 || line[1] != '=' || lines.size() >= 500) return std::nullopt;
    lines.push_back(line);
  }
  if (lines.empty() || !lines.front().starts_with("v=")) return std::nullopt;
  return lines;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const auto first = text.find_first_not_of(' ');
    if (first == text.npos) return words;
    const auto end = text.find(' ', first);
    words.push_back(text.substr(first, end - first));
    if (end == text.npos) return words;
    text.remove_prefix(end);
  }
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The first audio line that isn't switched off.
struct Described {
  Audio audio;
  std::vector<std::uint8_t> payloads;
  std::map<std::uint8_t, std::string> names;  // "pcma/8000"
};

std::optional<Described> describe(const std::string& sdp) {
  const auto lines = lines_of(sdp);
  if (!lines) return std::nullopt;
  Described result;
  Ipv4 address{};
  bool in_media = false, in_audio = false, found = false;
  const auto direct = [&](std::string_view value) {
    if (value == "sendrecv") result.audio.sends = result.audio.receives = true;
    if (value == "sendonly") result.audio.sends = true, result.audio.receives = false;
    if (value == "recvonly") result.audio.sends = false, result.audio.receives = true;
    if (value == "inactive") result.audio.sends = result.audio.receives = false;
  };
  for (const auto line : *lines) {
    const auto value = line.substr(2);
    if (line[0] == 'm') {
      in_media = true;
      in_audio = false;
      const auto words = words_of(value);
      if (words.size() < 4) return std::nullopt;
      const auto port = number<std::uint16_t>(words[1].substr(0, words[1].find('/')));
      if (!port) return std::nullopt;
      if (words[0] != "audio" || *port == 0 || found || words[2].find("RTP/") == words[2].npos) continue;
      found = in_audio = true;
      result.audio.rtp.port = *port;
      for (std::size_t i = 3; i < words.size(); ++i) {
        const auto payload = number<std::uint8_t>(words[i]);
        if (!payload || *payload > 127) return std::nullopt;
        result.payloads.push_back(*payload);
      }
    } else if (line[0] == 'c' && (!in_media || in_audio)) {
      const auto words = words_of(value);
      const auto parsed =
          words.size() == 3 && words[1] == "IP4" ? parse_ipv4(words[2].substr(0, words[2].find('/'))) : std::nullopt;
      if (!parsed) return std::nullopt;
      address = *parsed;
    } else if (line[0] == 'a' && (!in_media || in_audio)) {
      direct(value);
      if (!value.starts_with("rtpmap:")) continue;
      const auto words = words_of(value.substr(7));
      const auto payload = words.size() == 2 ? number<std::uint8_t>(words[0]) : std::nullopt;
      if (payload) result.names[*payload] = lower(words[1]);
    }
  }
  if (!found) return std::nullopt;
  result.audio.rtp.address = address;
  // RFC 3264 §8.4: a hold of RFC 2543's time.
  if (address.is_unspecified()) result.audio.receives = false;
  // RFC 3551 §6: these need no rtpmap.
  result.names.try_emplace(0, "pcmu/8000");
  result.names.try_emplace(8, "pcma/8000");
  result.names.try_emplace(9, "g722/8000");
  bool codec = false;
  for (const auto payload : result.payloads) {
    const auto it = result.names.find(payload);
    const std::string_view name = it == result.names.end() ? std::string_view{} : std::string_view{it->second};
    if (name.starts_with("telephone-event/")) {
      if (!result.audio.event_payload && name == "telephone-event/8000") result.audio.event_payload = payload;
    } else if (!codec) {
      codec = true;
      result.audio.codec_payload = payload;
      result.audio.codec = name.starts_with("pcmu/8000")   ? media::Codec::pcmu
                           : name.starts_with("pcma/8000") ? media::Codec::pcma
                           : name.starts_with("g722/8000") ? media::Codec::g722
                                                           : media::Codec::other;
    }
  }
  if (!codec) return std::nullopt;
  return result;
}

std::string session_lines(const Origin& origin) {
  const auto address = to_string(origin.media.address);
  return "v=0\r\no=- " + std::to_string(origin.session) + " " + std::to_string(origin.version) + " IN IP4 " + address +
         "\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\n";
}

std::string audio_lines(std::uint16_t port, const std::vector<std::pair<std::uint8_t, std::string>>& codecs,
                        std::string_view direction) {
  std::string head = "m=audio " + std::to_string(port) + " RTP/AVP", maps;
  for (const auto& [payload, name] : codecs) {
    head += " " + std::to_string(payload);
    maps += "a=rtpmap:" + std::to_string(payload) + " " + name + "\r\n";
    if (name == "telephone-event/8000") maps += "a=fmtp:" + std::to_string(payload) + " 0-15\r\n";
  }
  return head + "\r\n" + maps + "a=ptime:20\r\na=" + std::string{direction} + "\r\n";
}

}  // namespace

std::optional<Audio> read(const std::string& sdp) {
  auto described = describe(sdp);
  return described ? std::optional{described->audio} : std::nullopt;
}

std::string reword(const std::string& sdp, const Origin& origin) {
  const auto lines = lines_of(sdp);
  if (!lines || !describe(sdp)) return {};
  const auto address = to_string(origin.media.address);
  std::string out;
  bool in_media = false, off = false, done = false, has_address = false;
  for (const auto line : *lines) {
    const auto value = line.substr(2);
    switch (line[0]) {
      case 'o':
        out += "o=- " + std::to_string(origin.session) + " " + std::to_string(origin.version) + " IN IP4 " + address;
        break;
      case 'c': {
        if (off) continue;
        has_address = true;
        // An old hold stays one.
        const auto words = words_of(value);
        out += "c=IN IP4 " + (words.size() == 3 && words[2] == "0.0.0.0" ? "0.0.0.0" : address);
        break;
      }
      case 'm': {
        // An address is needed ahead of the first medium, or in each.
        if (!in_media && !has_address) out += "c=IN IP4 " + address + "\r\n";
        in_media = true;
        const auto words = words_of(value);
        const auto port = number<std::uint16_t>(words[1].substr(0, words[1].find('/')));
        off = done || words[0] != "audio" || !port || *port == 0 || words[2].find("RTP/") == words[2].npos;
        if (!off) done = true;
        out += "m=" + std::string{words[0]} + " " + std::to_string(off ? 0 : origin.media.port);
        for (std::size_t i = 2; i < words.size(); ++i) out += " " + std::string{words[i]};
        break;
      }
      case 'a':
        // Transport of a medium that is ours now (RFC 3605, RFC 8445), or off.
        if (off || value.starts_with("rtcp:") || value.starts_with("candidate:") || value.starts_with("ice-") ||
            value.starts_with("rtcp-mux") || value.starts_with("remote-candidates:"))
          continue;
        out += line;
        break;
      case 'u':
      case 'e':
      case 'p':
        continue;  // who the other side is, is said in SIP
      default:
        if (off) continue;
        out += line;
    }
    out += "\r\n";
  }
  return out;
}

std::optional<std::string> answer_g711(const std::string& offer, const Origin& origin) {
  const auto described = describe(offer);
  const auto lines = lines_of(offer);
  if (!described) return std::nullopt;
  std::vector<std::pair<std::uint8_t, std::string>> codecs;
  for (const auto payload : described->payloads) {
    const auto it = described->names.find(payload);
    if (it == described->names.end()) continue;
    if (it->second.starts_with("pcma/8000")) codecs.emplace_back(payload, "PCMA/8000");
    if (it->second.starts_with("pcmu/8000")) codecs.emplace_back(payload, "PCMU/8000");
    if (!codecs.empty()) break;
  }
  if (codecs.empty()) return std::nullopt;
  if (described->audio.event_payload) codecs.emplace_back(*described->audio.event_payload, "telephone-event/8000");
  const auto& audio = described->audio;
  const char* direction = audio.sends && audio.receives ? "sendrecv"
                          : audio.sends                 ? "recvonly"
                          : audio.receives              ? "sendonly"
                                                        : "inactive";
  // RFC 3264 §6: as many media as the offer has, the others refused.
  std::string out = session_lines(origin);
  bool done = false;
  for (const auto line : *lines) {
    if (line[0] != 'm') continue;
    const auto words = words_of(line.substr(2));
    const auto port = number<std::uint16_t>(words[1].substr(0, words[1].find('/')));
    if (!done && words[0] == "audio" && port && *port != 0 && words[2].find("RTP/") != words[2].npos) {
      done = true;
      out += audio_lines(origin.media.port, codecs, direction);
      continue;
    }
    out += "m=" + std::string{words[0]} + " 0";
    for (std::size_t i = 2; i < words.size(); ++i) out += " " + std::string{words[i]};
    out += "\r\n";
  }
  return out;
}

std::string offer_g711(const Origin& origin) {
  return session_lines(origin) + audio_lines(origin.media.port,
                                             {{8, "PCMA/8000"}, {0, "PCMU/8000"}, {101, "telephone-event/8000"}},
                                             "sendrecv");
}

}  // namespace roamdesk::calls::body

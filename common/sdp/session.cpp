#include "common/sdp/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace roamdesk::sdp {
namespace {

std::optional<unsigned> number(std::string_view text, unsigned max) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > max) return std::nullopt;
  return value;
}

// "IN IP4 192.0.2.1", also with a TTL.
std::optional<Ipv4> address_in(const std::vector<Line>& lines) {
  for (const auto& line : lines)
    if (line.type == 'c' && line.value.starts_with("IN IP4 "))
      return parse_ipv4(std::string_view{line.value}.substr(7, line.value.find('/') - 7));
  return std::nullopt;
}

std::optional<Direction> direction_in(const std::vector<Line>& lines) {
  for (const auto& line : lines) {
    if (line.type != 'a') continue;
    if (line.value == "sendrecv") return Direction::sendrecv;
    if (line.value == "sendonly") return Direction::sendonly;
    if (line.value == "recvonly") return Direction::recvonly;
    if (line.value == "inactive") return Direction::inactive;
  }
  return std::nullopt;
}

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

// "rtpmap:101 telephone-event/8000"
std::optional<Codec> rtpmap_of(const Media& media, std::uint8_t payload) {
  for (const auto& line : media.lines) {
    std::string_view value = line.value;
    if (line.type != 'a' || !value.starts_with("rtpmap:")) continue;
    value.remove_prefix(7);
    const auto blank = value.find(' ');
    if (blank == std::string_view::npos || number(value.substr(0, blank), 127) != payload) continue;
    value.remove_prefix(blank + 1);
    const auto slash = value.find('/');
    if (slash == std::string_view::npos) continue;
    const auto rate = value.substr(slash + 1, value.find('/', slash + 1) - slash - 1);
    return Codec{payload, upper(value.substr(0, slash)), number(rate, 1'000'000).value_or(8000)};
  }
  return std::nullopt;
}

std::string origin_of(const Self& self) {
  return fmt::format("roamdesk {} {} IN IP4 {}", self.session, self.version, to_string(self.media.address));
}

std::string connection_of(const Self& self) { return "IN IP4 " + to_string(self.media.address); }

// What names addresses, ports or keys of a way that isn't taken through us.
bool is_of_the_way(const Line& line) {
  if (line.type == 'c') return true;
  if (line.type != 'a') return line.type == 'k';
  for (const auto* name : {"rtcp:", "candidate:", "ice-", "end-of-candidates",
                           "remote-candidates:", "crypto:", "fingerprint:", "setup:", "rtcp-mux", "group:BUNDLE",
                           "bundle-only", "crypto-", "tls-id:", "zrtp-hash:"})
    if (line.value.starts_with(name)) return true;
  return false;
}

// What can be relayed and understood: RTP without keys. SRTP is refused, not spoken in the clear.
bool is_plain(const Media& media) { return media.protocol == "RTP/AVP" || media.protocol == "RTP/AVPF"; }

const char* name(Direction direction) {
  switch (direction) {
    case Direction::sendrecv:
      return "sendrecv";
    case Direction::sendonly:
      return "sendonly";
    case Direction::recvonly:
      return "recvonly";
    case Direction::inactive:
      return "inactive";
  }
  return "sendrecv";
}

Direction mirrored(Direction offered) {
  if (offered == Direction::sendonly) return Direction::recvonly;
  if (offered == Direction::recvonly) return Direction::sendonly;
  return offered;
}

Session skeleton(const Self& self) {
  return {{{'v', "0"}, {'o', origin_of(self)}, {'s', "-"}, {'c', connection_of(self)}, {'t', "0 0"}}, {}};
}

Media g711(const Self& self, std::string protocol, const std::vector<Codec>& codecs, std::optional<std::uint8_t> event,
           Direction direction) {
  Media media{"audio", self.media.port, std::move(protocol), {}, {}};
  for (const auto& codec : codecs) {
    media.formats.push_back(std::to_string(codec.payload));
    media.lines.push_back({'a', fmt::format("rtpmap:{} {}/8000", codec.payload, codec.name)});
  }
  if (event) {
    media.formats.push_back(std::to_string(*event));
    media.lines.push_back({'a', fmt::format("rtpmap:{} telephone-event/8000", *event)});
    media.lines.push_back({'a', fmt::format("fmtp:{} 0-15", *event)});
  }
  media.lines.push_back({'a', "ptime:20"});
  media.lines.push_back({'a', name(direction)});
  return media;
}

}  // namespace

const Media* audio_of(const Session& session) {
  const Media* first = nullptr;
  for (const auto& media : session.media) {
    if (media.kind != "audio" || !is_plain(media)) continue;
    if (media.port != 0) return &media;
    if (!first) first = &media;
  }
  return first;
}

std::optional<Endpoint> endpoint_of(const Session& session, const Media& media) {
  auto address = address_in(media.lines);
  if (!address) address = address_in(session.lines);
  if (!address) return std::nullopt;
  return Endpoint{*address, media.port};
}

Direction direction_of(const Session& session, const Media& media) {
  auto direction = direction_in(media.lines).value_or(direction_in(session.lines).value_or(Direction::sendrecv));
  const auto endpoint = endpoint_of(session, media);
  if (endpoint && endpoint->address.is_unspecified())
    direction = direction == Direction::recvonly   ? Direction::inactive
                : direction == Direction::sendrecv ? Direction::sendonly
                                                   : direction;
  return direction;
}

std::vector<Codec> codecs_of(const Media& media) {
  std::vector<Codec> codecs;
  for (const auto& format : media.formats) {
    const auto payload = number(format, 127);
    if (!payload) continue;
    const auto type = static_cast<std::uint8_t>(*payload);
    auto codec = rtpmap_of(media, type).value_or(Codec{type, "", 8000});
    // RFC 3551 §6: these need no rtpmap.
    if (codec.name.empty()) codec.name = type == 0 ? "PCMU" : type == 8 ? "PCMA" : type == 9 ? "G722" : "";
    codecs.push_back(std::move(codec));
  }
  return codecs;
}

std::optional<std::uint8_t> event_payload_of(const Media& media) {
  for (const auto& codec : codecs_of(media))
    if (codec.name == "TELEPHONE-EVENT" && codec.rate == 8000) return codec.payload;
  return std::nullopt;
}

Session reword(const Session& session, const Self& self) {
  const Media* audio = audio_of(session);
  Session out;
  // RFC 4566 §5: c= stands behind v, o, s, i, u, e and p, before everything else.
  bool connected = false;
  const auto connect = [&] {
    if (!std::exchange(connected, true)) out.lines.push_back({'c', connection_of(self)});
  };
  for (const auto& line : session.lines) {
    if (is_of_the_way(line)) continue;
    if (std::string_view{"vosiuep"}.find(line.type) == std::string_view::npos) connect();
    out.lines.push_back(line.type == 'o' ? Line{'o', origin_of(self)} : line);
  }
  connect();
  for (const auto& media : session.media) {
    Media copy = media;
    std::erase_if(copy.lines, is_of_the_way);
    if (&media == audio) {
      copy.port = media.port == 0 ? std::uint16_t{0} : self.media.port;
      // RFC 2543's way to hold says it in the address, which is ours from here on.
      if (const auto direction = direction_of(session, media); direction != Direction::sendrecv) {
        std::erase_if(copy.lines, [](const Line& line) { return direction_in({line}).has_value(); });
        copy.lines.push_back({'a', name(direction)});
      }
    } else {
      copy.port = 0;
    }
    out.media.push_back(std::move(copy));
  }
  return out;
}

std::optional<Session> answer_g711(const Session& offer, const Self& self) {
  const Media* audio = audio_of(offer);
  if (!audio || audio->port == 0) return std::nullopt;
  std::vector<Codec> codecs;
  for (auto& codec : codecs_of(*audio))
    if ((codec.name == "PCMU" && codec.payload == 0) || (codec.name == "PCMA" && codec.payload == 8))
      codecs.push_back(std::move(codec));  // the static types: whoever listens for tones knows them by these
  if (codecs.empty()) return std::nullopt;
  Session answer = skeleton(self);
  for (const auto& media : offer.media) {
    if (&media == audio) {
      answer.media.push_back(
          g711(self, media.protocol, codecs, event_payload_of(media), mirrored(direction_of(offer, media))));
    } else {
      // RFC 3264 §6: what isn't taken stands in its place with port 0.
      answer.media.push_back({media.kind, 0, media.protocol, media.formats, {}});
    }
  }
  return answer;
}

Session offer_g711(const Self& self) {
  Session offer = skeleton(self);
  offer.media.push_back(
      g711(self, "RTP/AVP", {{8, "PCMA", 8000}, {0, "PCMU", 8000}}, std::uint8_t{101}, Direction::sendrecv));
  return offer;
}

}  // namespace roamdesk::sdp

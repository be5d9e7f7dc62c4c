#include "common/sdp/session.hpp"

#include <algorithm>
#include <charconv>

#include "common/sdp/crypto.hpp"
#include "common/sdp/words.hpp"

namespace roamdesk::sdp {
namespace {

std::optional<unsigned> number(std::string_view text, unsigned max) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > max) return std::nullopt;
  return value;
}

struct Connection {
  enum class Kind : std::uint8_t { nothing, address, name, foreign } kind = Kind::nothing;
  IpAddress address;  // of a name, any of its family
};

bool is_host_name(std::string_view text) {
  bool letter = false;
  for (const char c : text) {
    const bool alpha = lower(c) >= 'a' && lower(c) <= 'z';
    letter |= alpha;
    if (!alpha && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_') return false;
  }
  return letter;
}

// "IN IP4 192.0.2.1", also with a TTL; "IN IP6 2001:db8::1"; or with a host name.
Connection connection_in(const std::vector<Line>& lines) {
  Connection found;
  for (const auto& line : lines) {
    if (line.type != 'c' || line.value.empty()) continue;
    std::string_view rest = line.value;
    const auto network = take_word(rest), family = take_word(rest), host = take_word(rest);
    found.kind = Connection::Kind::foreign;
    const bool v6 = equal_ignoring_case(family, "IP6");
    if (!equal_ignoring_case(network, "IN") || (!v6 && !equal_ignoring_case(family, "IP4"))) continue;
    const auto literal = host.substr(0, host.find('/'));
    if (const auto address = v6 ? parse_ip(literal) : parse_ipv4(literal)) {
      // An IPv4 address said as one of IPv6 (::ffff:192.0.2.1) couldn't be answered in kind.
      if (v6 == address->is_v4()) continue;
      return {Connection::Kind::address, *address};
    }
    if (is_host_name(host)) return {Connection::Kind::name, v6 ? every_address : IpAddress{}};
  }
  return found;
}

Connection connection_of(const Session& session, const Media& media) {
  const auto own = connection_in(media.lines);
  return own.kind == Connection::Kind::nothing ? connection_in(session.lines) : own;
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

// What follows `name` and the payload type: of "rtpmap:101 telephone-event/8000" the encoding. nullopt: another line.
std::optional<std::string_view> attribute_of(const Line& line, std::string_view name, std::uint8_t payload) {
  std::string_view value = line.value;
  if (line.type != 'a' || !equal_ignoring_case(value.substr(0, name.size()), name)) return std::nullopt;
  value.remove_prefix(name.size());
  if (number(take_word(value), 127) != payload) return std::nullopt;
  return trim(value);
}

// "telephone-event/8000"
Codec codec_in(std::string_view encoding, std::uint8_t payload) {
  const auto slash = encoding.find('/');
  Codec codec{payload, upper(trim(encoding.substr(0, slash))), 8000};
  if (slash == encoding.npos) return codec;
  const auto rest = encoding.substr(slash + 1);
  codec.rate = number(trim(rest.substr(0, rest.find('/'))), 1'000'000).value_or(8000);
  return codec;
}

bool is_event(const Codec& codec) { return codec.name == "TELEPHONE-EVENT" && codec.rate == 8000; }

// "0-15", "0-11,16": all of a phone's keys begin with 0.
bool is_event_list(std::string_view text) {
  return text.starts_with('0') && text.find_first_not_of("0123456789-, ") == text.npos;
}

bool is_one_of(std::string_view protocol, std::string_view one, std::string_view other) {
  return equal_ignoring_case(protocol, one) || equal_ignoring_case(protocol, other);
}

bool is_plain(const Media& media) { return is_one_of(media.protocol, "RTP/AVP", "RTP/AVPF"); }
bool is_sealed(const Media& media) { return is_one_of(media.protocol, "RTP/SAVP", "RTP/SAVPF"); }

}  // namespace

bool is_image(const Media& media) {
  return media.port != 0 && equal_ignoring_case(media.kind, "image") && equal_ignoring_case(media.protocol, "udptl");
}

const Media* audio_of(const Session& session, Srtp srtp) {
  const Media *plain = nullptr, *off = nullptr;
  for (const auto& media : session.media) {
    if (!equal_ignoring_case(media.kind, "audio") || (!is_plain(media) && !is_sealed(media))) continue;
    if (media.port == 0 || media.formats.empty()) {
      if (!off && (is_plain(media) || srtp != Srtp::off)) off = &media;
      continue;
    }
    if (crypto_of(media, srtp)) return &media;
    if (!plain && is_plain(media) && srtp != Srtp::required) plain = &media;
  }
  if (plain) return plain;
  const auto image = std::find_if(session.media.begin(), session.media.end(), is_image);
  return image != session.media.end() && srtp != Srtp::required ? &*image : off;
}

std::optional<Endpoint> endpoint_of(const Session& session, const Media& media, IpAddress signalling) {
  const auto connection = connection_of(session, media);
  if (connection.kind == Connection::Kind::foreign) return std::nullopt;
  // Our side of it has the family of the signalling.
  if (connection.kind != Connection::Kind::nothing && connection.address.is_v4() != signalling.is_v4())
    return std::nullopt;
  return Endpoint{connection.kind == Connection::Kind::address ? connection.address : signalling, media.port};
}

Direction direction_of(const Session& session, const Media& media) {
  auto direction = direction_in(media.lines).value_or(direction_in(session.lines).value_or(Direction::sendrecv));
  const auto connection = connection_of(session, media);
  if (connection.kind == Connection::Kind::address && connection.address.is_unspecified())
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
    Codec codec{type, "", 8000};
    for (const auto& line : media.lines) {
      const auto encoding = attribute_of(line, "rtpmap:", type);
      // Who maps a type twice means that which RFC 4733 has for audio at 8 kHz.
      if (encoding && (codec.name.empty() || is_event(codec_in(*encoding, type)))) codec = codec_in(*encoding, type);
    }
    // RFC 3551 §6: these need no rtpmap.
    if (codec.name.empty()) codec.name = type == 0 ? "PCMU" : type == 8 ? "PCMA" : type == 9 ? "G722" : "";
    codecs.push_back(std::move(codec));
  }
  return codecs;
}

std::optional<std::uint8_t> event_payload_of(const Media& media) {
  const auto codecs = codecs_of(media);
  for (const auto& codec : codecs)
    if (is_event(codec)) return codec.payload;
  for (const auto& codec : codecs) {
    if (!codec.name.empty() || codec.payload < 96) continue;  // RFC 3551 §6: those below are static
    if (codec.payload == 101) return codec.payload;
    for (const auto& line : media.lines)
      if (const auto events = attribute_of(line, "fmtp:", codec.payload); events && is_event_list(*events))
        return codec.payload;
  }
  return std::nullopt;
}

}  // namespace roamdesk::sdp

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/sdp/crypto.hpp"
#include "common/sdp/session.hpp"
#include "common/sdp/words.hpp"

// Descriptions in our own words.
namespace roamdesk::sdp {
namespace {

std::string connection_of(const Self& self) {
  return (self.media.address.is_v4() ? "IN IP4 " : "IN IP6 ") + to_string(self.media.address);
}

std::string origin_of(const Self& self) {
  return fmt::format("roamdesk {} {} {}", self.session, self.version, connection_of(self));
}

// What names addresses, ports or keys of a way that isn't taken through us; in any case of letters, as cryptos_of()
// reads them.
bool is_of_the_way(const Line& line) {
  if (line.type == 'c') return true;
  if (line.type != 'a') return line.type == 'k';
  const std::string_view value = line.value;
  for (const std::string_view name : {"rtcp:", "candidate:", "ice-", "end-of-candidates",
                                      "remote-candidates:", "crypto:", "fingerprint:", "setup:", "rtcp-mux",
                                      "group:BUNDLE", "bundle-only", "crypto-", "tls-id:", "zrtp-hash:"})
    if (equal_ignoring_case(value.substr(0, name.size()), name)) return true;
  return false;
}

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

// What isn't taken stands in its place with port 0 (RFC 3264 §6). A line has a format at least (RFC 4566 §9), also
// where its phone wrote none.
Media switched_off(Media media) {
  media.port = 0;
  if (media.formats.empty()) media.formats.emplace_back("0");
  return media;
}

bool is_direction(const Line& line) {
  return line.type == 'a' &&
         (line.value == "sendrecv" || line.value == "sendonly" || line.value == "recvonly" || line.value == "inactive");
}

Media without_its_way(Media media) {
  std::erase_if(media.lines, is_of_the_way);
  return media;
}

// The audio line in our name.
Media our_audio(const Session& session, const Media& media, const Self& self) {
  auto copy = without_its_way(media);
  if (media.port == 0) return switched_off(std::move(copy));
  copy.port = self.media.port;
  if (is_image(media)) return copy;
  copy.kind = "audio";
  // As if it had no keys: ours come on top. Some write small letters.
  copy.protocol = lower(media.protocol.back()) == 'f' ? "RTP/AVPF" : "RTP/AVP";
  // RFC 2543's way to hold says it in the address, which is ours from here on.
  if (const auto direction = direction_of(session, media); direction != Direction::sendrecv) {
    std::erase_if(copy.lines, is_direction);
    copy.lines.push_back({'a', name(direction)});
  }
  return copy;
}

// The lines above the first m=, in the order of RFC 4566 §5, with those that each description has to have.
std::vector<Line> our_lines(const Session& session, const Self& self) {
  static constexpr std::string_view order = "vosiuepcbtrzka";
  std::vector<Line> lines{{'v', "0"}, {'o', origin_of(self)}, {'c', connection_of(self)}};
  const auto has = [&](char type) {
    return std::any_of(lines.begin(), lines.end(), [&](const Line& line) { return line.type == type; });
  };
  for (const auto& line : session.lines) {
    if (is_of_the_way(line) || line.type == 'v' || line.type == 'o' || (line.type == 's' && has('s'))) continue;
    lines.push_back(line.type == 's' && line.value.empty() ? Line{'s', "-"} : line);
  }
  if (!has('s')) lines.push_back({'s', "-"});
  if (!has('t')) lines.push_back({'t', "0 0"});
  // r= belongs to the t= before it.
  const auto place = [](const Line& line) { return order.find(line.type == 'r' ? 't' : line.type); };
  std::stable_sort(lines.begin(), lines.end(), [&](const Line& a, const Line& b) { return place(a) < place(b); });
  return lines;
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

Session reword(const Session& session, const Self& self) {
  const Media* audio = audio_of(session);
  Session out{our_lines(session, self), {}};
  for (const auto& media : session.media)
    if (&media == audio) {
      out.media.push_back(our_audio(session, media, self));
      seal_offer(out.media.back(), self);
    } else {
      out.media.push_back(switched_off(without_its_way(media)));
    }
  return out;
}

Session reword_answer(const Session& answer, const Session& offer, const Self& self) {
  const Media *wanted = audio_of(offer, self.srtp), *audio = audio_of(answer);
  Session out{our_lines(answer, self), {}};
  for (const auto& media : offer.media) {
    if (&media != wanted || !audio || is_image(*wanted) != is_image(*audio)) {
      out.media.push_back(switched_off({media.kind, 0, media.protocol, media.formats, {}}));
      continue;
    }
    out.media.push_back(our_audio(answer, *audio, self));
    out.media.back().protocol = media.protocol;  // §6: the offer's
    seal_answer(out.media.back(), media, self);
  }
  return out;
}

std::optional<Session> answer_g711(const Session& offer, const Self& self) {
  const Media* audio = audio_of(offer, self.srtp);
  if (!audio || audio->port == 0) return std::nullopt;
  std::vector<Codec> codecs;
  for (auto& codec : codecs_of(*audio))
    if ((codec.name == "PCMU" && codec.payload == 0) || (codec.name == "PCMA" && codec.payload == 8))
      codecs.push_back(std::move(codec));  // the static types: code that listens for tones knows them by these
  if (codecs.empty()) return std::nullopt;
  Session answer = skeleton(self);
  for (const auto& media : offer.media) {
    if (&media == audio) {
      answer.media.push_back(
          g711(self, media.protocol, codecs, event_payload_of(media), mirrored(direction_of(offer, media))));
      seal_answer(answer.media.back(), media, self);
    } else {
      answer.media.push_back(switched_off({media.kind, 0, media.protocol, media.formats, {}}));
    }
  }
  return answer;
}

Session offer_g711(const Self& self) {
  Session offer = skeleton(self);
  offer.media.push_back(
      g711(self, "RTP/AVP", {{8, "PCMA", 8000}, {0, "PCMU", 8000}}, std::uint8_t{101}, Direction::sendrecv));
  seal_offer(offer.media.back(), self);
  return offer;
}

}  // namespace roamdesk::sdp

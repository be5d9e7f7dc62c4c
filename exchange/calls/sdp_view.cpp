#include "exchange/calls/sdp_view.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/sdp/common_answer.hpp"
#include "common/sdp/crypto.hpp"
#include "common/sdp/session.hpp"

namespace roamdesk::calls::sdp_view {
namespace {

sdp::Self self_of(const Origin& origin) {
  const auto& [srtp, keys, agreed] = origin.seal;
  return {origin.session, origin.version, origin.media, srtp, keys.get(), agreed};
}

media::Codec codec_of(const sdp::Codec& codec) {
  if (codec.rate != 8000) return media::Codec::other;
  if (codec.name == "PCMU") return media::Codec::pcmu;
  if (codec.name == "PCMA") return media::Codec::pcma;
  if (codec.name == "G722") return media::Codec::g722;
  return media::Codec::other;
}

}  // namespace

std::optional<Audio> read(std::string_view text, IpAddress signalling, Srtp srtp) {
  const auto session = sdp::parse(text);
  if (!session) return std::nullopt;
  const auto* audio = sdp::audio_of(*session, srtp);
  const auto at = audio ? sdp::endpoint_of(*session, *audio, signalling) : std::nullopt;
  if (!at || at->port == 0) return std::nullopt;
  Audio result;
  result.rtp = *at;
  if (auto crypto = sdp::is_image(*audio) ? std::nullopt : sdp::crypto_of(*audio, srtp))
    result.key = {crypto->suite, std::move(crypto->key)};
  result.event_payload = sdp::event_payload_of(*audio);
  const auto direction = sdp::direction_of(*session, *audio);
  result.sends = direction == sdp::Direction::sendrecv || direction == sdp::Direction::sendonly;
  result.receives = direction == sdp::Direction::sendrecv || direction == sdp::Direction::recvonly;
  if (sdp::is_image(*audio)) {
    result.codec = media::Codec::image;
    return result;
  }
  // What it wants most comes first (RFC 3264 §5.1); events and comfort noise are no codecs of their own. G.711 goes
  // before that: it is the only one that we ever answer with or play, so wherever the media plane asks for the codec,
  // this one is meant.
  const sdp::Codec* first = nullptr;
  const auto codecs = sdp::codecs_of(*audio);
  for (const auto& codec : codecs)
    if (!codec.name.empty() && codec.name != "TELEPHONE-EVENT") result.audio_payloads.set(codec.payload);
  for (const auto& codec : codecs) {
    if (codec.name == "TELEPHONE-EVENT" || codec.name == "CN") continue;
    if (!first) first = &codec;
    if ((codec.payload == 0 && codec.name == "PCMU") || (codec.payload == 8 && codec.name == "PCMA")) {
      first = &codec;
      break;
    }
  }
  if (!first) return std::nullopt;
  result.codec = codec_of(*first);
  result.codec_payload = first->payload;
  return result;
}

std::string agreed_codec(std::string_view one, std::string_view other) {
  std::array<std::vector<std::string>, 2> names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto session = sdp::parse(i == 0 ? one : other);
    const auto* audio = session ? sdp::audio_of(*session) : nullptr;
    if (!audio) return {};
    if (sdp::is_image(*audio)) return "T.38";
    for (const auto& codec : sdp::codecs_of(*audio))
      if (!codec.name.empty() && codec.name != "TELEPHONE-EVENT" && codec.name != "CN") names[i].push_back(codec.name);
  }
  // An answer has no more than what was offered, in the order of who answers (RFC 3264 §6.1).
  const auto& [first, second] = names;
  const auto& answer = first.size() < second.size() ? first : second;
  const auto& offer = &answer == &first ? second : first;
  for (const auto& name : answer)
    if (std::find(offer.begin(), offer.end(), name) != offer.end()) return name;
  return {};
}

std::string_view objection(std::string_view text, IpAddress signalling, Srtp srtp) {
  if (read(text, signalling, srtp)) return {};
  if (read(text, signalling.is_v4() ? every_address : IpAddress{}, srtp))
    return "its media's address is of another IP family than its signalling";
  const auto session = sdp::parse(text);
  const bool has_audio = session && std::any_of(session->media.begin(), session->media.end(), [](const auto& media) {
                           return media.kind == "audio" && media.port != 0;
                         });
  if (srtp == Srtp::required && has_audio)
    return "SRTP is required here: offer RTP/SAVP with a=crypto, for example AES_CM_128_HMAC_SHA1_80";
  if (srtp == Srtp::off && read(text, signalling, Srtp::optional))
    return "SRTP is off here, or the signalling isn't TLS: offer RTP/AVP";
  return {};
}

std::string reword(std::string_view text, std::string_view offer, const Origin& origin) {
  const auto session = sdp::parse(text);
  if (!session) return {};
  const auto answered = sdp::parse(offer);
  if (!offer.empty() && !answered) return {};
  const auto* said = sdp::audio_of(*session);
  if (origin.seal.srtp == Srtp::required && said && sdp::is_image(*said)) return {};
  auto reworded =
      answered ? sdp::reword_answer(*session, *answered, self_of(origin)) : sdp::reword(*session, self_of(origin));
  // The speaker's identity is told by signalling alone (RFC 3323 §4.1): no name, link, address or number of its own.
  const auto drop = [](std::vector<sdp::Line>& lines, std::string_view types) {
    std::erase_if(lines, [&](const sdp::Line& line) {
      return types.find(line.type) != types.npos || (line.type == 'a' && line.value.starts_with("ssrc:"));
    });
  };
  drop(reworded.lines, "iuep");
  for (auto& media : reworded.media) drop(media.lines, "i");
  for (auto& line : reworded.lines)
    if (line.type == 's') line.value = "-";
  return sdp::serialise(reworded);
}

std::string opened(std::string_view text) {
  const auto now = read(text);
  if (!now || now->codec == media::Codec::image) return {};
  auto session = *sdp::parse(text);
  const auto open = [](std::vector<sdp::Line>& lines) {
    std::erase_if(lines, [](const sdp::Line& line) {
      // RFC 2543's hold stands in the address.
      return (line.type == 'a' && (line.value == "inactive" || line.value == "recvonly" || line.value == "sendonly")) ||
             (line.type == 'c' && line.value.find("0.0.0.0") != line.value.npos);
    });
  };
  open(session.lines);
  for (auto& media : session.media) open(media.lines);
  return sdp::serialise(session);
}

std::string answer_as_before(std::string_view offer, std::string_view known, const Origin& origin) {
  const auto asked = read(offer, {}, origin.seal.srtp), answered = read(known);
  if (!asked || !answered || asked->event_payload != answered->event_payload) return {};
  auto open = sdp::parse(opened(known));
  if (!open) return {};
  const char* direction = asked->sends      ? asked->receives ? "sendrecv" : "recvonly"
                          : asked->receives ? "sendonly"
                                            : "inactive";
  for (auto& media : open->media) media.lines.push_back({'a', direction});
  return common_answer(offer, sdp::serialise(*open), origin);
}

std::string held(const std::string& text) {
  auto session = sdp::parse(text);
  if (!session) return {};
  const auto direct = [](std::vector<sdp::Line>& lines) {
    for (auto& line : lines)
      if (line.type == 'a' && (line.value == "inactive" || line.value == "recvonly")) line.value = "sendonly";
  };
  direct(session->lines);
  for (auto& media : session->media) direct(media.lines);
  return sdp::serialise(*session);
}

std::optional<std::string> answer_g711(std::string_view offer, const Origin& origin) {
  const auto session = sdp::parse(offer);
  const auto answer = session ? sdp::answer_g711(*session, self_of(origin)) : std::nullopt;
  return answer ? std::optional{sdp::serialise(*answer)} : std::nullopt;
}

std::string common_answer(std::string_view offer, std::string_view other, const Origin& origin) {
  const auto asked = sdp::parse(offer), known = sdp::parse(other);
  const auto answer = asked && known ? sdp::common_answer(*asked, *known, self_of(origin)) : std::nullopt;
  return answer ? sdp::serialise(*answer) : std::string{};
}

std::string offer_g711(const Origin& origin) { return sdp::serialise(sdp::offer_g711(self_of(origin))); }

}  // namespace roamdesk::calls::sdp_view

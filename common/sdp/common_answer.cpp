#include "common/sdp/common_answer.hpp"

#include <algorithm>

#include "common/sdp/crypto.hpp"

namespace roamdesk::sdp {
namespace {

// Whether a line is of one format ("rtpmap:101 …"), and of none that is kept.
bool is_of_another(const Line& line, const std::vector<std::string>& kept) {
  if (line.type != 'a') return false;
  for (const std::string_view name : {"rtpmap:", "fmtp:", "rtcp-fb:"}) {
    if (!line.value.starts_with(name)) continue;
    const auto format = std::string_view{line.value}.substr(name.size());
    return std::find(kept.begin(), kept.end(), format.substr(0, format.find(' '))) == kept.end();
  }
  return false;
}

}  // namespace

std::optional<Session> common_answer(const Session& offer, const Session& other, const Self& self) {
  const Media *asked = audio_of(offer, self.srtp), *known = audio_of(other);
  if (!asked || !known || asked->port == 0 || known->port == 0) return std::nullopt;
  std::vector<std::string> kept;
  bool speaks = false;
  const auto theirs = codecs_of(*known);
  for (const auto& codec : codecs_of(*asked)) {
    const bool both = std::any_of(theirs.begin(), theirs.end(), [&](const Codec& c) {
      return c.payload == codec.payload && c.name == codec.name && c.rate == codec.rate;
    });
    if (!both) continue;
    kept.push_back(std::to_string(codec.payload));
    speaks = speaks || (codec.name != "TELEPHONE-EVENT" && codec.name != "CN");
  }
  if (!speaks) return std::nullopt;

  Session answer = reword(other, {.session = self.session, .version = self.version, .media = self.media});
  Media audio = std::move(answer.media[static_cast<std::size_t>(known - other.media.data())]);
  audio.protocol = asked->protocol;
  audio.formats = kept;
  std::erase_if(audio.lines, [&](const Line& line) { return is_of_another(line, kept); });
  seal_answer(audio, *asked, self);
  answer.media.clear();
  for (const auto& media : offer.media) {
    if (&media == asked)
      answer.media.push_back(audio);
    else  // RFC 3264 §6: what isn't taken stands in its place with port 0, and a format (RFC 4566 §9).
      answer.media.push_back(
          {media.kind, 0, media.protocol, media.formats.empty() ? std::vector<std::string>{"0"} : media.formats, {}});
  }
  return answer;
}

}  // namespace roamdesk::sdp

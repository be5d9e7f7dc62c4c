#include "common/phones/words.hpp"

#include <iterator>

#include "common/sip/text.hpp"

namespace roamdesk::phones {
namespace {

struct Language {
  std::string_view iso;
  Word Languages::*word;
};
constexpr Language languages[] = {
    {"en", &Languages::en}, {"de", &Languages::de}, {"fr", &Languages::fr}, {"es", &Languages::es},
    {"it", &Languages::it}, {"pt", &Languages::pt}, {"nl", &Languages::nl}, {"pl", &Languages::pl},
    {"ru", &Languages::ru}, {"tr", &Languages::tr}, {"sv", &Languages::sv}, {"da", &Languages::da},
    {"cs", &Languages::cs},
};
// Every member of Languages is among them.
static_assert(sizeof(Languages) == std::size(languages) * sizeof(Word));

}  // namespace

std::string_view Transports::of(sip::Transport transport) const {
  switch (transport) {
    case sip::Transport::udp:
      return udp;
    case sip::Transport::tcp:
      return tcp;
    case sip::Transport::tls:
      return tls;
  }
  return udp;
}

std::string_view Languages::of(std::string_view iso) const {
  for (const auto& language : languages)
    if (language.iso == iso) return this->*language.word;
  return en;
}

std::string_view sdp_name(CodecName codec) {
  switch (codec) {
    case CodecName::pcma:
      return "pcma";
    case CodecName::pcmu:
      return "pcmu";
    case CodecName::g722:
      return "g722";
    case CodecName::g729:
      return "g729";
    case CodecName::opus:
      return "opus";
  }
  return {};
}

std::optional<CodecName> parse_codec(std::string_view name) {
  for (const auto codec : all_codecs)
    if (sip::equal_ignoring_case(sdp_name(codec), name)) return codec;
  return std::nullopt;
}

std::string_view Codecs::of(CodecName codec) const {
  switch (codec) {
    case CodecName::pcma:
      return pcma;
    case CodecName::pcmu:
      return pcmu;
    case CodecName::g722:
      return g722;
    case CodecName::g729:
      return g729;
    case CodecName::opus:
      return opus;
  }
  return {};
}

}  // namespace roamdesk::phones

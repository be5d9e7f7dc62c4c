#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "common/sip/flow.hpp"

// What a vendor's file must say. None of it has a default, so that a vendor who leaves something out doesn't compile,
// rather than to speak another vendor's language.
namespace roamdesk::phones {

// A word of a vendor's own: never empty.
class Word {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): it is read like a text, in a table of texts
  consteval Word(const char* text) : text_(text) {
    if (text_.empty()) throw "a vendor's word is missing";
  }
  constexpr operator std::string_view() const { return text_; }

 private:
  std::string_view text_;
};

// Anything else that must be said, also that there is none.
template <class T>
class Required {
 public:
  constexpr Required(T value) : value_(value) {}
  template <std::convertible_to<T> U>
  constexpr Required(const U& value) : value_(value) {}
  constexpr const T& operator*() const { return value_; }
  constexpr const T* operator->() const { return &value_; }

 private:
  T value_;
};

struct Transports {
  Word udp, tcp, tls;
  std::string_view of(sip::Transport transport) const;
};

// By ISO 639-1.
struct Languages {
  Word en, de, fr, es, it, pt, nl, pl, ru, tr, sv, da, cs;
  // English where there is no word for it.
  std::string_view of(std::string_view iso) const;
};

// All that we offer (RFC 3551, RFC 7587).
enum class CodecName : std::uint8_t { pcma, pcmu, g722, g729, opus };
inline constexpr CodecName all_codecs[] = {CodecName::pcma, CodecName::pcmu, CodecName::g722, CodecName::g729,
                                           CodecName::opus};
// As SDP writes it, in lower case.
std::string_view sdp_name(CodecName codec);
// As SDP writes it, in any case; nullopt for any other.
std::optional<CodecName> parse_codec(std::string_view name);

struct Codecs {
  Word pcma, pcmu, g722, g729, opus;
  std::string_view of(CodecName codec) const;
};

}  // namespace roamdesk::phones

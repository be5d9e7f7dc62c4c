#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/secret.hpp"
#include "common/sip/digest.hpp"
#include "common/sip/message.hpp"

namespace roamdesk::trunks {

enum class NoAnswer : std::uint8_t {
  wrong_password,  // a fresh challenge was answered already, and here is the next one
  unknown_kind,    // no challenge in it that can be answered: no Digest with MD5 or SHA-256
  no_password,     // the trunk has none
};

// How a trunk answers challenges: of any realm, 401 and 407, the strongest algorithm that is known, with qop or without
// (RFC 3261 §22, 7616, 8760). The last challenge is remembered, so that the next request needs no round trip and isn't
// counted by filters that ban who is challenged too often.
class Credentials {
 public:
  Credentials(std::string user, Secret password) : credentials_{std::move(user), std::move(password)} {}

  // The request to send in place of `request`, which `response` challenged; its CSeq is still the old one. `cnonce`: an
  // unguessable token. The caller bounds how often it asks for one request: `stale` may come again and again.
  std::variant<sip::Message, NoAnswer> answer(const sip::Message& request, const sip::Message& response,
                                              std::string_view cnonce);
  // Adds what was asked for last; nothing where nothing was.
  void prepare(sip::Message& request, std::string_view cnonce);
  void forget() { known_[0] = known_[1] = {}; }

 private:
  struct Known {
    std::string challenge;  // "" for none
    std::uint32_t count = 0;
  };
  sip::Credentials credentials_;
  Known known_[2];  // of the server (401), of a proxy (407)
};

}  // namespace roamdesk::trunks

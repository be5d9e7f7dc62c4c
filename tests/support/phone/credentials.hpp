#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace roamdesk::phone {

// A user agent's login, and the challenge that it answers (RFC 3261 §22, RFC 2617 with MD5 and qop=auth).
struct Credentials {
  std::string user, password;

  // The challenge of a 401 or 407; false where it can't be answered.
  bool take(std::string_view response);
  void forget();
  bool known() const { return !nonce_.empty(); }
  // The Authorization or Proxy-Authorization line with its CRLF; empty while no challenge is known.
  std::string line(std::string_view method, std::string_view uri, std::string_view cnonce);

 private:
  bool proxy_ = false;
  std::string realm_, nonce_;
  std::uint32_t count_ = 0;  // uses of the nonce
};

}  // namespace roamdesk::phone

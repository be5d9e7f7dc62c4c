#pragma once
#include <cstdint>
#include <string>
#include <string_view>

// What the C++ phones of tests and benchmarks have in common. It shares no line with common/sip: phones are of other
// makers.
namespace roamdesk::phone {

struct Login {
  std::string_view user, password;
};
// Of a 401 or 407.
struct Challenge {
  std::string_view realm, nonce;
};
// The value of Authorization (RFC 2617 §3.2.2: MD5, qop=auth); `count` is the nonce's use, from 1.
std::string authorization(const Login& login, const Challenge& challenge, std::string_view method, std::string_view uri,
                          std::string_view cnonce, std::uint32_t count);

}  // namespace roamdesk::phone

#pragma once
#include <cstdio>
#include <string>

#include "common/base/endpoint.hpp"
#include "common/sip/message.hpp"

// What tests of trunks and of upstreams have in common: where we and servers are, our tokens, a server's answer.
namespace roamdesk::servers {

inline Endpoint at(unsigned last, std::uint16_t port = 5060) { return {{0xc6336400U + last}, port}; }  // 198.51.100.x
inline Endpoint ours() { return {{0x0a000001}, 5060}; }                                                // 10.0.0.1

// Each other than those before, and scattered.
class Tokens {
 public:
  std::string next() {
    char text[33];
    ++given_;
    std::snprintf(text, sizeof text, "%08x%024x", given_ * 2654435761U, given_);
    return text;
  }

 private:
  unsigned given_ = 0;
};

// What a server answers to a request that hasn't its Via yet.
inline sip::Message reply(const sip::Message& request, int status, const std::string& reason = {}) {
  auto message = request;
  message.via = {sip::Via{}};
  message.via.front().host = to_string(ours().address);
  message.via.front().port = ours().port;
  message.via.front().params.set("rport", std::to_string(ours().port));
  return sip::make_response(message, status, reason, "to-tag");
}

}  // namespace roamdesk::servers

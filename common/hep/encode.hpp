#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"

// HEP version 3, for Homer's collectors.
namespace roamdesk::hep {

// One SIP message as it went over a network.
struct Packet {
  Endpoint from, to;
  bool udp = true;  // else TCP, or TLS over it
  WallTime at{};
  std::uint32_t capture_id = 0;  // who captured it: a number and a name
  std::string_view node;
  std::string_view correlation;  // the Call-ID; "" where it has none
  std::string_view text;
};

// What a datagram over IPv4 holds at most; of IPv6 a few bytes more would fit.
constexpr std::size_t largest = 65'507;

// The datagram. "" where the message is too long for one.
std::string encode(const Packet& packet);

}  // namespace roamdesk::hep

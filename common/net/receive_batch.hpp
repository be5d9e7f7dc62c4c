#pragma once
#include <string_view>

#include "common/net/socket_address.hpp"

// Internal to common/net: what the two UDP shells share.
namespace roamdesk::net {

struct Arrived : PacketInfo {
  Endpoint peer;
  std::string_view bytes;
};

// A datagram larger than this comes cut to one byte more, so that the guard behind refuses it as too large.
inline constexpr std::size_t largest_datagram = 16 * 1024;

// Receives up to `most` datagrams of a socket that tells PacketInfo in one system call, into a buffer of this thread.
class ReceiveBatch {
 public:
  static constexpr unsigned most = 32;
  // How many came; -1: none waits, or a passing error. at(0..n-1) are good until the next call on this thread.
  static int receive(int fd);
  static Arrived at(int index);
};

// Sends one datagram over a socket of this family, from `from` where that isn't unspecified. False: the kernel took it
// not.
bool send_datagram(int fd, int family, IpAddress from, Endpoint to, std::string_view bytes);

}  // namespace roamdesk::net

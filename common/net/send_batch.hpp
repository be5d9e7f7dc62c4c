#pragma once
#include <sys/socket.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/net/socket_address.hpp"

// Internal to common/net.
namespace roamdesk::net {

// Datagrams of a socket that leave by one sendmmsg.
class SendBatch {
 public:
  static constexpr std::size_t most = 32;

  // As send_datagram(), but it leaves by send(), at the latest when there are `most` of them. False: there is no way.
  bool add(int fd, int family, IpAddress from, Endpoint to, std::string_view bytes);
  // In their order. What the kernel has no room for, or may not send, is lost, as datagrams may be.
  void send(int fd);
  // System calls so far.
  std::size_t calls() const { return calls_; }

 private:
  struct Entry {
    std::string bytes;
    SocketAddress peer;
    alignas(cmsghdr) std::array<char, packet_info_space> control{};
    std::size_t control_size = 0;
  };
  // Those of earlier turns stay, with their room.
  std::vector<Entry> entries_;
  std::size_t count_ = 0, calls_ = 0;
};

}  // namespace roamdesk::net

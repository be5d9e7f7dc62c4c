#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "common/base/endpoint.hpp"

// Addresses as system calls take and give them, of either family. A socket of the family AF_INET6 that is bound to ::
// serves IPv4 as well; its IPv4 peers come as mapped addresses, which IpAddress takes for what they are.
namespace roamdesk::net {

inline int family_of(IpAddress address) { return address.is_v4() ? AF_INET : AF_INET6; }

struct SocketAddress {
  union {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };
  socklen_t size = sizeof(sockaddr_in6);  // of what is there; at first, of what may be written

  SocketAddress() : v6{} {}
  // As a socket of this family takes it. One for IPv4 refuses an IPv6 address (EINVAL, `size` 0).
  SocketAddress(const Endpoint& endpoint, int family) : v6{} {
    if (family == AF_INET) {
      v4.sin_family = AF_INET;
      v4.sin_port = htons(endpoint.port);
      v4.sin_addr.s_addr = htonl(endpoint.address.v4());
      size = endpoint.address.is_v4() ? sizeof v4 : 0;
      return;
    }
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    const auto bytes = endpoint.address.bytes();
    std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
  }
  explicit SocketAddress(const Endpoint& endpoint) : SocketAddress(endpoint, family_of(endpoint.address)) {}

  Endpoint endpoint() const {
    if (any.sa_family == AF_INET) return {IpAddress{ntohl(v4.sin_addr.s_addr)}, ntohs(v4.sin_port)};
    return {address_of(v6.sin6_addr), ntohs(v6.sin6_port)};
  }
  static IpAddress address_of(const in6_addr& address) {
    IpAddress::Bytes bytes;
    std::memcpy(bytes.data(), &address, bytes.size());
    return IpAddress::from_bytes(bytes);
  }
};

// A datagram socket for `address`, and the family that it has. Where this machine has no IPv6, :: becomes 0.0.0.0.
// -1, with errno, where there is none.
int open_datagram_socket(IpAddress& address, int type_flags);
// "::" takes IPv4 as well, another IPv6 address doesn't (it couldn't): whatever the system's own default is.
void set_dual_stack(int fd, IpAddress address);
// DSCP of what leaves, RFC 2474; of both families where the socket serves both.
void mark(int fd, int family, int dscp);

// Where a datagram arrived, or is to leave from: IP_PKTINFO, IPV6_PKTINFO.
struct PacketInfo {
  IpAddress destination;  // of the IP header: a group, or ours
  IpAddress local;        // ours: the address to answer from
  int interface = 0;
};
inline constexpr std::size_t packet_info_space = CMSG_SPACE(sizeof(in6_pktinfo));
bool ask_for_packet_info(int fd, int family);
// False: it is another message.
bool read_packet_info(cmsghdr& message, PacketInfo& out);
// Writes one at `message`, which has room for it; what it takes there.
std::size_t write_packet_info(cmsghdr& message, int family, IpAddress from);

}  // namespace roamdesk::net

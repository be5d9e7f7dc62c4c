#include "common/net/socket_address.hpp"

#include <cerrno>

namespace roamdesk::net {
namespace {

void set(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof value); }

}  // namespace

int open_datagram_socket(IpAddress& address, int type_flags) {
  int fd = ::socket(family_of(address), SOCK_DGRAM | type_flags, 0);
  if (fd < 0 && errno == EAFNOSUPPORT && address.is_unspecified()) {
    address = {};
    fd = ::socket(AF_INET, SOCK_DGRAM | type_flags, 0);
  }
  if (fd >= 0) set_dual_stack(fd, address);
  return fd;
}

void set_dual_stack(int fd, IpAddress address) {
  if (!address.is_v4()) set(fd, IPPROTO_IPV6, IPV6_V6ONLY, address.is_unspecified() ? 0 : 1);
}

void mark(int fd, int family, int dscp) {
  set(fd, IPPROTO_IP, IP_TOS, dscp << 2);
  if (family == AF_INET6) set(fd, IPPROTO_IPV6, IPV6_TCLASS, dscp << 2);
}

bool ask_for_packet_info(int fd, int family) {
  const int on = 1;
  return (family == AF_INET6 ? ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on)
                             : ::setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on)) == 0;
}

bool read_packet_info(cmsghdr& message, PacketInfo& out) {
  if (message.cmsg_level == IPPROTO_IP && message.cmsg_type == IP_PKTINFO) {
    in_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(&message), sizeof info);
    out = {IpAddress{ntohl(info.ipi_addr.s_addr)}, IpAddress{ntohl(info.ipi_spec_dst.s_addr)}, info.ipi_ifindex};
    return true;
  }
  if (message.cmsg_level != IPPROTO_IPV6 || message.cmsg_type != IPV6_PKTINFO) return false;
  in6_pktinfo info{};
  std::memcpy(&info, CMSG_DATA(&message), sizeof info);
  const auto address = SocketAddress::address_of(info.ipi6_addr);
  out = {address, address, static_cast<int>(info.ipi6_ifindex)};
  return true;
}

std::size_t write_packet_info(cmsghdr& message, int family, IpAddress from) {
  if (family == AF_INET) {
    message.cmsg_level = IPPROTO_IP;
    message.cmsg_type = IP_PKTINFO;
    message.cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo info{};
    info.ipi_spec_dst.s_addr = htonl(from.v4());
    std::memcpy(CMSG_DATA(&message), &info, sizeof info);
    return CMSG_SPACE(sizeof info);
  }
  // Also for an IPv4 peer: Linux takes the mapped address from it.
  message.cmsg_level = IPPROTO_IPV6;
  message.cmsg_type = IPV6_PKTINFO;
  message.cmsg_len = CMSG_LEN(sizeof(in6_pktinfo));
  in6_pktinfo info{};
  const auto bytes = from.bytes();
  std::memcpy(&info.ipi6_addr, bytes.data(), bytes.size());
  std::memcpy(CMSG_DATA(&message), &info, sizeof info);
  return CMSG_SPACE(sizeof info);
}

}  // namespace roamdesk::net

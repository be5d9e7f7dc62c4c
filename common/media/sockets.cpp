#include "common/media/sockets.hpp"

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "common/net/socket_address.hpp"

namespace roamdesk::media {

int open_udp(const Endpoint& local, int dscp, std::string& why) {
  const net::SocketAddress address{local};
  const int family = net::family_of(local.address);
  const int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd >= 0) {
    net::set_dual_stack(fd, local.address);
    net::mark(fd, family, dscp);
    const int on = 1;
    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    if (family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    if (bind(fd, &address.any, address.size) == 0) return fd;
  }
  why = to_string(local) + ": " + std::strerror(errno);
  if (fd >= 0) close(fd);
  return -1;
}

void mark_udp(int fd, int dscp) {
  int family = 0;
  socklen_t size = sizeof family;
  if (fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0) net::mark(fd, family, dscp);
}

namespace {

bool says_unreachable(cmsghdr& message) {
  const bool v4 = message.cmsg_level == IPPROTO_IP && message.cmsg_type == IP_RECVERR;
  const bool v6 = message.cmsg_level == IPPROTO_IPV6 && message.cmsg_type == IPV6_RECVERR;
  if (!v4 && !v6) return false;
  sock_extended_err error;
  std::memcpy(&error, CMSG_DATA(&message), sizeof error);
  return (error.ee_origin == SO_EE_ORIGIN_ICMP && error.ee_type == ICMP_DEST_UNREACH) ||
         (error.ee_origin == SO_EE_ORIGIN_ICMP6 && error.ee_type == ICMP6_DST_UNREACH);
}

}  // namespace

std::optional<Endpoint> take_unreachable(int fd) {
  for (int i = 0; i < 8; ++i) {
    net::SocketAddress target;
    alignas(cmsghdr) std::array<std::uint8_t, 256> control;
    msghdr message{};
    message.msg_name = &target.any;
    message.msg_namelen = target.size;
    // The packet isn't wanted, but QEMU's user mode asks the kernel for nothing where there is no room for a byte.
    std::uint8_t byte;
    iovec piece{&byte, sizeof byte};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
    for (auto* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
      if (says_unreachable(*c)) return target.endpoint();
  }
  return std::nullopt;
}

void send_now(int fd, std::span<const std::uint8_t> bytes, const net::SocketAddress& to) {
  const auto attempt = [&] { return sendto(fd, bytes.data(), bytes.size(), MSG_DONTWAIT, &to.any, to.size); };
  // Where ICMP has spoken of an earlier packet, the first call brings that and no more.
  if (attempt() < 0 && errno != EAGAIN) attempt();
}

void close_udp(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

}  // namespace roamdesk::media

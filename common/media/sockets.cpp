#include "common/media/sockets.hpp"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace roamdesk::media {

sockaddr_in to_sockaddr(const Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(endpoint.address.value);
  address.sin_port = htons(endpoint.port);
  return address;
}

Endpoint from_sockaddr(const sockaddr_in& address) {
  return {IpAddress{ntohl(address.sin_addr.s_addr)}, ntohs(address.sin_port)};
}

int open_udp(const Endpoint& local, int dscp, std::string& why) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const auto address = to_sockaddr(local);
  if (fd >= 0) {
    const int tos = dscp << 2;
    setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof tos);
    const int on = 1;
    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  }
  why = to_string(local) + ": " + std::strerror(errno);
  if (fd >= 0) close(fd);
  return -1;
}

std::optional<Endpoint> take_unreachable(int fd) {
  for (int i = 0; i < 8; ++i) {
    sockaddr_in target{};
    alignas(cmsghdr) std::array<std::uint8_t, 256> control;
    msghdr message{};
    message.msg_name = &target;
    message.msg_namelen = sizeof target;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
    for (auto* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
      if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR) continue;
      sock_extended_err error;
      std::memcpy(&error, CMSG_DATA(c), sizeof error);
      if (error.ee_origin == SO_EE_ORIGIN_ICMP && error.ee_type == ICMP_DEST_UNREACH) return from_sockaddr(target);
    }
  }
  return std::nullopt;
}

void close_udp(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

}  // namespace roamdesk::media

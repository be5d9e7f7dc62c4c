#include "common/media/sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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
  return {Ipv4{ntohl(address.sin_addr.s_addr)}, ntohs(address.sin_port)};
}

int open_udp(const Endpoint& local, int dscp, std::string& why) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const auto address = to_sockaddr(local);
  if (fd >= 0) {
    const int tos = dscp << 2;
    setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof tos);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  }
  why = to_string(local) + ": " + std::strerror(errno);
  if (fd >= 0) close(fd);
  return -1;
}

void close_udp(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

}  // namespace roamdesk::media

#include "common/tunnel/link/datagram_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>

namespace roamdesk::tunnel::link {
namespace {

constexpr int buffer_size = 4 * 1024 * 1024;  // what the kernel allows of it

void set(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof value); }

}  // namespace

DatagramSocket::DatagramSocket(const Endpoint& address, bool offload)
    : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(address.address.value);
  name.sin_port = htons(address.port);
  if (fd_ < 0 || ::bind(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
    const int error = errno;
    if (fd_ >= 0) ::close(fd_);
    throw std::system_error{error, std::generic_category(), "UDP " + to_string(address)};
  }
  set(fd_, IPPROTO_IP, IP_PKTINFO, 1);
  set(fd_, SOL_SOCKET, SO_RCVBUF, buffer_size);
  set(fd_, SOL_SOCKET, SO_SNDBUF, buffer_size);
  // DSCP EF, RFC 4594 §4.1: all of it is voice.
  set(fd_, IPPROTO_IP, IP_TOS, 0xb8);
  if (offload) set(fd_, SOL_UDP, UDP_GRO, 1);
}

DatagramSocket::~DatagramSocket() {
  if (fd_ >= 0) ::close(fd_);
}

Endpoint DatagramSocket::local_endpoint() const {
  sockaddr_in name{};
  socklen_t size = sizeof name;
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size);
  return Endpoint{IpAddress{ntohl(name.sin_addr.s_addr)}, ntohs(name.sin_port)};
}

}  // namespace roamdesk::tunnel::link

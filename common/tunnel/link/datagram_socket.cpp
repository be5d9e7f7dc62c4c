#include "common/tunnel/link/datagram_socket.hpp"

#include <linux/filter.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "common/net/socket_address.hpp"

namespace roamdesk::tunnel::link {
namespace {

constexpr int buffer_size = 4 * 1024 * 1024;  // what the kernel allows of it

void set(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof value); }

}  // namespace

DatagramSocket::DatagramSocket(Endpoint address, bool offload, bool shared)
    : fd_(net::open_datagram_socket(address.address, SOCK_NONBLOCK | SOCK_CLOEXEC)),
      family_(net::family_of(address.address)) {
  const net::SocketAddress name{address};
  if (shared && fd_ >= 0) set(fd_, SOL_SOCKET, SO_REUSEPORT, 1);
  if (fd_ < 0 || ::bind(fd_, &name.any, name.size) != 0) {
    const int error = errno;
    if (fd_ >= 0) ::close(fd_);
    throw std::system_error{error, std::generic_category(), "UDP " + to_string(address)};
  }
  net::ask_for_packet_info(fd_, family_);
  set(fd_, SOL_SOCKET, SO_RCVBUF, buffer_size);
  set(fd_, SOL_SOCKET, SO_SNDBUF, buffer_size);
  // DSCP EF, RFC 4594 §4.1: all of it is voice.
  net::mark(fd_, family_, 46);
  if (offload) set(fd_, SOL_UDP, UDP_GRO, 1);
}

DatagramSocket::~DatagramSocket() {
  if (fd_ >= 0) ::close(fd_);
}

// Three instructions of the old packet filter, which needs no privilege: the kernel runs them on the datagram's payload
// and takes the socket of the number that they yield. Where it is too short for a session, they yield 0.
bool DatagramSocket::steer(std::size_t threads) const {
  constexpr std::uint32_t session_at = 4;  // docs/tunnel.md, 6
  std::array<sock_filter, 3> code{{{BPF_LD | BPF_W | BPF_ABS, 0, 0, session_at},
                                   {BPF_ALU | BPF_MOD | BPF_K, 0, 0, static_cast<std::uint32_t>(threads)},
                                   {BPF_RET | BPF_A, 0, 0, 0}}};
  const sock_fprog program{code.size(), code.data()};
  return ::setsockopt(fd_, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program) == 0;
}

Endpoint DatagramSocket::local_endpoint() const {
  net::SocketAddress name;
  ::getsockname(fd_, &name.any, &name.size);
  return name.endpoint();
}

}  // namespace roamdesk::tunnel::link

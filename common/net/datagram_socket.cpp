#include "common/net/datagram_socket.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>

#include "common/net/socket_address.hpp"

namespace roamdesk::net {

using boost::asio::ip::udp;

boost::system::error_code DatagramSocket::last_error() { return {errno, boost::system::system_category()}; }

Result<void> DatagramSocket::prepare(IpAddress& address) {
  const int opened = open_datagram_socket(address, SOCK_CLOEXEC);
  if (opened < 0) return last_error();
  family_ = family_of(address);
  boost::system::error_code error;
  socket_.assign(family_ == AF_INET6 ? udp::v6() : udp::v4(), opened, error);
  if (!error) socket_.non_blocking(true, error);
  if (error) return error;
  if (!ask_for_packet_info(fd(), family_)) return last_error();
  const int off = 0;
  if (family_ == AF_INET6) ::setsockopt(fd(), IPPROTO_IPV6, IPV6_MULTICAST_ALL, &off, sizeof off);  // since Linux 4.20
  // Every Linux has it (since 2.6.31); QEMU, which runs the programs of other processors, refuses it.
  if (::setsockopt(fd(), IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off) != 0 && errno != ENOPROTOOPT)
    return last_error();
  return boost::system::in_place_value;
}

Result<void> DatagramSocket::bind(Endpoint address) {
  const SocketAddress name{address, family_};
  if (::bind(fd(), &name.any, name.size) != 0) return last_error();
  return boost::system::in_place_value;
}

void DatagramSocket::wait() {
  socket_.async_wait(udp::socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
    if (error || !self->is_open()) return;
    self->read();
    if (self->is_open()) self->wait();
  });
}

void DatagramSocket::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace roamdesk::net

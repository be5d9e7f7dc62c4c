#include "common/net/datagram_socket.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>

namespace roamdesk::net {

using boost::asio::ip::udp;

boost::system::error_code DatagramSocket::last_error() { return {errno, boost::system::system_category()}; }

Result<void> DatagramSocket::prepare() {
  boost::system::error_code error;
  socket_.open(udp::v4(), error);
  if (error) return error;
  socket_.non_blocking(true, error);
  if (error) return error;
  const int on = 1, off = 0;
  if (::setsockopt(fd(), IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0) return last_error();
  // Every Linux has it (since 2.6.31); QEMU, which runs the programs of other processors, refuses it.
  if (::setsockopt(fd(), IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off) != 0 && errno != ENOPROTOOPT)
    return last_error();
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

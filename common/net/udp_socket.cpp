#include "common/net/udp_socket.hpp"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include "common/net/receive_batch.hpp"

namespace roamdesk::net {

namespace asio = boost::asio;
using asio::ip::udp;

class UdpSocket::Impl : public std::enable_shared_from_this<UdpSocket::Impl> {
 public:
  Impl(asio::io_context& io, Receive receive) : socket_(io), receive_(std::move(receive)) {}

  Result<Endpoint> open(Endpoint listen) {
    boost::system::error_code error;
    socket_.open(udp::v4(), error);
    if (error) return error;
    socket_.non_blocking(true, error);
    const int fd = socket_.native_handle(), on = 1, off = 0, room = 4 << 20;
    if (::setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0 ||
        // Groups that others on this machine have joined aren't ours (PnP has its own socket).
        ::setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off) != 0)
      return boost::system::error_code{errno, boost::system::system_category()};
    // 150 ms of 20,000 datagrams a second; without the right to it, as much as net.core.rmem_max allows.
    if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
      ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    socket_.bind({asio::ip::address_v4{listen.address.value}, listen.port}, error);
    if (error) return error;
    // Only now, so that a second program on our port is refused, but a socket of the PnP group may be bound beside us.
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto bound = socket_.local_endpoint(error);
    if (error) return error;
    local_ = {listen.address, bound.port()};
    wait();
    return local_;
  }

  bool send(Endpoint local, Endpoint peer, std::string_view bytes) {
    if (!socket_.is_open()) return false;
    const Ipv4 from = local_.address.is_unspecified() ? local.address : Ipv4{};
    return send_datagram(socket_.native_handle(), from, peer, bytes);
  }

  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  Endpoint local() const { return local_; }

 private:
  void wait() {
    socket_.async_wait(udp::socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
      if (error || !self->socket_.is_open()) return;
      self->read();
      if (self->socket_.is_open()) self->wait();
    });
  }

  // A few batches a turn: a flood, most of which is dropped unread, doesn't fill the kernel's queue while other sockets
  // get their turns, and they do get them.
  void read() {
    constexpr int batches = 8;
    for (int batch = 0; batch < batches; ++batch) {
      const int count = ReceiveBatch::receive(socket_.native_handle());
      for (int i = 0; i < count && socket_.is_open(); ++i) {
        const Arrived arrived = ReceiveBatch::at(i);
        receive_({{arrived.local, local_.port}, arrived.peer, arrived.bytes});
      }
      if (count < static_cast<int>(ReceiveBatch::most) || !socket_.is_open()) return;
    }
  }

  udp::socket socket_;
  Receive receive_;
  Endpoint local_;
};

UdpSocket::UdpSocket(asio::io_context& io, Receive receive) : impl_(std::make_shared<Impl>(io, std::move(receive))) {}
UdpSocket::~UdpSocket() { impl_->close(); }
Result<Endpoint> UdpSocket::open(Endpoint listen) { return impl_->open(listen); }
bool UdpSocket::send(Endpoint local, Endpoint peer, std::string_view bytes) { return impl_->send(local, peer, bytes); }
Endpoint UdpSocket::local_endpoint() const { return impl_->local(); }
void UdpSocket::close() { impl_->close(); }

}  // namespace roamdesk::net

#include "common/net/udp_socket.hpp"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>

#include "common/asio/turn.hpp"
#include "common/net/datagram_socket.hpp"
#include "common/net/receive_batch.hpp"
#include "common/net/send_batch.hpp"
#include "common/net/socket_address.hpp"

namespace roamdesk::net {

namespace asio = boost::asio;

class UdpSocket::Impl final : public DatagramSocket {
 public:
  Impl(asio::io_context& io, Receive receive) : DatagramSocket(io), receive_(std::move(receive)) {}

  Result<Endpoint> open(Endpoint listen) {
    if (const auto prepared = prepare(listen.address); !prepared) return prepared.error();
    const int on = 1, room = 4 << 20;
    // 150 ms of 20,000 datagrams a second; without the right to it, as much as net.core.rmem_max allows.
    if (::setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
      ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (const auto bound = bind(listen); !bound) return bound.error();
    // Only now, so that a second program on our port is refused, but a socket of the PnP group may be bound beside us.
    ::setsockopt(fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    boost::system::error_code error;
    const auto bound = socket_.local_endpoint(error);
    if (error) return error;
    local_ = {listen.address, bound.port()};
    wait();
    return local_;
  }

  bool send(Endpoint local, Endpoint peer, std::string_view bytes) {
    if (!is_open()) return false;
    const IpAddress from = local_.address.is_unspecified() ? local.address : IpAddress{};
    return reading_ ? batch_.add(fd(), family(), from, peer, bytes) : send_datagram(fd(), family(), from, peer, bytes);
  }

  void shut() {
    // From inside a callback: what it has sent before it closed us leaves.
    if (is_open()) batch_.send(fd());
    close();
  }

  void mark(int dscp) {
    if (is_open()) net::mark(fd(), family(), dscp);
  }

  Endpoint local() const { return local_; }

 private:
  // A few batches a turn: a flood, most of which is dropped unread, doesn't fill the kernel's queue while other sockets
  // get their turns, and they do get them.
  void read() override {
    constexpr int batches = 8;
    for (int batch = 0; batch < batches; ++batch) {
      const int count = ReceiveBatch::receive(fd());
      reading_ = true;
      take(count);
      reading_ = false;
      if (is_open()) batch_.send(fd());
      if (count < static_cast<int>(ReceiveBatch::most) || !is_open()) return;
    }
  }

  // What is put off in this turn, such as waking a media thread, is done before the first answer leaves.
  void take(int count) {
    const Turn turn;
    for (int i = 0; i < count && is_open(); ++i) {
      const Arrived arrived = ReceiveBatch::at(i);
      receive_({{arrived.local, local_.port}, arrived.peer, arrived.bytes});
    }
  }

  Receive receive_;
  Endpoint local_;
  // Under way is a batch of datagrams that came; what is sent meanwhile leaves behind it.
  bool reading_ = false;
  SendBatch batch_;
};

UdpSocket::UdpSocket(asio::io_context& io, Receive receive) : impl_(std::make_shared<Impl>(io, std::move(receive))) {}
UdpSocket::~UdpSocket() { impl_->shut(); }
Result<Endpoint> UdpSocket::open(Endpoint listen) { return impl_->open(listen); }
bool UdpSocket::send(Endpoint local, Endpoint peer, std::string_view bytes) { return impl_->send(local, peer, bytes); }
void UdpSocket::mark(int dscp) { impl_->mark(dscp); }
Endpoint UdpSocket::local_endpoint() const { return impl_->local(); }
void UdpSocket::close() { impl_->shut(); }

}  // namespace roamdesk::net

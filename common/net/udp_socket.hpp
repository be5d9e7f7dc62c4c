#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::net {

struct Datagram {
  Endpoint local;  // the concrete address at which it arrived, also where the socket listens on 0.0.0.0 or ::
  Endpoint peer;
  std::string_view bytes;  // until the callback returns
};

// A UDP socket for signalling: received in batches (recvmmsg), sent from exactly the address that the caller names
// (PacketInfo), so that a phone sees one address whatever the routes say. What is sent from inside the callbacks of one
// batch leaves in one (sendmmsg), behind the last of them. One thread.
class UdpSocket {
 public:
  using Receive = std::function<void(const Datagram&)>;
  UdpSocket(boost::asio::io_context& io, Receive receive);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  // Binds (port 0: any) and begins to receive; the address it has. On :: it serves IPv4 as well.
  Result<Endpoint> open(Endpoint listen);
  // `local` is the address to send from; unspecified: the socket's own, or what the routes say. False: the kernel had
  // no room or no way; the datagram is lost, as datagrams may be. Inside a callback only a way is asked for.
  bool send(Endpoint local, Endpoint peer, std::string_view bytes);
  // DSCP of what leaves from now on, 0..63 (RFC 2474).
  void mark(int dscp);
  Endpoint local_endpoint() const;
  void close();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace roamdesk::net

#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"
#include "common/net/udp_socket.hpp"

namespace roamdesk::net {

// Listens to a multicast group of IPv4 (SIP PnP: 224.0.1.75:5060) on the interfaces that have the given addresses. A
// datagram is handed on with the address of the interface on which it came as `local.address` and `local.port` 0: the
// caller puts its own SIP port there, answers come from the SIP socket. Others on this machine may listen as well
// (SO_REUSEADDR). One thread.
class MulticastListener {
 public:
  MulticastListener(boost::asio::io_context& io, UdpSocket::Receive receive);
  ~MulticastListener();
  MulticastListener(const MulticastListener&) = delete;
  MulticastListener& operator=(const MulticastListener&) = delete;

  // An error where the port is taken exclusively or an address isn't one of this machine's.
  Result<void> open(Endpoint group, const std::vector<IpAddress>& interfaces);
  void close();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace roamdesk::net

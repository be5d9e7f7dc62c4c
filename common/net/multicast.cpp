#include "common/net/multicast.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>

#include "common/net/datagram_socket.hpp"
#include "common/net/receive_batch.hpp"

namespace roamdesk::net {

namespace asio = boost::asio;

namespace {

// One address that was joined on, its interface, and the network around it.
struct Joined {
  IpAddress address;
  int interface = 0;
  std::uint32_t mask = 0;
};

Result<Joined> find_interface(IpAddress address) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return boost::system::error_code{errno, boost::system::system_category()};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner{list, ::freeifaddrs};
  for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET || !entry->ifa_netmask) continue;
    const auto own = ntohl(reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr.s_addr);
    const auto mask = ntohl(reinterpret_cast<const sockaddr_in*>(entry->ifa_netmask)->sin_addr.s_addr);
    // All of 127/8 is this machine's. There, several programs each play a network of their own (the example
    // configurations, tests), so a /24 is taken as one.
    if (address.is_loopback() && (entry->ifa_flags & IFF_LOOPBACK))
      return Joined{address, static_cast<int>(::if_nametoindex(entry->ifa_name)), 0xffffff00};
    if (IpAddress{own} == address) return Joined{address, static_cast<int>(::if_nametoindex(entry->ifa_name)), mask};
  }
  return boost::system::errc::make_error_code(boost::system::errc::address_not_available);
}

}  // namespace

class MulticastListener::Impl final : public DatagramSocket {
 public:
  Impl(asio::io_context& io, UdpSocket::Receive receive) : DatagramSocket(io), receive_(std::move(receive)) {}

  Result<void> open(Endpoint group, const std::vector<IpAddress>& interfaces) {
    if (const auto prepared = prepare(group.address); !prepared) return prepared.error();
    const int on = 1;
    if (::setsockopt(fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return last_error();
    if (const auto bound = bind(group); !bound) return bound.error();
    for (const IpAddress address : interfaces) {
      const auto joined = find_interface(address);
      if (!joined) return joined.error();
      // By the address, as ip_mreqn's index doesn't survive QEMU's user mode, in which arm64 is tested.
      ip_mreq request{};
      request.imr_multiaddr.s_addr = htonl(group.address.v4());
      request.imr_interface.s_addr = htonl(address.v4());
      // EADDRINUSE: two addresses of one interface; joined already.
      if (::setsockopt(fd(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) != 0 && errno != EADDRINUSE)
        return last_error();
      joined_.push_back(*joined);
    }
    wait();
    return boost::system::in_place_value;
  }

 private:
  void read() override {
    const int count = ReceiveBatch::receive(fd());
    for (int i = 0; i < count && is_open(); ++i) {
      const Arrived arrived = ReceiveBatch::at(i);
      if (const Joined* joined = joined_for(arrived)) receive_({{joined->address, 0}, arrived.peer, arrived.bytes});
    }
  }

  // The address of the interface on which it came; of several there, the one in whose network the sender is.
  const Joined* joined_for(const Arrived& arrived) const {
    const Joined* found = nullptr;
    for (const Joined& joined : joined_) {
      if (joined.interface != arrived.interface) continue;
      const bool near = (joined.address.v4() & joined.mask) == (arrived.peer.address.v4() & joined.mask);
      if (near) return &joined;
      if (!joined.address.is_loopback() && !found) found = &joined;
    }
    return found;
  }

  UdpSocket::Receive receive_;
  std::vector<Joined> joined_;
};

MulticastListener::MulticastListener(asio::io_context& io, UdpSocket::Receive receive)
    : impl_(std::make_shared<Impl>(io, std::move(receive))) {}
MulticastListener::~MulticastListener() { impl_->close(); }
Result<void> MulticastListener::open(Endpoint group, const std::vector<IpAddress>& interfaces) {
  return impl_->open(group, interfaces);
}
void MulticastListener::close() { impl_->close(); }

}  // namespace roamdesk::net

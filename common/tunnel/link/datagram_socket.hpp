#pragma once
#include <cstdint>
#include <utility>

#include "common/base/endpoint.hpp"

namespace roamdesk::tunnel::link {

// On which of our sockets and addresses something arrived; an answer leaves from there, also where we have several
// addresses.
struct LocalAddress {
  std::size_t socket = 0;
  IpAddress address;
  friend auto operator<=>(const LocalAddress&, const LocalAddress&) = default;
};

// A UDP socket, non-blocking, on :: for IPv4 as well, with the destination address of each datagram reported, and GRO
// where the kernel has it.
class DatagramSocket {
 public:
  // `shared`: others that are shared may be bound to this address too, each for a media thread of its own. Throws
  // std::system_error, which names the address.
  DatagramSocket(Endpoint address, bool offload, bool shared = false);
  DatagramSocket(DatagramSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), family_(other.family_) {}
  DatagramSocket& operator=(DatagramSocket&&) = delete;
  ~DatagramSocket();
  int descriptor() const { return fd_; }
  int family() const { return family_; }
  Endpoint local_endpoint() const;
  // Of the sockets that share this one's address, the one that was bound as number thread_of(session, `threads`) gets a
  // media datagram of that session, and the first what is none. False: the kernel doesn't do that.
  bool steer(std::size_t threads) const;

 private:
  int fd_ = -1, family_ = 0;
};

}  // namespace roamdesk::tunnel::link

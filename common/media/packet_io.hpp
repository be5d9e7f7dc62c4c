#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/time.hpp"
#include "common/net/socket_address.hpp"

namespace roamdesk::media {

// Takes what PacketIo has, in PacketIo::dispatch(). What it does may close and open sockets. `tag` is what watch() or
// add() was given.
class PacketTaker {
 public:
  // `bytes` may be changed, and live until the call returns. Not `whole`: it was longer than most_bytes, and is cut.
  virtual void on_datagram(std::uint64_t tag, std::span<std::uint8_t> bytes, bool whole,
                           const net::SocketAddress& source, TimePoint now) = 0;
  // The socket has errors to be taken (take_unreachable).
  virtual void on_error(std::uint64_t tag, TimePoint now) = 0;
  // The descriptor is readable.
  virtual void on_ready(std::uint64_t tag, TimePoint now) = 0;
  // The socket of this tag; -1 where it has been closed.
  virtual int socket_of(std::uint64_t tag) = 0;

 protected:
  ~PacketTaker() = default;
};

// How the media thread asks the kernel for packets and gives it some. Belongs to one thread, which makes, uses and ends
// it. Nothing is allocated for a packet.
class PacketIo {
 public:
  // What the tunnel carries; anything longer comes cut.
  static constexpr std::size_t most_bytes = 1500;

  virtual ~PacketIo() = default;
  // Tells when this descriptor is readable, in each turn in which it is.
  virtual void watch(int fd, std::uint64_t tag) = 0;
  // Tells when this eventfd was written to, in the next turn; nobody needs to read it.
  virtual void listen(int fd, std::uint64_t tag) = 0;
  // Takes datagrams of this socket. A tag below 2^48 that no other socket has, had or will have.
  virtual void add(int fd, std::uint64_t tag) = 0;
  // Closes a socket that was added, and sets it to -1. When this returns its port is free, and nothing takes datagrams
  // from it any more; those that had been taken may still be given, by its tag.
  virtual void close(int& fd, std::uint64_t tag) = 0;
  // Sends one datagram, at the next wait() at the latest; `bytes` needn't live until then. What the kernel has no room
  // for, or may not send, is dropped, as a network would.
  virtual void send(int fd, std::uint64_t tag, std::span<const std::uint8_t> bytes, const net::SocketAddress& to) = 0;
  // Waits until there is something, `deadline` at most (TimePoint::max(): no end), or earlier for no reason; with
  // `pause` not before that, unless much has come.
  virtual void wait(std::optional<TimePoint> pause, TimePoint deadline) = 0;
  // Gives what has come, a bounded number of datagrams, no socket's so many that others wait for them.
  virtual void dispatch(PacketTaker& taker, TimePoint now) = 0;
};

}  // namespace roamdesk::media

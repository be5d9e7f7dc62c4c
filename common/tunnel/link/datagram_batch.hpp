#pragma once
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/net/socket_address.hpp"
#include "common/tunnel/link/datagram_socket.hpp"

namespace roamdesk::tunnel::link {

// Datagrams on their way out, in slots that are made when they are first needed, and stay. Those of one size for one
// destination leave as one super-datagram (UDP_SEGMENT), everything together in one system call a socket (sendmmsg).
class DatagramBatch {
 public:
  static constexpr std::size_t slots = 256;
  // A datagram that is a run of several packets stays below an IP packet of 1400 bytes, of IPv6 1420; a single long
  // packet may be larger (and is fragmented by IP).
  static constexpr std::size_t most_text = 1340;
  static constexpr std::size_t most_segment = 1372;

  struct Slot {
    std::array<std::uint8_t, 2048> bytes;
    std::size_t size = 0;
    Endpoint to;
    LocalAddress local;
  };

  DatagramBatch();
  bool full() const { return free_.empty() && made_.size() == slots; }
  // Not when full.
  Slot* take();
  void discard(Slot* slot) { free_.push_back(slot); }
  void commit(Slot* slot) { committed_.push_back(slot); }
  // Sends what is committed. What the kernel has no room for is dropped and counted: audio doesn't wait.
  void send(const std::vector<DatagramSocket>& sockets);

  // Since the start.
  std::uint64_t dropped() const { return dropped_; }
  void set_offload(bool offload) { offload_ = offload; }

 private:
  struct Control {
    alignas(cmsghdr) std::array<std::uint8_t, net::packet_info_space + CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };
  void order();
  std::size_t group(std::size_t first) const;
  void prepare(std::size_t message, std::size_t first, std::size_t count, int family);
  void send_messages(int fd, std::size_t first, std::size_t count);

  std::vector<std::unique_ptr<Slot>> made_;
  std::vector<Slot*> free_, committed_;
  std::array<mmsghdr, slots> messages_{};
  std::array<iovec, slots> pieces_{};
  std::array<net::SocketAddress, slots> names_{};
  std::array<Control, slots> controls_{};
  bool offload_ = true;
  std::uint64_t dropped_ = 0;
};

// Datagrams on their way in: recvmmsg into buffers made once; what GRO put together is taken apart again.
class DatagramInbox {
 public:
  DatagramInbox();
  // Calls `take(span, from, LocalAddress)` for each datagram there is, up to a bounded number.
  template <class Take>
  void receive(const DatagramSocket& socket, std::size_t index, Take&& take) {
    for (int round = 0; round < rounds; ++round) {
      const int count = read(socket);
      for (int i = 0; i < count; ++i) {
        const auto message = inspect(static_cast<std::size_t>(i), index);
        for (std::size_t at = 0; at < message.bytes.size(); at += message.segment) {
          take(message.bytes.subspan(at, std::min(message.segment, message.bytes.size() - at)), message.from,
               message.local);
        }
      }
      if (count < static_cast<int>(buffers)) return;
    }
  }

 private:
  static constexpr std::size_t buffers = 16, buffer_size = 65536;
  static constexpr int rounds = 4;
  struct Message {
    std::span<std::uint8_t> bytes;
    std::size_t segment;
    Endpoint from;
    LocalAddress local;
  };
  struct Control {
    alignas(cmsghdr) std::array<std::uint8_t, net::packet_info_space + CMSG_SPACE(sizeof(int))> bytes;
  };
  int read(const DatagramSocket& socket);
  Message inspect(std::size_t message, std::size_t index);

  std::unique_ptr<std::uint8_t[]> storage_;
  std::array<mmsghdr, buffers> messages_{};
  std::array<iovec, buffers> pieces_{};
  std::array<net::SocketAddress, buffers> names_{};
  std::array<Control, buffers> controls_{};
};

}  // namespace roamdesk::tunnel::link

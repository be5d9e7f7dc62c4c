#pragma once
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>

#include "common/media/packet_io.hpp"

namespace roamdesk::media {

// By epoll: every kernel has it. A packet in is a recvmmsg, which reads what else its socket has; a packet out is a
// sendto, since each stream has sockets of its own, so that a sendmmsg would hold one.
class EpollIo final : public PacketIo {
 public:
  // Throws std::system_error.
  EpollIo();
  ~EpollIo() override;
  EpollIo(const EpollIo&) = delete;
  EpollIo& operator=(const EpollIo&) = delete;

  void watch(int fd, std::uint64_t tag) override;
  void listen(int fd, std::uint64_t tag) override;
  void add(int fd, std::uint64_t tag) override;
  void close(int& fd, std::uint64_t tag) override;
  void send(int fd, std::uint64_t tag, std::span<const std::uint8_t> bytes, const net::SocketAddress& to) override;
  void wait(std::optional<TimePoint> pause, TimePoint deadline) override;
  void dispatch(PacketTaker& taker, TimePoint now) override;

 private:
  // Packets of one socket in a turn.
  static constexpr unsigned batch = 32;
  // Sockets in a turn.
  static constexpr std::size_t most_ready = 256;
  // Of a tag: it is a socket of add().
  static constexpr std::uint64_t added = std::uint64_t{1} << 63;

  void control(int fd, std::uint64_t tag, std::uint32_t events) const;
  void receive(PacketTaker& taker, std::uint64_t tag, TimePoint now);

  int epoll_ = -1;
  int count_ = 0;
  std::array<epoll_event, most_ready> ready_;
  std::array<std::array<std::uint8_t, most_bytes>, batch> buffers_;
  std::array<iovec, batch> vectors_{};
  std::array<mmsghdr, batch> messages_{};
  std::array<net::SocketAddress, batch> sources_{};
};

}  // namespace roamdesk::media

#pragma once
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "common/media/packet_io.hpp"
#include "common/media/uring.hpp"
#include "common/srtp/srtp.hpp"

namespace roamdesk::media {

// By io_uring: every socket has a receive under way that gives datagram after datagram, what is to be sent is queued,
// and one system call a turn hands the queue over and waits.
class UringIo final : public PacketIo {
 public:
  // Throws std::runtime_error that says why, where this machine has or allows no io_uring with all that is needed.
  UringIo();
  ~UringIo() override;
  UringIo(const UringIo&) = delete;
  UringIo& operator=(const UringIo&) = delete;

  void watch(int fd, std::uint64_t tag) override;
  void listen(int fd, std::uint64_t tag) override;
  void add(int fd, std::uint64_t tag) override;
  void close(int& fd, std::uint64_t tag) override;
  void send(int fd, std::uint64_t tag, std::span<const std::uint8_t> bytes, const net::SocketAddress& to) override;
  void wait(std::optional<TimePoint> pause, TimePoint deadline) override;
  void dispatch(PacketTaker& taker, TimePoint now) override;

 private:
  // Datagrams that end a pause: the buffers' share that leaves room for more.
  static constexpr unsigned much = 64;
  // Completions in a turn.
  static constexpr unsigned most_completions = 512;
  static constexpr std::size_t slots = 256;

  // A datagram on its way out. It stays where it is until the kernel has said what became of it.
  struct Slot {
    std::array<std::uint8_t, most_bytes + srtp::most_added> bytes;
    std::size_t size = 0;
    net::SocketAddress to;
    std::uint64_t tag = 0;
    bool again = false;
  };
  // A receive that has ended and is to begin again.
  struct Ended {
    std::uint64_t tag;
    // It had datagrams in this turn.
    bool fed;
  };

  void rung(PacketTaker& taker, const Uring::Completion& completion, TimePoint now);
  // nullopt: all are on their way.
  std::optional<std::size_t> free_slot();
  void submit_send(int fd, std::size_t index);
  void received(PacketTaker& taker, const Uring::Completion& completion, TimePoint now);
  void sent(PacketTaker& taker, const Uring::Completion& completion, TimePoint now);
  void begin_again(PacketTaker& taker);
  void tell_ready(PacketTaker& taker, TimePoint now);

  // Of what is watched; the ring polls it alone. A ring that dies with its process lets go of what it polls some
  // milliseconds late, and the tunnel's port must be free at once.
  int epoll_ = -1;
  bool polling_ = false;
  // Of listen(): descriptor and tag. Such a one is no port: the ring itself may poll it.
  struct Bell {
    int fd;
    std::uint64_t tag;
  };
  std::vector<Bell> bells_;
  // Made when they are first needed. Before the ring: what the kernel may read or write outlives it.
  std::vector<std::unique_ptr<Slot>> made_;
  std::vector<std::size_t> free_;
  std::vector<Ended> ended_;
  std::size_t sockets_ = 0;
  // The socket of the last datagram; where a socket's receive ends just behind one, it was fed.
  std::uint64_t last_fed_ = ~std::uint64_t{0};
  // Sends whose completions haven't been taken.
  unsigned sending_ = 0;
  Uring ring_{most_bytes};
};

}  // namespace roamdesk::media

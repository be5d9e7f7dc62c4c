#pragma once
#include <liburing.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "common/net/socket_address.hpp"

namespace roamdesk::media {

// A ring of io_uring with buffers for datagrams that arrive, as a thread uses it that makes, drives and ends it.
//
// What the kernel may write to lives until the kernel is done with it: each operation is counted until its last
// completion has come, and the end of a ring cancels all, waits for the last, and then gives the memory back.
class Uring {
 public:
  // What an operation was, in the upper bits of its completion's user_data; below them stands a tag.
  enum class Operation : std::uint8_t { receive = 1, send, poll, cancel, listen };
  static constexpr unsigned operation_shift = 48;
  static std::uint64_t mark(Operation operation, std::uint64_t tag) {
    return static_cast<std::uint64_t>(operation) << operation_shift | tag;
  }

  // What a completion says.
  struct Completion {
    Operation operation{};
    std::uint64_t tag = 0;
    int result = 0;
    unsigned flags = 0;
    // The operation goes on.
    bool more() const { return flags & IORING_CQE_F_MORE; }
  };
  // What a receive's completion brought; it lies in a buffer.
  struct Datagram {
    std::span<std::uint8_t> bytes;
    bool whole = true;
    net::SocketAddress source;
  };

  // Throws std::runtime_error that says why, where this machine has or allows no such ring.
  explicit Uring(std::size_t most_bytes);
  ~Uring();
  Uring(const Uring&) = delete;
  Uring& operator=(const Uring&) = delete;

  // Datagrams of the socket, each a completion, until one that says that there are no more.
  void receive(int fd, std::uint64_t tag);
  // A completion when the descriptor is readable, once.
  void poll(int fd, std::uint64_t tag);
  // A completion whenever the descriptor was written to, until one that says that there are no more.
  void listen(int fd, std::uint64_t tag);
  // What `bytes` and `to` refer to lives until the completion. It comes when the operation is submitted: what the
  // kernel has no room for isn't sent later.
  void send(int fd, std::uint64_t tag, std::span<const std::uint8_t> bytes, const sockaddr& to, socklen_t to_size);
  // Ends receive(): when this returns, nothing of it is under way. Submits everything.
  void cancel_receive(std::uint64_t tag);

  // Submits, and waits until there are `completions` or the time is over; nullptr: without end.
  void wait(unsigned completions, const __kernel_timespec* most);
  void submit() { io_uring_submit_and_get_events(&ring_); }
  unsigned waiting() const { return io_uring_cq_ready(&ring_); }
  // The oldest completion that waits; there is one.
  Completion take();
  // Of a receive's completion that has one; nullopt: it has none. It is good until recycle().
  std::optional<Datagram> datagram(const Completion& completion);
  void recycle(const Completion& completion);

 private:
  static constexpr unsigned queue = 512;
  static constexpr unsigned completions = 2048;
  static constexpr unsigned buffers = 256;  // where they are used up, datagrams wait in their sockets
  static constexpr std::uint16_t group = 0;

  io_uring_sqe* next();
  bool has_ended(std::uint64_t tag) const;
  void try_out();
  void end();

  struct Unmap {
    std::size_t size = 0;
    void operator()(void* memory) const;
  };
  using Memory = std::unique_ptr<void, Unmap>;
  static Memory map(std::size_t size);

  io_uring ring_{};
  msghdr shape_{};  // of every receive: room for an address
  std::size_t buffer_size_;
  Memory table_, room_;
  // Operations whose last completion hasn't been taken.
  std::size_t under_way_ = 0;
};

}  // namespace roamdesk::media

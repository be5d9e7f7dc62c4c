#include "common/media/uring.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace roamdesk::media {
namespace {

[[noreturn]] void fail(const char* what, int error) {
  std::string why = std::string{what} + ": " + std::strerror(error);
  if (error == EPERM) why += " (sysctl kernel.io_uring_disabled, or a filter of system calls)";
  throw std::runtime_error(why);
}

// Two sockets of which one has an address, which the other isn't connected to.
struct Pair {
  Pair() {
    for (int& end : ends) end = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // The kernel makes up a name (unix(7), autobind).
    const sockaddr unnamed{AF_UNIX, {}};
    if (ends[0] < 0 || ends[1] < 0 || bind(ends[0], &unnamed, sizeof unnamed.sa_family) != 0 ||
        getsockname(ends[0], &name.any, &name_size) != 0)
      fail("socket", errno);
  }
  ~Pair() {
    for (const int end : ends)
      if (end >= 0) close(end);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  std::array<int, 2> ends{};
  union {
    sockaddr any;
    sockaddr_un of_unix{};
  } name;
  socklen_t name_size = sizeof(sockaddr_un);
};

constexpr __kernel_timespec a_second{1, 0};

}  // namespace

void Uring::Unmap::operator()(void* memory) const { munmap(memory, size); }

Uring::Memory Uring::map(std::size_t size) {
  void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) fail("mmap", errno);
  return {memory, {size}};
}

Uring::Uring(std::size_t most_bytes)
    : buffer_size_(sizeof(io_uring_recvmsg_out) + sizeof(sockaddr_in6) + most_bytes),
      table_(map(buffers * sizeof(io_uring_buf))),
      room_(map(buffers * buffer_size_)) {
  shape_.msg_namelen = sizeof(sockaddr_in6);
  io_uring_params params{};
  params.cq_entries = completions;
  params.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CLAMP;
  if (const int error = io_uring_queue_init_params(queue, &ring_, &params); error < 0) fail("io_uring_setup", -error);
  try {
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uintptr_t>(table_.get());
    registration.ring_entries = buffers;
    registration.bgid = group;
    if (const int error = io_uring_register_buf_ring(&ring_, &registration, 0); error < 0)
      fail("io_uring_register", -error);
    auto* const table = static_cast<io_uring_buf_ring*>(table_.get());
    for (unsigned i = 0; i < buffers; ++i)
      io_uring_buf_ring_add(table, static_cast<std::uint8_t*>(room_.get()) + i * buffer_size_,
                            static_cast<unsigned>(buffer_size_), static_cast<unsigned short>(i),
                            io_uring_buf_ring_mask(buffers), static_cast<int>(i));
    io_uring_buf_ring_advance(table, buffers);
    try_out();
  } catch (...) {
    end();
    throw;
  }
}

Uring::~Uring() { end(); }

// What the loop needs of a kernel, done once: one that is too old, or a filter, is found before a call is.
void Uring::try_out() {
  const Pair pair;
  constexpr std::array<std::uint8_t, 8> text{'r', 'o', 'a', 'm', 'd', 'e', 's', 'k'};
  receive(pair.ends[0], 1);
  send(pair.ends[1], 2, text, pair.name.any, pair.name_size);
  bool sent = false, received = false;
  for (int i = 0; i < 3 && !(sent && received); ++i) {
    wait(1, &a_second);
    while (waiting() > 0) {
      const auto completion = take();
      if (completion.result < 0) fail("io_uring: receiving or sending", -completion.result);
      if (completion.operation == Operation::send) sent = completion.result == static_cast<int>(text.size());
      if (completion.operation != Operation::receive) continue;
      const auto datagram = this->datagram(completion);
      received = completion.more() && datagram && std::ranges::equal(datagram->bytes, text);
      recycle(completion);
    }
  }
  if (!sent || !received) throw std::runtime_error("io_uring: this kernel doesn't receive into provided buffers");
  cancel_receive(1);
  while (waiting() > 0) take();
}

void Uring::end() {
  if (under_way_ > 0) {
    auto* const all = next();
    io_uring_prep_cancel64(all, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
    io_uring_sqe_set_data64(all, mark(Operation::cancel, 0));
    // The kernel works off a few completions a call.
    for (auto before = under_way_ + 1; under_way_ > 0 && under_way_ < before;) {
      before = under_way_;
      wait(1, &a_second);
      while (waiting() > 0) take();
    }
  }
  io_uring_queue_exit(&ring_);
  if (under_way_ == 0) return;
  // The kernel didn't let go of something, which can't be: it had better write to memory that is nobody's.
  static_cast<void>(table_.release());
  static_cast<void>(room_.release());
}

// A full queue is handed over; the kernel takes none of it only while it has no memory.
io_uring_sqe* Uring::next() {
  auto* sqe = io_uring_get_sqe(&ring_);
  while (!sqe) {
    io_uring_submit(&ring_);
    sqe = io_uring_get_sqe(&ring_);
  }
  ++under_way_;
  return sqe;
}

void Uring::receive(int fd, std::uint64_t tag) {
  auto* const sqe = next();
  io_uring_prep_recvmsg_multishot(sqe, fd, &shape_, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = group;
  io_uring_sqe_set_data64(sqe, mark(Operation::receive, tag));
}

void Uring::poll(int fd, std::uint64_t tag) {
  auto* const sqe = next();
  io_uring_prep_poll_add(sqe, fd, POLLIN);
  io_uring_sqe_set_data64(sqe, mark(Operation::poll, tag));
}

void Uring::listen(int fd, std::uint64_t tag) {
  auto* const sqe = next();
  io_uring_prep_poll_multishot(sqe, fd, POLLIN);
  io_uring_sqe_set_data64(sqe, mark(Operation::listen, tag));
}

void Uring::send(int fd, std::uint64_t tag, std::span<const std::uint8_t> bytes, const sockaddr& to,
                 socklen_t to_size) {
  auto* const sqe = next();
  io_uring_prep_send(sqe, fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  io_uring_prep_send_set_addr(sqe, &to, static_cast<__u16>(to_size));
  io_uring_sqe_set_data64(sqe, mark(Operation::send, tag));
}

void Uring::cancel_receive(std::uint64_t tag) {
  auto* const sqe = next();
  io_uring_prep_cancel64(sqe, mark(Operation::receive, tag), IORING_ASYNC_CANCEL_ALL);
  io_uring_sqe_set_data64(sqe, mark(Operation::cancel, tag));
  // The kernel works off a few completions a call, and others' may wait before these.
  constexpr int most_calls = 1000;
  for (int i = 0; i < most_calls; ++i) {
    submit();
    if (has_ended(tag)) return;
  }
}

// By what waits in the completion queue: the cancellation's word that there was nothing to cancel, or the end itself.
bool Uring::has_ended(std::uint64_t tag) const {
  bool cancelled = false, nothing = false, ended = false;
  unsigned at = 0;
  io_uring_cqe* cqe = nullptr;
  io_uring_for_each_cqe(&ring_, at, cqe) {
    if (cqe->user_data == mark(Operation::cancel, tag)) {
      cancelled = true;
      nothing = cqe->res <= 0;
    }
    if (cqe->user_data == mark(Operation::receive, tag) && !(cqe->flags & IORING_CQE_F_MORE)) ended = true;
  }
  return cancelled && (nothing || ended);
}

void Uring::wait(unsigned wanted, const __kernel_timespec* most) {
  io_uring_cqe* first = nullptr;
  // Whatever ends it early (a signal, a full completion queue): there is another turn.
  io_uring_submit_and_wait_timeout(&ring_, &first, std::min(wanted, completions / 2),
                                   const_cast<__kernel_timespec*>(most), nullptr);
}

Uring::Completion Uring::take() {
  io_uring_cqe* cqe = nullptr;
  io_uring_peek_cqe(&ring_, &cqe);
  const Completion completion{static_cast<Operation>(cqe->user_data >> operation_shift),
                              cqe->user_data & ((std::uint64_t{1} << operation_shift) - 1), cqe->res, cqe->flags};
  io_uring_cqe_seen(&ring_, cqe);
  if (!completion.more()) --under_way_;
  return completion;
}

std::optional<Uring::Datagram> Uring::datagram(const Completion& completion) {
  if (completion.result < 0 || !(completion.flags & IORING_CQE_F_BUFFER)) return std::nullopt;
  const auto index = completion.flags >> IORING_CQE_BUFFER_SHIFT;
  auto* const buffer = static_cast<std::uint8_t*>(room_.get()) + index * buffer_size_;
  auto* const out = io_uring_recvmsg_validate(buffer, completion.result, &shape_);
  if (!out) return std::nullopt;
  Datagram datagram;
  datagram.bytes = {static_cast<std::uint8_t*>(io_uring_recvmsg_payload(out, &shape_)),
                    io_uring_recvmsg_payload_length(out, completion.result, &shape_)};
  datagram.whole = (out->flags & MSG_TRUNC) == 0;
  std::memcpy(&datagram.source.v6, io_uring_recvmsg_name(out),
              std::min<std::size_t>(out->namelen, sizeof datagram.source.v6));
  return datagram;
}

void Uring::recycle(const Completion& completion) {
  if (!(completion.flags & IORING_CQE_F_BUFFER)) return;
  const auto index = completion.flags >> IORING_CQE_BUFFER_SHIFT;
  auto* const table = static_cast<io_uring_buf_ring*>(table_.get());
  io_uring_buf_ring_add(table, static_cast<std::uint8_t*>(room_.get()) + index * buffer_size_,
                        static_cast<unsigned>(buffer_size_), static_cast<unsigned short>(index),
                        io_uring_buf_ring_mask(buffers), 0);
  io_uring_buf_ring_advance(table, 1);
}

}  // namespace roamdesk::media

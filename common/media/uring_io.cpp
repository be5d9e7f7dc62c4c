#include "common/media/uring_io.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "common/media/sockets.hpp"

namespace roamdesk::media {
namespace {

__kernel_timespec until(TimePoint time) {
  using namespace std::chrono;
  const auto left = std::max<nanoseconds>(time - steady_clock::now(), nanoseconds{0});
  const auto whole = floor<seconds>(left);
  return {whole.count(), (left - whole).count()};
}

}  // namespace

UringIo::UringIo() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::system_category(), "epoll");
  made_.reserve(slots);
  free_.reserve(slots);
}

UringIo::~UringIo() { ::close(epoll_); }

void UringIo::watch(int fd, std::uint64_t tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void UringIo::listen(int fd, std::uint64_t tag) {
  bells_.push_back({fd, tag});
  ring_.listen(fd, tag);
}

void UringIo::rung(PacketTaker& taker, const Uring::Completion& completion, TimePoint now) {
  if (!completion.more())
    for (const auto& bell : bells_)
      if (bell.tag == completion.tag) ring_.listen(bell.fd, bell.tag);
  taker.on_ready(completion.tag, now);
}

void UringIo::add(int fd, std::uint64_t tag) {
  // So that a packet allocates nothing.
  if (ended_.capacity() < 2 * ++sockets_) ended_.reserve(4 * sockets_);
  ring_.receive(fd, tag);
}

void UringIo::close(int& fd, std::uint64_t tag) {
  if (fd < 0) return;
  // The kernel's receive holds the socket, and with it the port, until it is cancelled. What was queued for it leaves.
  ring_.cancel_receive(tag);
  --sockets_;
  close_udp(fd);
}

std::optional<std::size_t> UringIo::free_slot() {
  if (free_.empty()) {
    if (made_.size() == slots) return std::nullopt;
    made_.push_back(std::make_unique<Slot>());
    return made_.size() - 1;
  }
  const auto index = free_.back();
  free_.pop_back();
  return index;
}

void UringIo::send(int fd, std::uint64_t tag, std::span<const std::uint8_t> bytes, const net::SocketAddress& to) {
  const auto index = bytes.size() > sizeof(Slot::bytes) ? std::nullopt : free_slot();
  if (!index) {
    // A turn with more than it has slots for: these leave by themselves, behind what was queued.
    ring_.submit();
    return send_now(fd, bytes, to);
  }
  auto& slot = *made_[*index];
  std::copy(bytes.begin(), bytes.end(), slot.bytes.begin());
  slot.size = bytes.size();
  slot.to = to;
  slot.tag = tag;
  slot.again = false;
  submit_send(fd, *index);
}

void UringIo::submit_send(int fd, std::size_t index) {
  ++sending_;
  const auto& slot = *made_[index];
  ring_.send(fd, index, std::span{slot.bytes}.first(slot.size), slot.to.any, slot.to.size);
}

void UringIo::wait(std::optional<TimePoint> pause, TimePoint deadline) {
  if (!polling_) ring_.poll(epoll_, 0);
  polling_ = true;
  if (ring_.waiting() > 0) return ring_.submit();
  // Sends complete as they are submitted; what is waited for comes beyond them.
  const unsigned wanted = sending_ + (pause ? much : 1);
  const auto end = pause ? std::min(*pause, deadline) : deadline;
  if (end == TimePoint::max()) return ring_.wait(wanted, nullptr);
  const auto most = until(end);
  ring_.wait(wanted, &most);
}

void UringIo::dispatch(PacketTaker& taker, TimePoint now) {
  for (unsigned count = std::min(ring_.waiting(), most_completions); count > 0; --count) {
    const auto completion = ring_.take();
    switch (completion.operation) {
      case Uring::Operation::receive:
        received(taker, completion, now);
        break;
      case Uring::Operation::send:
        sent(taker, completion, now);
        break;
      case Uring::Operation::poll:
        polling_ = false;
        tell_ready(taker, now);
        break;
      case Uring::Operation::listen:
        rung(taker, completion, now);
        break;
      case Uring::Operation::cancel:
        break;
    }
  }
  begin_again(taker);
}

void UringIo::tell_ready(PacketTaker& taker, TimePoint now) {
  std::array<epoll_event, 16> ready;
  const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 0);
  for (int i = 0; i < count; ++i) taker.on_ready(ready[static_cast<std::size_t>(i)].data.u64, now);
}

void UringIo::received(PacketTaker& taker, const Uring::Completion& completion, TimePoint now) {
  if (auto datagram = ring_.datagram(completion)) {
    taker.on_datagram(completion.tag, datagram->bytes, datagram->whole, datagram->source, now);
    last_fed_ = completion.tag;
  }
  ring_.recycle(completion);
  // Cancelled: its socket has been closed.
  if (completion.more() || completion.result == -ECANCELED) return;
  if (completion.result < 0 && completion.result != -ENOBUFS) taker.on_error(completion.tag, now);
  ended_.push_back({completion.tag, last_fed_ == completion.tag});
}

void UringIo::sent(PacketTaker& taker, const Uring::Completion& completion, TimePoint now) {
  --sending_;
  auto& slot = *made_[completion.tag];
  if (completion.result < 0 && completion.result != -EAGAIN) {
    // Where ICMP has spoken of an earlier packet, the first call brought that and no more.
    taker.on_error(slot.tag, now);
    const int fd = slot.again ? -1 : taker.socket_of(slot.tag);
    slot.again = true;
    if (fd >= 0) return submit_send(fd, completion.tag);
  }
  free_.push_back(completion.tag);
}

// Receives that ended because the buffers were used up begin in this order: first those that have had none. So a flood
// of one socket, which uses them up, leaves some to the others.
void UringIo::begin_again(PacketTaker& taker) {
  for (const bool fed : {false, true})
    for (const auto& ended : ended_)
      if (ended.fed == fed)
        if (const int fd = taker.socket_of(ended.tag); fd >= 0) ring_.receive(fd, ended.tag);
  ended_.clear();
  last_fed_ = ~std::uint64_t{0};
}

}  // namespace roamdesk::media

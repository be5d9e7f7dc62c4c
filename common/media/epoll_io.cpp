#include "common/media/epoll_io.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "common/media/sockets.hpp"

namespace roamdesk::media {
namespace {

// steady_clock is CLOCK_MONOTONIC.
void sleep_until(TimePoint time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const timespec at{static_cast<time_t>(seconds.count()),
                    static_cast<long>(std::chrono::nanoseconds{since - seconds}.count())};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
}

// Rounded up: a frame leaves less than a millisecond late, and that doesn't add up.
int timeout_ms(TimePoint deadline) {
  if (deadline == TimePoint::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
}

}  // namespace

EpollIo::EpollIo() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::system_category(), "epoll");
  for (unsigned i = 0; i < batch; ++i) {
    vectors_[i] = {buffers_[i].data(), buffers_[i].size()};
    messages_[i].msg_hdr.msg_iov = &vectors_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
    messages_[i].msg_hdr.msg_name = &sources_[i].any;
    messages_[i].msg_hdr.msg_namelen = sizeof(sockaddr_in6);
  }
}

EpollIo::~EpollIo() { ::close(epoll_); }

void EpollIo::control(int fd, std::uint64_t tag, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void EpollIo::watch(int fd, std::uint64_t tag) { control(fd, tag, EPOLLIN); }

// Every write to an eventfd is an edge, whatever it holds already.
void EpollIo::listen(int fd, std::uint64_t tag) { control(fd, tag, EPOLLIN | EPOLLET); }

void EpollIo::add(int fd, std::uint64_t tag) { watch(fd, tag | added); }

void EpollIo::close(int& fd, std::uint64_t) { close_udp(fd); }

void EpollIo::send(int fd, std::uint64_t, std::span<const std::uint8_t> bytes, const net::SocketAddress& to) {
  send_now(fd, bytes, to);
}

void EpollIo::wait(std::optional<TimePoint> pause, TimePoint deadline) {
  // Where a turn was full, more waits already.
  if (pause && count_ < static_cast<int>(ready_.size())) sleep_until(std::min(*pause, deadline));
  count_ = epoll_wait(epoll_, ready_.data(), static_cast<int>(ready_.size()), timeout_ms(deadline));
}

void EpollIo::dispatch(PacketTaker& taker, TimePoint now) {
  for (int i = 0; i < count_; ++i) {
    const auto& event = ready_[static_cast<std::size_t>(i)];
    const auto tag = event.data.u64 & ~added;
    if (tag == event.data.u64) {
      taker.on_ready(tag, now);
      continue;
    }
    if (event.events & EPOLLERR) taker.on_error(tag, now);
    receive(taker, tag, now);
  }
}

void EpollIo::receive(PacketTaker& taker, std::uint64_t tag, TimePoint now) {
  // Asked for by its tag: what was taken earlier in this turn may have closed it.
  const int fd = taker.socket_of(tag);
  if (fd < 0) return;
  const int count = recvmmsg(fd, messages_.data(), batch, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    auto& header = messages_[index].msg_hdr;
    header.msg_namelen = sizeof(sockaddr_in6);
    taker.on_datagram(tag, std::span{buffers_[index]}.first(messages_[index].msg_len),
                      (header.msg_flags & MSG_TRUNC) == 0, sources_[index], now);
  }
}

}  // namespace roamdesk::media

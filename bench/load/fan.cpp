#include "bench/load/fan.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace roamdesk::load {
namespace {

constexpr std::size_t largest = 65536;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

Fan::Fan(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)), port_(port), buffer_(largest) {
  if (fd_ < 0) fail("socket");
  const int on = 1, room = 8 << 20;
  ::setsockopt(fd_, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  if (::setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_port = htons(port);
  if (::bind(fd_, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) fail("bind");
}

Fan::~Fan() { ::close(fd_); }

void Fan::send(std::uint32_t from, const sockaddr_in& to, std::string_view bytes) {
  iovec vector{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> control{};
  msghdr header{};
  header.msg_name = const_cast<sockaddr_in*>(&to);
  header.msg_namelen = sizeof to;
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  cmsghdr* c = CMSG_FIRSTHDR(&header);
  c->cmsg_level = IPPROTO_IP;
  c->cmsg_type = IP_PKTINFO;
  c->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
  in_pktinfo info{};
  info.ipi_spec_dst.s_addr = htonl(from);
  std::memcpy(CMSG_DATA(c), &info, sizeof info);
  // What the kernel doesn't take is lost, as on any network; the phone says it again and the run is void.
  (void)::sendmsg(fd_, &header, MSG_NOSIGNAL);
}

void Fan::stamp() {
  const int on = 1;
  if (::setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0) fail("SO_TIMESTAMPNS");
}

void Fan::receive(std::chrono::nanoseconds timeout, const Take& take) {
  pollfd entry{fd_, POLLIN, 0};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(timeout);
  const timespec most{static_cast<time_t>(seconds.count()), static_cast<long>((timeout - seconds).count())};
  if (::ppoll(&entry, 1, &most, nullptr) <= 0) return;
  for (;;) {
    sockaddr_in peer{};
    iovec vector{buffer_.data(), buffer_.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo)) + CMSG_SPACE(sizeof(timespec))> control{};
    msghdr header{};
    header.msg_name = &peer;
    header.msg_namelen = sizeof peer;
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const auto size = ::recvmsg(fd_, &header, MSG_DONTWAIT);
    if (size < 0) return;
    in_pktinfo info{};
    timespec at{};
    for (cmsghdr* c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c)) {
      if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) std::memcpy(&info, CMSG_DATA(c), sizeof info);
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) std::memcpy(&at, CMSG_DATA(c), sizeof at);
    }
    using std::chrono::system_clock;
    arrived_ = system_clock::time_point{std::chrono::duration_cast<system_clock::duration>(
        std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec})};
    take(ntohl(info.ipi_addr.s_addr), peer, {buffer_.data(), static_cast<std::size_t>(size)});
  }
}

}  // namespace roamdesk::load

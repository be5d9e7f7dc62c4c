#include "common/net/receive_batch.hpp"

#include <array>
#include <memory>

namespace roamdesk::net {
namespace {

struct Buffers {
  std::array<std::array<char, largest_datagram + 1>, ReceiveBatch::most> bytes;
  std::array<mmsghdr, ReceiveBatch::most> headers{};
  std::array<iovec, ReceiveBatch::most> vectors{};
  std::array<SocketAddress, ReceiveBatch::most> peers{};
  alignas(cmsghdr) std::array<std::array<char, packet_info_space>, ReceiveBatch::most> control{};
};

Buffers& buffers() {
  thread_local const std::unique_ptr<Buffers> instance = std::make_unique_for_overwrite<Buffers>();
  return *instance;
}

}  // namespace

int ReceiveBatch::receive(int fd) {
  Buffers& b = buffers();
  for (std::size_t i = 0; i < most; ++i) {
    b.vectors[i] = {b.bytes[i].data(), b.bytes[i].size()};
    msghdr& header = b.headers[i].msg_hdr;
    header = {};
    header.msg_name = &b.peers[i].any;
    header.msg_namelen = sizeof(sockaddr_in6);
    header.msg_iov = &b.vectors[i];
    header.msg_iovlen = 1;
    header.msg_control = b.control[i].data();
    header.msg_controllen = packet_info_space;
  }
  return ::recvmmsg(fd, b.headers.data(), most, MSG_DONTWAIT, nullptr);
}

Arrived ReceiveBatch::at(int index) {
  Buffers& b = buffers();
  const auto i = static_cast<std::size_t>(index);
  Arrived arrived;
  msghdr& header = b.headers[i].msg_hdr;
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c)) read_packet_info(*c, arrived);
  arrived.peer = b.peers[i].endpoint();
  arrived.bytes = {b.bytes[i].data(), b.headers[i].msg_len};
  return arrived;
}

bool send_datagram(int fd, int family, IpAddress from, Endpoint to, std::string_view bytes) {
  SocketAddress peer{to, family};
  iovec vector{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, packet_info_space> control{};
  msghdr header{};
  header.msg_name = &peer.any;
  header.msg_namelen = peer.size;
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  if (!from.is_unspecified()) {
    header.msg_control = control.data();
    header.msg_controllen = write_packet_info(*reinterpret_cast<cmsghdr*>(control.data()), family, from);
  }
  return peer.size > 0 && ::sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

}  // namespace roamdesk::net

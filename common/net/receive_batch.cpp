#include "common/net/receive_batch.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <memory>

namespace roamdesk::net {
namespace {

constexpr std::size_t control_size = CMSG_SPACE(sizeof(in_pktinfo));

struct Buffers {
  std::array<std::array<char, largest_datagram + 1>, ReceiveBatch::most> bytes;
  std::array<mmsghdr, ReceiveBatch::most> headers{};
  std::array<iovec, ReceiveBatch::most> vectors{};
  std::array<sockaddr_in, ReceiveBatch::most> peers{};
  alignas(cmsghdr) std::array<std::array<char, control_size>, ReceiveBatch::most> control{};
};

Buffers& buffers() {
  thread_local const std::unique_ptr<Buffers> instance = std::make_unique<Buffers>();
  return *instance;
}

}  // namespace

int ReceiveBatch::receive(int fd) {
  Buffers& b = buffers();
  for (std::size_t i = 0; i < most; ++i) {
    b.vectors[i] = {b.bytes[i].data(), b.bytes[i].size()};
    msghdr& header = b.headers[i].msg_hdr;
    header = {};
    header.msg_name = &b.peers[i];
    header.msg_namelen = sizeof(sockaddr_in);
    header.msg_iov = &b.vectors[i];
    header.msg_iovlen = 1;
    header.msg_control = b.control[i].data();
    header.msg_controllen = control_size;
  }
  return ::recvmmsg(fd, b.headers.data(), most, MSG_DONTWAIT, nullptr);
}

Arrived ReceiveBatch::at(int index) {
  Buffers& b = buffers();
  const auto i = static_cast<std::size_t>(index);
  Arrived arrived;
  msghdr& header = b.headers[i].msg_hdr;
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c))
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
      arrived.destination = {ntohl(info.ipi_addr.s_addr)};
      arrived.local = {ntohl(info.ipi_spec_dst.s_addr)};
      arrived.interface = info.ipi_ifindex;
    }
  arrived.peer = {{ntohl(b.peers[i].sin_addr.s_addr)}, ntohs(b.peers[i].sin_port)};
  arrived.bytes = {b.bytes[i].data(), b.headers[i].msg_len};
  return arrived;
}

bool send_datagram(int fd, IpAddress from, Endpoint to, std::string_view bytes) {
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_addr.s_addr = htonl(to.address.value);
  peer.sin_port = htons(to.port);
  iovec vector{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, control_size> control{};
  msghdr header{};
  header.msg_name = &peer;
  header.msg_namelen = sizeof peer;
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  if (!from.is_unspecified()) {
    header.msg_control = control.data();
    header.msg_controllen = control_size;
    cmsghdr* c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo info{};
    info.ipi_spec_dst.s_addr = htonl(from.value);
    std::memcpy(CMSG_DATA(c), &info, sizeof info);
  }
  return ::sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

}  // namespace roamdesk::net

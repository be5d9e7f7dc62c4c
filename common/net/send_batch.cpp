#include "common/net/send_batch.hpp"

namespace roamdesk::net {

bool SendBatch::add(int fd, int family, IpAddress from, Endpoint to, std::string_view bytes) {
  const SocketAddress peer{to, family};
  if (peer.size == 0) return false;
  if (count_ == entries_.size()) entries_.emplace_back();
  Entry& entry = entries_[count_++];
  entry.bytes = bytes;
  entry.peer = peer;
  entry.control_size = 0;
  if (!from.is_unspecified())
    entry.control_size = write_packet_info(*reinterpret_cast<cmsghdr*>(entry.control.data()), family, from);
  if (count_ == most) send(fd);
  return true;
}

void SendBatch::send(int fd) {
  std::array<mmsghdr, most> headers{};
  std::array<iovec, most> vectors{};
  for (std::size_t i = 0; i < count_; ++i) {
    Entry& entry = entries_[i];
    vectors[i] = {entry.bytes.data(), entry.bytes.size()};
    msghdr& header = headers[i].msg_hdr;
    header.msg_name = &entry.peer.any;
    header.msg_namelen = entry.peer.size;
    header.msg_iov = &vectors[i];
    header.msg_iovlen = 1;
    if (entry.control_size == 0) continue;
    header.msg_control = entry.control.data();
    header.msg_controllen = entry.control_size;
  }
  for (std::size_t sent = 0; sent < count_; ++calls_) {
    const int some =
        ::sendmmsg(fd, headers.data() + sent, static_cast<unsigned>(count_ - sent), MSG_DONTWAIT | MSG_NOSIGNAL);
    // The first of them was refused: those behind it may well leave.
    sent += some > 0 ? static_cast<std::size_t>(some) : 1;
  }
  count_ = 0;
}

}  // namespace roamdesk::net

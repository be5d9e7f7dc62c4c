#include "common/tunnel/link/datagram_batch.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <tuple>

namespace roamdesk::tunnel::link {
namespace {

constexpr std::size_t most_segments = 64;  // UDP_MAX_SEGMENTS
constexpr std::size_t most_super = 65000;  // of an IP packet's 65,535 bytes

}  // namespace

DatagramBatch::DatagramBatch() {
  made_.reserve(slots);
  free_.reserve(slots);
  committed_.reserve(slots);
}

DatagramBatch::Slot* DatagramBatch::take() {
  assert(!full());
  if (free_.empty()) return made_.emplace_back(std::make_unique<Slot>()).get();
  auto* slot = free_.back();
  free_.pop_back();
  return slot;
}

// By socket and destination, each destination's datagrams in their order (the counter, which lies in the header,
// grows).
void DatagramBatch::order() {
  const auto key = [](const Slot* slot) { return std::tie(slot->local, slot->to); };
  if (std::is_sorted(committed_.begin(), committed_.end(), [&](auto* a, auto* b) { return key(a) < key(b); })) return;
  std::sort(committed_.begin(), committed_.end(), [&](const Slot* a, const Slot* b) {
    if (key(a) != key(b)) return key(a) < key(b);
    return std::memcmp(a->bytes.data() + 2, b->bytes.data() + 2, 14) < 0;
  });
}

// How many datagrams from `first` on can leave as one super-datagram: equal sizes, of which only the last may be
// shorter.
std::size_t DatagramBatch::group(std::size_t first) const {
  const auto& head = *committed_[first];
  if (!offload_ || head.size > most_segment) return 1;
  std::size_t count = 1, total = head.size;
  while (first + count < committed_.size() && count < most_segments) {
    const auto& next = *committed_[first + count];
    if (next.to != head.to || next.local != head.local || next.size > head.size || total + next.size > most_super)
      break;
    ++count;
    total += next.size;
    if (next.size < head.size) break;
  }
  return count;
}

void DatagramBatch::prepare(std::size_t message, std::size_t first, std::size_t count, int family) {
  const auto& head = *committed_[first];
  for (std::size_t i = first; i < first + count; ++i) pieces_[i] = {committed_[i]->bytes.data(), committed_[i]->size};
  auto& name = names_[message];
  name = net::SocketAddress{head.to, family};
  auto& header = messages_[message].msg_hdr;
  header = {};
  header.msg_name = &name.any;
  header.msg_namelen = name.size;
  header.msg_iov = &pieces_[first];
  header.msg_iovlen = count;
  auto& control = controls_[message].bytes;
  control.fill(0);
  std::size_t used = 0;
  const auto entry = [&] { return reinterpret_cast<cmsghdr*>(control.data() + used); };
  if (!head.local.address.is_unspecified()) used += net::write_packet_info(*entry(), family, head.local.address);
  if (count > 1) {
    const auto size = static_cast<std::uint16_t>(head.size);
    entry()->cmsg_level = SOL_UDP;
    entry()->cmsg_type = UDP_SEGMENT;
    entry()->cmsg_len = CMSG_LEN(sizeof size);
    std::memcpy(CMSG_DATA(entry()), &size, sizeof size);
    used += CMSG_SPACE(sizeof size);
  }
  header.msg_control = used > 0 ? control.data() : nullptr;
  header.msg_controllen = used;
}

void DatagramBatch::send_messages(int fd, std::size_t first, std::size_t count) {
  std::size_t sent = 0;
  while (sent < count) {
    const int done = ::sendmmsg(fd, &messages_[first + sent], static_cast<unsigned>(count - sent), 0);
    if (done > 0) {
      sent += static_cast<std::size_t>(done);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == ENOBUFS) {
      for (; sent < count; ++sent) dropped_ += messages_[first + sent].msg_hdr.msg_iovlen;
      return;
    }
    // This one can't go. Where the interface has no checksum offload, a super-datagram is refused (EIO, EINVAL): from
    // now on each leaves alone, and so do the pieces of this one.
    auto& refused = messages_[first + sent].msg_hdr;
    const auto pieces = refused.msg_iovlen;
    if (pieces > 1 && (errno == EIO || errno == EINVAL || errno == EOPNOTSUPP)) {
      offload_ = false;
      auto* piece = refused.msg_iov;
      refused.msg_iovlen = 1;
      for (auto at = static_cast<cmsghdr*>(refused.msg_control); at != nullptr; at = CMSG_NXTHDR(&refused, at)) {
        if (at->cmsg_level == SOL_UDP) {  // always the last
          refused.msg_controllen = static_cast<std::size_t>(reinterpret_cast<std::uint8_t*>(at) -
                                                            static_cast<std::uint8_t*>(refused.msg_control));
          break;
        }
      }
      if (refused.msg_controllen == 0) refused.msg_control = nullptr;
      for (std::size_t i = 0; i < pieces; ++i) {
        refused.msg_iov = piece + i;
        if (::sendmsg(fd, &refused, 0) < 0) ++dropped_;
      }
    } else {
      dropped_ += pieces;
    }
    ++sent;
  }
}

void DatagramBatch::send(const std::vector<DatagramSocket>& sockets) {
  if (committed_.empty()) return;
  order();
  std::size_t messages = 0, sent = 0;
  for (std::size_t at = 0; at < committed_.size();) {
    const auto count = group(at);
    const auto socket = committed_[at]->local.socket;
    prepare(messages++, at, count, sockets[socket].family());
    at += count;
    if (at == committed_.size() || committed_[at]->local.socket != socket) {
      send_messages(sockets[socket].descriptor(), sent, messages - sent);
      sent = messages;
    }
  }
  free_.insert(free_.end(), committed_.begin(), committed_.end());
  committed_.clear();
}

DatagramInbox::DatagramInbox() : storage_(std::make_unique_for_overwrite<std::uint8_t[]>(buffers * buffer_size)) {}

int DatagramInbox::read(const DatagramSocket& socket) {
  for (std::size_t i = 0; i < buffers; ++i) {
    pieces_[i] = {storage_.get() + i * buffer_size, buffer_size};
    auto& header = messages_[i].msg_hdr;
    header = {};
    header.msg_name = &names_[i].any;
    header.msg_namelen = sizeof(sockaddr_in6);
    header.msg_iov = &pieces_[i];
    header.msg_iovlen = 1;
    header.msg_control = controls_[i].bytes.data();
    header.msg_controllen = controls_[i].bytes.size();
  }
  return ::recvmmsg(socket.descriptor(), messages_.data(), buffers, MSG_DONTWAIT, nullptr);
}

DatagramInbox::Message DatagramInbox::inspect(std::size_t index, std::size_t socket) {
  auto& header = messages_[index].msg_hdr;
  const auto length = static_cast<std::size_t>(messages_[index].msg_len);
  Message message{{storage_.get() + index * buffer_size, length}, std::max<std::size_t>(length, 1), {}, {socket, {}}};
  message.from = names_[index].endpoint();
  for (auto* entry = CMSG_FIRSTHDR(&header); entry != nullptr; entry = CMSG_NXTHDR(&header, entry)) {
    if (net::PacketInfo info; net::read_packet_info(*entry, info)) {
      message.local.address = info.destination;
    } else if (entry->cmsg_level == SOL_UDP && entry->cmsg_type == UDP_GRO) {
      int segment = 0;
      std::memcpy(&segment, CMSG_DATA(entry), sizeof segment);
      if (segment > 0) message.segment = static_cast<std::size_t>(segment);
    }
  }
  return message;
}

}  // namespace roamdesk::tunnel::link

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bench/media/bench.hpp"
#include "common/crypto/aead.hpp"
#include "common/media/sockets.hpp"
#include "common/net/socket_address.hpp"

// The least that the job takes: epoll, recvmmsg, seal, sendmmsg; recvmmsg, open, sendto. No look at any packet.
namespace roamdesk::bench {
namespace {

constexpr std::size_t most_run = 1340, header = 16;
const std::array<std::uint8_t, 16> key{1};

int udp(Endpoint local) {
  std::string why;
  const int fd = media::open_udp(local, 0, why);
  if (fd < 0) throw std::runtime_error(why);
  return fd;
}

struct Batch {
  static constexpr unsigned size = 32;
  Batch() {
    for (unsigned i = 0; i < size; ++i) {
      pieces[i] = {bytes[i].data(), bytes[i].size()};
      messages[i].msg_hdr.msg_iov = &pieces[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  }
  std::array<std::array<std::uint8_t, 2048>, size> bytes;
  std::array<iovec, size> pieces{};
  std::array<mmsghdr, size> messages{};
};

crypto::Nonce nonce_of(const std::uint8_t* counter) {
  crypto::Nonce nonce{};
  std::memcpy(nonce.data(), counter, 8);
  return nonce;
}

int watch(const std::vector<int>& sockets) {
  const int epoll = epoll_create1(0);
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(epoll, EPOLL_CTL_ADD, sockets[i], &event);
  }
  return epoll;
}

class Branch {
 public:
  Branch(const std::vector<int>& sockets, int tunnel) : sockets_(sockets), tunnel_(tunnel) {}

  void run(const std::atomic<bool>& stop) {
    const int epoll = watch(sockets_);
    std::array<epoll_event, 64> ready;
    while (!stop) {
      const int count = epoll_wait(epoll, ready.data(), ready.size(), 100);
      for (int i = 0; i < count; ++i) {
        const auto stream = static_cast<std::uint16_t>(ready[static_cast<std::size_t>(i)].data.u64);
        const int got = recvmmsg(sockets_[stream], in_->messages.data(), Batch::size, MSG_DONTWAIT, nullptr);
        for (int k = 0; k < got; ++k) add(stream, static_cast<unsigned>(k));
      }
      flush();
    }
    close(epoll);
  }

 private:
  void add(std::uint16_t stream, unsigned index) {
    const auto size = static_cast<std::uint16_t>(in_->messages[index].msg_len);
    if (filled_ + size + 4u > most_run) seal();
    auto* at = out_->bytes[datagrams_].data() + header + filled_;
    std::memcpy(at, &stream, 2);
    std::memcpy(at + 2, &size, 2);
    std::memcpy(at + 4, in_->bytes[index].data(), size);
    filled_ += size + 4u;
  }
  void seal() {
    if (filled_ == 0) return;
    auto& bytes = out_->bytes[datagrams_];
    std::memset(bytes.data(), 0, header);
    std::memcpy(bytes.data() + 8, &++counter_, 8);
    const std::span whole{bytes};
    sealer_.seal(nonce_of(bytes.data() + 8), whole.first(header), whole.subspan(header, filled_),
                 whole.subspan(header + filled_).first<crypto::aead_tag_size>());
    out_->pieces[datagrams_].iov_len = header + filled_ + crypto::aead_tag_size;
    filled_ = 0;
    if (++datagrams_ == Batch::size) send();
  }
  void send() {
    if (datagrams_ > 0) sendmmsg(tunnel_, out_->messages.data(), datagrams_, 0);
    datagrams_ = 0;
  }
  void flush() {
    seal();
    send();
  }

  const std::vector<int>& sockets_;
  int tunnel_;
  crypto::Aead sealer_{crypto::Cipher::aes_128_gcm, crypto::Aead::Direction::seal, key};
  std::unique_ptr<Batch> in_ = std::make_unique<Batch>(), out_ = std::make_unique<Batch>();
  std::size_t filled_ = 0;
  unsigned datagrams_ = 0;
  std::uint64_t counter_ = 0;
};

void run_core(int tunnel, const std::vector<int>& sockets, Endpoint listener, const std::atomic<bool>& stop) {
  crypto::Aead opener{crypto::Cipher::aes_128_gcm, crypto::Aead::Direction::open, key};
  const auto target = net::SocketAddress{listener};
  const auto in = std::make_unique<Batch>();
  const int epoll = watch({tunnel});
  epoll_event ready;
  while (!stop) {
    if (epoll_wait(epoll, &ready, 1, 100) <= 0) continue;
    const int got = recvmmsg(tunnel, in->messages.data(), Batch::size, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < got; ++i) {
      const auto whole =
          std::span{in->bytes[static_cast<std::size_t>(i)]}.first(in->messages[static_cast<std::size_t>(i)].msg_len);
      const auto text = whole.subspan(header, whole.size() - header - crypto::aead_tag_size);
      if (!opener.open(nonce_of(whole.data() + 8), whole.first(header), text, whole.last<crypto::aead_tag_size>()))
        continue;
      for (std::size_t at = 0; at < text.size();) {
        std::uint16_t stream = 0, size = 0;
        std::memcpy(&stream, text.data() + at, 2);
        std::memcpy(&size, text.data() + at + 2, 2);
        sendto(sockets[stream], text.data() + at + 4, size, MSG_DONTWAIT, &target.any, target.size);
        at += size + 4u;
      }
    }
  }
  close(epoll);
}

}  // namespace

void run_raw(const Job& job, const std::function<void()>& ready) {
  std::vector<int> branch, core;
  for (int i = 0; i < job.streams; ++i) {
    const auto port = static_cast<std::uint16_t>(Job::first_port + 2 * i);
    branch.push_back(udp({job.branch, port}));
    core.push_back(udp({job.core, port}));
  }
  const Endpoint tunnel_at{job.core, 5090};
  const int core_tunnel = udp(tunnel_at), branch_tunnel = udp({job.branch, 0});
  const net::SocketAddress address{tunnel_at};
  if (connect(branch_tunnel, &address.any, address.size) != 0) throw std::runtime_error("connect");
  std::atomic<bool> stop{false};
  Branch relay{branch, branch_tunnel};
  std::thread near{[&] { relay.run(stop); }}, far{[&] { run_core(core_tunnel, core, job.listener, stop); }};
  ready();
  stop = true;
  near.join();
  far.join();
}

}  // namespace roamdesk::bench

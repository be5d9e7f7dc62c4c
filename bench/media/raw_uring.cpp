#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bench/media/bench.hpp"
#include "common/crypto/aead.hpp"
#include "common/media/sockets.hpp"
#include "common/media/uring.hpp"
#include "common/net/socket_address.hpp"

// The least that the job takes by io_uring: a receive under way at each socket that gives datagram after datagram,
// sends queued, one system call a turn, which waits for 64 completions or a millisecond; and the cipher. No look at any
// packet.
namespace roamdesk::bench {
namespace {

using Operation = media::Uring::Operation;
constexpr std::size_t most_run = 1340, header = 16, most_datagram = 1500;
constexpr unsigned much = 64;
constexpr __kernel_timespec a_millisecond{0, 1'000'000};
constexpr std::array<std::uint8_t, 16> key{1};

int udp(Endpoint local) {
  std::string why;
  const int fd = media::open_udp(local, 0, why);
  if (fd < 0) throw std::runtime_error(why);
  return fd;
}

crypto::Nonce nonce_of(const std::uint8_t* counter) {
  crypto::Nonce nonce{};
  std::memcpy(nonce.data(), counter, 8);
  return nonce;
}

// What leaves; the kernel takes it at the next submission.
class Leaving {
 public:
  Leaving(media::Uring& ring, Endpoint to) : ring_(ring), to_(to) {}
  std::array<std::uint8_t, most_datagram>& next() { return (*room_)[count_]; }
  void send(int fd, std::size_t size) {
    ring_.send(fd, 0, std::span{(*room_)[count_]}.first(size), to_.any, to_.size);
    if (++count_ == room_->size()) ring_.submit(), count_ = 0;
  }
  void submitted() { count_ = 0; }

 private:
  media::Uring& ring_;
  net::SocketAddress to_;
  std::unique_ptr<std::array<std::array<std::uint8_t, most_datagram>, 256>> room_ =
      std::make_unique<std::array<std::array<std::uint8_t, most_datagram>, 256>>();
  std::size_t count_ = 0;
};

// Turns of one end: `take(index of the socket, datagram)` for each, `end_of_turn()` before the sends are handed over.
template <class Take, class End>
void turns(media::Uring& ring, const std::vector<int>& sockets, Leaving& leaving, const std::atomic<bool>& stop,
           Take take, End end_of_turn) {
  for (std::size_t i = 0; i < sockets.size(); ++i) ring.receive(sockets[i], i);
  while (!stop) {
    ring.wait(much, &a_millisecond);
    leaving.submitted();
    while (ring.waiting() > 0) {
      const auto completion = ring.take();
      if (completion.operation != Operation::receive) continue;
      if (const auto datagram = ring.datagram(completion)) take(completion.tag, datagram->bytes);
      ring.recycle(completion);
      if (!completion.more()) ring.receive(sockets[completion.tag], completion.tag);
    }
    end_of_turn();
  }
}

void run_branch(const std::vector<int>& sockets, int tunnel, Endpoint core, const std::atomic<bool>& stop) {
  media::Uring ring{most_datagram};
  Leaving leaving{ring, core};
  crypto::Aead sealer{crypto::Cipher::aes_128_gcm, crypto::Aead::Direction::seal, key};
  std::uint64_t counter = 0;
  std::size_t filled = 0;
  const auto seal = [&] {
    if (filled == 0) return;
    const std::span whole{leaving.next()};
    std::memset(whole.data(), 0, header);
    std::memcpy(whole.data() + 8, &++counter, 8);
    sealer.seal(nonce_of(whole.data() + 8), whole.first(header), whole.subspan(header, filled),
                whole.subspan(header + filled).first<crypto::aead_tag_size>());
    leaving.send(tunnel, header + filled + crypto::aead_tag_size);
    filled = 0;
  };
  const auto take = [&](std::uint64_t index, std::span<const std::uint8_t> bytes) {
    const auto stream = static_cast<std::uint16_t>(index), size = static_cast<std::uint16_t>(bytes.size());
    if (filled + size + 4u > most_run) seal();
    auto* at = leaving.next().data() + header + filled;
    std::memcpy(at, &stream, 2);
    std::memcpy(at + 2, &size, 2);
    std::memcpy(at + 4, bytes.data(), size);
    filled += size + 4u;
  };
  turns(ring, sockets, leaving, stop, take, seal);
}

void run_core(int tunnel, const std::vector<int>& sockets, Endpoint listener, const std::atomic<bool>& stop) {
  media::Uring ring{most_datagram};
  Leaving leaving{ring, listener};
  crypto::Aead opener{crypto::Cipher::aes_128_gcm, crypto::Aead::Direction::open, key};
  const auto take = [&](std::uint64_t, std::span<std::uint8_t> whole) {
    const auto text = whole.subspan(header, whole.size() - header - crypto::aead_tag_size);
    if (!opener.open(nonce_of(whole.data() + 8), whole.first(header), text, whole.last<crypto::aead_tag_size>()))
      return;
    for (std::size_t at = 0; at < text.size();) {
      std::uint16_t stream = 0, size = 0;
      std::memcpy(&stream, text.data() + at, 2);
      std::memcpy(&size, text.data() + at + 2, 2);
      std::memcpy(leaving.next().data(), text.data() + at + 4, size);
      leaving.send(sockets[stream], size);
      at += size + 4u;
    }
  };
  turns(ring, {tunnel}, leaving, stop, take, [] {});
}

}  // namespace

void run_raw_uring(const Job& job, const std::function<void()>& ready) {
  std::vector<int> branch, core;
  for (int i = 0; i < job.streams; ++i) {
    const auto port = static_cast<std::uint16_t>(Job::first_port + 2 * i);
    branch.push_back(udp({job.branch, port}));
    core.push_back(udp({job.core, port}));
  }
  const Endpoint tunnel_at{job.core, 5090};
  const int core_tunnel = udp(tunnel_at), branch_tunnel = udp({job.branch, 0});
  std::atomic<bool> stop{false};
  std::thread near{[&] { run_branch(branch, branch_tunnel, tunnel_at, stop); }};
  std::thread far{[&] { run_core(core_tunnel, core, job.listener, stop); }};
  ready();
  stop = true;
  near.join();
  far.join();
}

}  // namespace roamdesk::bench

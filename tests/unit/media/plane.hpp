#pragma once
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <numbers>
#include <vector>

#include "common/media/engine.hpp"
#include "common/media/sockets.hpp"
#include "common/net/socket_address.hpp"
#include "common/rtp/g711.hpp"
#include "common/rtp/rtp.hpp"

// Engines and phones on loopback, with real sockets.
namespace roamdesk::media {

using namespace std::chrono_literals;

// An address of this process's own, so that no other test has its ports.
inline IpAddress loopback(std::uint8_t host) {
  const auto pid = static_cast<std::uint32_t>(getpid());
  return IpAddress{(127u << 24) | ((64u + (pid >> 8) % 64) << 16) | ((pid & 0xff) << 8) | host};
}

// What an engine reports, for the test's thread to wait for.
class Heard {
 public:
  Engine::Report report() {
    return [this](std::vector<Event> events) {
      const std::lock_guard lock{mutex_};
      EXPECT_FALSE(events.empty());
      for (auto& event : events) events_.push_back(std::move(event));
      changed_.notify_all();
    };
  }
  // The next event of this kind; the test fails where none comes in 5 s.
  template <class Wanted>
  Wanted next() {
    std::unique_lock lock{mutex_};
    std::optional<Wanted> found;
    changed_.wait_for(lock, 5s, [&] {
      for (auto it = events_.begin(); it != events_.end() && !found; ++it)
        if (const auto* wanted = std::get_if<Wanted>(&*it)) {
          found = *wanted;
          events_.erase(it);
          break;
        }
      return found.has_value();
    });
    EXPECT_TRUE(found) << "no such event";
    return found.value_or(Wanted{});
  }
  template <class Wanted>
  int count() {
    const std::lock_guard lock{mutex_};
    int count = 0;
    for (const auto& event : events_) count += std::holds_alternative<Wanted>(event);
    return count;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
};

// Every test of an engine runs over both loops: the second time with MEDIA_LOOP (CMakeLists.txt).
inline Engine::Settings looped(Engine::Settings settings) {
  if (const char* word = std::getenv("MEDIA_LOOP")) settings.loop = value_of<LoopKind>(word).value();
  return settings;
}

// An engine with its events. settle() returns when every order before it was carried out.
struct Plane {
  explicit Plane(const PromptLibrary& prompts, Engine::Settings settings = {}, tunnel::link::MediaLink* link = nullptr)
      : engine(looped(settings), prompts, link, heard.report()) {}
  void post(Order order, std::optional<tunnel::link::MediaPeer> trunk = std::nullopt) {
    engine.post(std::move(order), trunk);
  }
  void settle() {
    const StreamId barrier{0xfffffff0};
    post(CloseStream{barrier});
    post(OpenStream{barrier, local_site(), {}}, tunnel::link::MediaPeer{4095});
    post(CloseStream{barrier});
    while (heard.next<StreamQuality>().stream != barrier && !testing::Test::HasFailure()) {
    }
  }
  Heard heard;
  Engine engine;
};

inline std::vector<std::uint8_t> rtp(std::uint16_t sequence, const std::vector<std::uint8_t>& payload,
                                     std::uint8_t type = 8) {
  std::vector<std::uint8_t> packet(12);
  write_rtp_header(std::span{packet}.first<12>(), {type, false, sequence, 160u * sequence, 4711, {}});
  packet.insert(packet.end(), payload.begin(), payload.end());
  return packet;
}

// 20 ms of a sine in A-law, in phase with its neighbours.
inline std::vector<std::uint8_t> tone(double hertz, std::uint16_t sequence) {
  std::vector<std::uint8_t> payload(160);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    const double at = static_cast<double>(sequence) * 160 + static_cast<double>(i);
    payload[i] = to_alaw(static_cast<std::int16_t>(8000 * std::sin(2 * std::numbers::pi * hertz * at / 8000)));
  }
  return payload;
}

// How much of the energy of A-law audio is at `hertz` (Goertzel): near 1 for that tone, near 0 for another.
inline double share_of(double hertz, const std::vector<std::uint8_t>& audio) {
  const double turn = 2 * std::cos(2 * std::numbers::pi * hertz / 8000);
  double one = 0, two = 0, energy = 0;
  for (const auto code : audio) {
    const double sample = from_alaw(code);
    const double next = sample + turn * one - two;
    two = one;
    one = next;
    energy += sample * sample;
  }
  const double power = one * one + two * two - turn * one * two;
  return energy == 0 ? 0 : 2 * power / (energy * static_cast<double>(audio.size()));
}

// A phone's socket.
class Socket {
 public:
  explicit Socket(Endpoint local) : local_(local) {
    std::string why;
    fd_ = open_udp(local, 0, why);
    EXPECT_GE(fd_, 0) << why;
    const int on = 1;
    setsockopt(fd_, IPPROTO_IP, IP_RECVTOS, &on, sizeof on);
    const int off = 0;
    setsockopt(fd_, IPPROTO_IP, IP_RECVERR, &off, sizeof off);
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  Endpoint local() const { return local_; }
  void send(Endpoint to, const std::vector<std::uint8_t>& bytes) const {
    const net::SocketAddress address{to};
    EXPECT_EQ(sendto(fd_, bytes.data(), bytes.size(), 0, &address.any, address.size),
              static_cast<ssize_t>(bytes.size()));
  }
  // The next packet; empty where none comes in time.
  std::vector<std::uint8_t> receive(std::chrono::milliseconds patience = 5s) {
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return {};
    std::vector<std::uint8_t> bytes(2000);
    alignas(cmsghdr) std::array<char, 128> control{};
    iovec vector{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto size = recvmsg(fd_, &message, 0);
    for (auto* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
      if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS) tos_ = *CMSG_DATA(c);
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return bytes;
  }
  int tos() const { return tos_; }  // of the last packet

 private:
  Endpoint local_;
  int fd_ = -1;
  int tos_ = -1;
};

// Sends `packets` of a tone from `from` to `to` and returns what `at` hears of them.
inline std::vector<std::uint8_t> talk(Socket& from, Endpoint to, Socket& at, double hertz, std::uint16_t first,
                                      int packets = 20) {
  std::vector<std::uint8_t> audio;
  for (int i = 0; i < packets; ++i) {
    const auto sequence = static_cast<std::uint16_t>(first + i);
    from.send(to, rtp(sequence, tone(hertz, sequence)));
    const auto packet = at.receive();
    const auto view = parse_rtp(packet);
    EXPECT_TRUE(view) << "packet " << i << " isn't there";
    if (!view) break;
    EXPECT_EQ(view->sequence, sequence);
    audio.insert(audio.end(), view->payload.begin(), view->payload.end());
  }
  return audio;
}

}  // namespace roamdesk::media

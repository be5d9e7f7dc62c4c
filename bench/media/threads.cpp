// media_threads [calls] [seconds]: what a packet costs a core's media threads, of calls between phones beside it: with
// one thread; with two, each call's legs on one; with two, the legs of every call on different ones, so that each
// packet crosses. Each thread has as many calls in each: with fewer, fewer packets share a turn. Prints a line for
// each, and how many times one thread's load two carry at the same CPU for each. Exit 1: packets were lost, the run is
// void.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include "common/media/engines.hpp"
#include "common/media/sockets.hpp"
#include "common/net/socket_address.hpp"
#include "common/rtp/rtp.hpp"
#include "common/tunnel/link/media_links.hpp"

namespace roamdesk::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Way {
  const char* name;
  std::size_t threads;
  bool apart;
};
constexpr std::array<Way, 3> ways{
    {{"one thread", 1, false}, {"two threads", 2, false}, {"two, all crossing", 2, true}}};

constexpr IpAddress core{0x7f320001}, phones{0x7f330001};

int udp(Endpoint local) {
  std::string why;
  const int fd = media::open_udp(local, 0, why);
  if (fd < 0) throw std::runtime_error(why);
  const int room = 8 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  return fd;
}

double cpu_of(int whom) {
  rusage used{};
  getrusage(whom, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::uint64_t drain(int fd) {
  std::array<std::uint8_t, 2048> bytes;
  std::uint64_t count = 0;
  while (recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) ++count;
  return count;
}

struct Figure {
  double us = 0;  // a packet
  std::uint64_t sent = 0, received = 0, crossed = 0;
};

// All phones have one socket: those of callers say what those of callees are to hear.
Figure measure(const Way& way, int calls_each, int seconds) {
  const int calls = calls_each * static_cast<int>(way.threads);
  const media::PromptLibrary prompts;
  const auto report = [](const std::vector<media::Event>& events) {
    for (const auto& event : events)
      if (const auto* failed = std::get_if<media::StreamFailed>(&event)) throw std::runtime_error(failed->why);
  };
  tunnel::link::MediaLinks links{{.listen = {{core, 0}}}, way.threads};
  if (links.size() != way.threads) throw std::runtime_error("the kernel doesn't tell datagrams apart");
  media::Engines engines{{}, prompts, links.all(), report};
  const int fd = udp({phones, 4000});
  const auto port = [](int stream) { return static_cast<std::uint16_t>(20000 + 2 * stream); };
  for (int i = 0; i < calls; ++i) {
    const media::StreamId caller{static_cast<std::uint32_t>(2 * i + 1)}, callee{static_cast<std::uint32_t>(2 * i + 2)};
    media::OpenStream second{callee, local_site(), {core, port(2 * i + 1)}};
    if (!way.apart) second.beside = caller;
    engines.post(media::OpenStream{caller, local_site(), {core, port(2 * i)}});
    engines.post(second);
    for (const auto id : {caller, callee})
      engines.post(media::SetRemote{.stream = id, .rtp = {phones, 4000}, .signalling = phones});
    engines.post(media::Connect{caller, callee});
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  Figure figure;
  std::array<std::uint8_t, 172> packet;
  packet.fill(0xd5);
  prctl(PR_SET_TIMERSLACK, 1UL);
  constexpr std::chrono::nanoseconds pace = std::chrono::milliseconds{20};
  const double before = cpu_of(RUSAGE_SELF) - cpu_of(RUSAGE_THREAD);
  const auto begun = Clock::now();
  for (std::uint16_t sequence = 0; sequence < seconds * 50; ++sequence)
    for (int stream = 0; stream < 2 * calls; ++stream) {
      const auto due = begun + pace * sequence + pace * stream / (2 * calls);
      for (auto now = Clock::now(); now < due; now = Clock::now()) {
        figure.received += drain(fd);
        std::this_thread::sleep_until(std::min(due, now + std::chrono::milliseconds{1}));
      }
      media::write_rtp_header(std::span{packet}.first<12>(),
                              {8, false, sequence, 160u * sequence, static_cast<std::uint32_t>(stream), {}});
      const net::SocketAddress to{{core, port(stream)}};
      sendto(fd, packet.data(), packet.size(), 0, &to.any, to.size);
      ++figure.sent;
    }
  for (const auto end = Clock::now() + std::chrono::seconds{1}; figure.received < figure.sent && Clock::now() < end;) {
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
    figure.received += drain(fd);
  }
  figure.us = (cpu_of(RUSAGE_SELF) - cpu_of(RUSAGE_THREAD) - before) / static_cast<double>(figure.sent) * 1e6;
  for (const auto& counts : engines.counts()) figure.crossed += counts.crossed;
  close(fd);
  return figure;
}

int run(int calls, int seconds) {
  constexpr int rounds = 3;
  std::array<std::vector<double>, ways.size()> found;
  fmt::print("{} calls for each thread, {} packets/s of 172 bytes, {} rounds by turns of {} s\n", calls, 100 * calls,
             rounds, seconds);
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const auto figure = measure(ways[i], calls, seconds);
      fmt::print("{:18} {:5.2f} µs a packet, {} of {} lost, {} crossed\n", ways[i].name, figure.us,
                 figure.sent - figure.received, figure.sent, figure.crossed);
      std::fflush(stdout);
      if (figure.received != figure.sent) return fmt::print("VOID: packets were lost\n"), 1;
      found[i].push_back(figure.us);
    }
  for (auto& each : found) std::sort(each.begin(), each.end());
  const auto middle = [&](std::size_t i) { return found[i][rounds / 2]; };
  fmt::print(
      "CPU a packet: {:.2f}, {:.2f}, {:.2f} µs; two threads on two free cores carry {:.2f} times one, {:.2f} where "
      "each packet crosses\n",
      middle(0), middle(1), middle(2), 2 * middle(0) / middle(1), 2 * middle(0) / middle(2));
  return 0;
}

}  // namespace
}  // namespace roamdesk::bench

int main(int argc, char** argv) try {
  return roamdesk::bench::run(argc > 1 ? std::atoi(argv[1]) : 100, argc > 2 ? std::atoi(argv[2]) : 10);
} catch (const std::exception& error) {
  fmt::print(stderr, "media_threads: {}\n", error.what());
  return 2;
}

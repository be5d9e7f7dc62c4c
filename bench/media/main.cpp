// media_bench [streams] [seconds]: prints a line for each way of doing the job, and their ratio. Exit 1: packets were
// lost, the run is void.
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <vector>

#include "bench/media/bench.hpp"
#include "common/media/sockets.hpp"
#include "common/net/socket_address.hpp"
#include "common/rtp/rtp.hpp"

namespace roamdesk::bench {
namespace {

using Run = void (*)(const Job&, const std::function<void()>&);

std::int64_t cpu_ns() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

// Our end of a pair of pipes: a byte each way begins, a byte ends, and the CPU time comes back.
struct Subject {
  Subject(Run run, const Job& job) {
    int down[2], up[2];
    if (pipe(down) != 0 || pipe(up) != 0) throw std::runtime_error("pipe");
    pid = fork();
    if (pid == 0) {
      run(job, [&] {
        char byte = 0;
        (void)!write(up[1], &byte, 1);
        (void)!read(down[0], &byte, 1);
        const auto before = cpu_ns();
        (void)!read(down[0], &byte, 1);
        const auto used = cpu_ns() - before;
        (void)!write(up[1], &used, sizeof used);
      });
      _exit(0);
    }
    to = down[1];
    from = up[0];
    char byte = 0;
    close(up[1]);
    close(down[0]);
    if (read(from, &byte, 1) != 1) throw std::runtime_error("it didn't start");
  }
  void tell() const {
    const char byte = 0;
    (void)!write(to, &byte, 1);
  }
  std::int64_t end() const {
    tell();
    std::int64_t used = 0;
    (void)!read(from, &used, sizeof used);
    waitpid(pid, nullptr, 0);
    return used;
  }
  pid_t pid;
  int to = -1, from = -1;
};

int udp(Endpoint local) {
  std::string why;
  const int fd = media::open_udp(local, 0, why);
  if (fd < 0) throw std::runtime_error(why);
  const int buffer = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  return fd;
}

std::uint64_t drain(int fd) {
  std::array<std::uint8_t, 2048> bytes;
  std::uint64_t count = 0;
  while (recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) ++count;
  return count;
}

struct Figure {
  std::uint64_t sent = 0, received = 0;
  double ns = 0;  // a packet
};

// Each phone has its own phase: their packets are spread evenly over 20 ms.
Figure measure(Run run, const Job& job, std::chrono::seconds length) {
  using Clock = std::chrono::steady_clock;
  prctl(PR_SET_TIMERSLACK, 1UL);  // by default a wait may be 50 us longer
  const int caller = udp({job.caller, 4000}), listener = udp(job.listener);
  const Subject subject{run, job};
  std::vector<std::uint8_t> packet(172, 0xd5);
  Figure figure;
  subject.tell();
  const auto begun = Clock::now();
  constexpr std::chrono::nanoseconds pace = std::chrono::milliseconds{20};
  for (std::uint16_t sequence = 0; sequence < length.count() * 50; ++sequence) {
    for (int stream = 0; stream < job.streams; ++stream) {
      const auto due = begun + pace * sequence + pace * stream / job.streams;
      for (auto now = Clock::now(); now < due; now = Clock::now()) {
        pollfd waiting{listener, POLLIN, 0};
        const timespec most{0, static_cast<long>((due - now).count())};
        ppoll(&waiting, 1, &most, nullptr);
        figure.received += drain(listener);
      }
      media::write_rtp_header(std::span{packet}.first<12>(),
                              {8, false, sequence, 160u * sequence, static_cast<std::uint32_t>(stream), {}});
      const net::SocketAddress to{{job.branch, static_cast<std::uint16_t>(Job::first_port + 2 * stream)}};
      sendto(caller, packet.data(), packet.size(), 0, &to.any, to.size);
      ++figure.sent;
    }
  }
  pollfd waiting{listener, POLLIN, 0};
  while (figure.received < figure.sent && poll(&waiting, 1, 500) > 0) figure.received += drain(listener);
  figure.ns = static_cast<double>(subject.end()) / static_cast<double>(figure.sent);
  close(caller);
  close(listener);
  return figure;
}

}  // namespace
}  // namespace roamdesk::bench

int main(int argc, char** argv) {
  using namespace roamdesk;
  using namespace roamdesk::bench;
  Job job;
  job.streams = std::clamp(argc > 1 ? std::atoi(argv[1]) : 200, 1, 400);
  const std::chrono::seconds length{std::clamp(argc > 2 ? std::atoi(argv[2]) : 5, 1, 600)};
  job.branch = *parse_ipv4("127.77.1.1");
  job.core = *parse_ipv4("127.77.2.1");
  job.caller = *parse_ipv4("127.77.1.20");
  job.listener = {*parse_ipv4("127.77.2.20"), 4000};
  bool lost = false;
  std::array<double, 3> best{1e18, 1e18, 1e18};
  // By turns, since the machine's mood changes; the best of three counts for each.
  for (int round = 0; round < 3; ++round)
    for (const auto& [index, name, run] : {std::tuple{0u, "raw calls and cipher", &run_raw},
                                           {1u, "raw io_uring and cipher", &run_raw_uring},
                                           {2u, "roamdesk", &run_roamdesk}}) {
      const auto figure = measure(run, job, length);
      fmt::print("{:23} {} streams, {} packets, {} lost: {:.0f} ns of CPU a packet, branch and core together\n", name,
                 job.streams, figure.sent, figure.sent - figure.received, figure.ns);
      lost = lost || figure.received != figure.sent;
      best[index] = std::min(best[index], figure.ns);
    }
  fmt::print("{:.2f} times the raw calls\n", best[2] / best[0]);
  fmt::print("ratio {:.2f} to raw io_uring (goal: at most 1.50){}\n", best[2] / best[1],
             lost ? "; VOID: packets were lost" : "");
  return lost ? 1 : 0;
}

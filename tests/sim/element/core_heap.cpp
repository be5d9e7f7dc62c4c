#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/sim/element/heap.hpp"
#include "tests/sim/element/simulation.hpp"

namespace roamdesk::sim {

std::size_t Simulation::core_heap() {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("pipe");
  const auto child = ::fork();
  if (child == 0) {
    const auto with = live_heap();
    core_.reset();
    const auto bytes = with - live_heap();
    _exit(::write(ends[1], &bytes, sizeof bytes) == sizeof bytes ? 0 : 1);
  }
  std::size_t bytes = 0;
  ::close(ends[1]);
  const auto got = ::read(ends[0], &bytes, sizeof bytes);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (got != sizeof bytes || status != 0) throw std::runtime_error("the count didn't come back");
  return bytes;
}

}  // namespace roamdesk::sim

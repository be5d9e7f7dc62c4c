#pragma once
#include <functional>

#include "common/base/endpoint.hpp"

// RTP from phones at a branch to a phone beside the core: CPU a packet of both ends together, beside what the system
// calls and the cipher alone cost.
namespace roamdesk::bench {

// Streams' ports at the branch are first_port + 2 * n at `branch`; they are heard at `listener`, from `core`.
struct Job {
  int streams = 100;
  IpAddress branch, core, caller;
  Endpoint listener;
  static constexpr std::uint16_t first_port = 20000;
};

// Each sets everything up, call `ready`, carries packets until it returns, and ends.
void run_raw(const Job& job, const std::function<void()>& ready);
void run_raw_uring(const Job& job, const std::function<void()>& ready);  // throws where the machine has no io_uring
void run_roamdesk(const Job& job, const std::function<void()>& ready);

}  // namespace roamdesk::bench

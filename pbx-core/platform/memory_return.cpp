#include "pbx-core/platform/memory_return.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstddef>

namespace roamdesk::core {
namespace {
// Less isn't worth the walk through the heap.
constexpr std::size_t worth = 1UL << 20;
}  // namespace

MemoryReturn::MemoryReturn(std::chrono::seconds every)
    : thread_([this, every](const std::stop_token& stop) { run(stop, every); }) {}

void MemoryReturn::run(const std::stop_token& stop, std::chrono::seconds every) {
  // Of what is free: the part that has been given back already (its pages are gone, the heap still counts it).
  std::size_t returned = 0;
  std::unique_lock lock{mutex_};
  do {
    const std::size_t free = mallinfo2().fordblks;
    if (free > returned + worth) {
      malloc_trim(0);
      returned = free;
    } else {
      returned = std::min(returned, free);
    }
  } while (!wake_.wait_for(lock, stop, every, [&] { return stop.stop_requested(); }));
}

}  // namespace roamdesk::core

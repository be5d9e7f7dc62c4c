#include "tests/sim/element/heap.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {
std::size_t live = 0;  // of one thread: a simulation has no other
}

// Arrays, sizes and nothrow lead here by themselves ([new.delete]); what is aligned beyond that isn't counted.
void* operator new(std::size_t size) {
  void* const memory = std::malloc(size ? size : 1);
  if (!memory) throw std::bad_alloc{};
  live += malloc_usable_size(memory);
  return memory;
}

void operator delete(void* memory) noexcept {
  if (memory) live -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace roamdesk::sim {
std::size_t live_heap() { return live; }
}  // namespace roamdesk::sim

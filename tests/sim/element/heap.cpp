#include "tests/sim/element/heap.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {
std::size_t live = 0;  // of one thread: a simulation has no other
}

// Arrays lead here by themselves ([new.delete]), but a sanitizer has its own of every kind: all that may meet one of
// these is here. What is aligned beyond the default isn't counted.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  void* const memory = std::malloc(size ? size : 1);
  if (memory) live += malloc_usable_size(memory);
  return memory;
}

void* operator new(std::size_t size) {
  void* const memory = operator new(size, std::nothrow);
  if (!memory) throw std::bad_alloc{};
  return memory;
}

void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return operator new(size, std::nothrow); }

void* operator new[](std::size_t size) { return operator new(size); }

void operator delete(void* memory) noexcept {
  if (memory) live -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { operator delete(memory); }
void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete[](void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { operator delete(memory); }

namespace roamdesk::sim {
std::size_t live_heap() { return live; }
}  // namespace roamdesk::sim

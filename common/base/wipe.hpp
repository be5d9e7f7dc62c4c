#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace roamdesk {

// Overwrites with zeros. The compiler keeps it: as far as it knows, the assembly reads the memory afterwards.
inline void wipe(void* at, std::size_t size) {
  if (size == 0) return;
  std::memset(at, 0, size);
  asm volatile("" : : "r"(at) : "memory");
}
inline void wipe(std::span<std::uint8_t> bytes) { wipe(bytes.data(), bytes.size()); }

// Overwrites the text and the rest of its buffer, which may hold earlier ones; it is empty afterwards.
inline void wipe(std::string& text) {
  text.resize(text.capacity());
  wipe(text.data(), text.size());
  text.clear();
}

}  // namespace roamdesk

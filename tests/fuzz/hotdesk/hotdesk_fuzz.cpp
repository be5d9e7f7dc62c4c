#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/hotdesk/world/world.hpp"

// Three bytes an operation: what, and two arguments. After every step the world checks the invariants, and at the end
// that every phone gets where it should.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  roamdesk::hotdesk::World world;
  for (std::size_t i = 0; i + 2 < size && i < 3 * 600 && world.fault().empty(); i += 3)
    world.step(data[i], data[i + 1], data[i + 2]);
  if (world.fault().empty()) world.let_all_settle();
  if (!world.fault().empty()) {
    std::fprintf(stderr, "%s\n", world.fault().c_str());
    std::abort();
  }
  return 0;
}

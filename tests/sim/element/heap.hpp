#pragma once
#include <cstddef>

namespace roamdesk::sim {

// Bytes that `new` has given in this program and that haven't been given back, as the allocator counts them.
std::size_t live_heap();

}  // namespace roamdesk::sim

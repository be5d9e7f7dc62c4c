#pragma once
#include <filesystem>

#include "exchange/element/handover.hpp"

namespace roamdesk::core {

// `state_dir/handover`: what a process that is asked to end leaves to the next one. Keys of calls stand in it: it is
// its owner's alone, and gone as soon as it was read.

// False: it couldn't be written, which the log says; then both phones of each call get a BYE at the next start.
bool write_handover(const std::filesystem::path& state_dir, const element::Handover& handover);
// What the last process has left. Empty where there is nothing, or nothing that may be believed: of another owner, for
// others to read or write, damaged, of another version, too old; the log says so.
element::Handover take_handover(const std::filesystem::path& state_dir, WallTime now);

}  // namespace roamdesk::core

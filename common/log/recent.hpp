#pragma once
#include <cstddef>
#include <string>
#include <string_view>

// The newest lines of this program's log, in memory: for whoever runs it from afar.
namespace roamdesk::log {

// From now on, at most so many lines and bytes of them; nothing is kept before.
void keep_recent(std::size_t lines, std::size_t bytes);
// The newest, at most so many lines and bytes, each with its line end, the oldest first. Any thread.
std::string recent(std::size_t lines, std::size_t bytes);

// Each line that is written. Internal to common/log.
void note_recent(std::string_view line);

}  // namespace roamdesk::log

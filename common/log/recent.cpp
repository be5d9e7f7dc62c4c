#include "common/log/recent.hpp"

#include <deque>
#include <mutex>

namespace roamdesk::log {
namespace {

struct Recent {
  std::mutex mutex;
  std::size_t most_lines = 0, most_bytes = 0, bytes = 0;
  std::deque<std::string> lines;
};
Recent& recent_lines() {
  static Recent instance;
  return instance;
}

void trim(Recent& kept) {
  while (kept.lines.size() > kept.most_lines || kept.bytes > kept.most_bytes) {
    kept.bytes -= kept.lines.front().size();
    kept.lines.pop_front();
  }
}

}  // namespace

void keep_recent(std::size_t lines, std::size_t bytes) {
  auto& kept = recent_lines();
  const std::scoped_lock lock{kept.mutex};
  kept.most_lines = lines;
  kept.most_bytes = bytes;
  trim(kept);
}

void note_recent(std::string_view line) {
  auto& kept = recent_lines();
  const std::scoped_lock lock{kept.mutex};
  if (kept.most_lines == 0) return;
  kept.lines.emplace_back(line);
  kept.bytes += line.size();
  trim(kept);
}

std::string recent(std::size_t lines, std::size_t bytes) {
  auto& kept = recent_lines();
  const std::scoped_lock lock{kept.mutex};
  std::size_t from = kept.lines.size(), size = 0;
  while (from > 0 && kept.lines.size() - from < lines && size + kept.lines[from - 1].size() + 1 <= bytes)
    size += kept.lines[--from].size() + 1;
  std::string text;
  text.reserve(size);
  for (; from < kept.lines.size(); ++from) text += kept.lines[from] + '\n';
  return text;
}

}  // namespace roamdesk::log

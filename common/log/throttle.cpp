#include "common/log/throttle.hpp"

#include <algorithm>

namespace roamdesk::log {

bool Throttle::admit(std::string_view event, std::string_view source, TimePoint now) {
  auto found = windows_.find(event);
  if (found == windows_.end()) {
    found = windows_.try_emplace(std::string{event}).first;
    found->second.ends = now + settings_.window;
    found->second.summary.event = event;
  }
  Window& window = found->second;
  const bool seen = window.seen.contains(source);
  if (!seen && window.seen.size() < settings_.sources) window.seen.emplace(source);
  if (!seen && window.written < settings_.lines) {
    ++window.written;
    return true;
  }
  Summary& summary = window.summary;
  ++summary.more;
  summary.yet_more_sources = summary.yet_more_sources || (!seen && window.seen.size() == settings_.sources);
  summary.last_source = source;
  return false;
}

std::vector<Throttle::Summary> Throttle::due(TimePoint now) {
  std::vector<Summary> summaries;
  for (auto at = windows_.begin(); at != windows_.end();) {
    if (at->second.ends > now) {
      ++at;
      continue;
    }
    Summary& summary = at->second.summary;
    summary.sources = at->second.seen.size();
    if (summary.more > 0) summaries.push_back(std::move(summary));
    at = windows_.erase(at);
  }
  return summaries;
}

std::optional<TimePoint> Throttle::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [event, window] : windows_)
    if (!earliest || window.ends < *earliest) earliest = window.ends;
  return earliest;
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 64;
  std::string out{text.substr(0, longest)};
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  if (text.size() > longest) out += "...";
  return out;
}

}  // namespace roamdesk::log

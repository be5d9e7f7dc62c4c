#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"

namespace roamdesk::log {

// Events that strangers can cause without bound: for each event and window the first line of each of a few sources,
// and at the window's end one that says how many more there were. Pure; memory is bounded by the events' names, which
// are ours, times `sources`.
class Throttle {
 public:
  struct Settings {
    Duration window = std::chrono::seconds{60};
    std::size_t lines = 4;     // a window and event
    std::size_t sources = 64;  // told apart; more are counted as "at least"
  };
  explicit Throttle(Settings settings) : settings_(settings) {}

  // True: write the line. Else it is counted.
  bool admit(std::string_view event, std::string_view source, TimePoint now);

  struct Summary {
    std::string event;
    std::uint64_t more = 0;  // lines that weren't written
    std::size_t sources = 0;
    bool yet_more_sources = false;
    std::string last_source;
  };
  // Windows that are over and left something to be said.
  std::vector<Summary> due(TimePoint now);
  std::optional<TimePoint> deadline() const;

 private:
  struct Window {
    TimePoint ends{};
    std::size_t written = 0;
    Summary summary;
    std::set<std::string, std::less<>> seen;
  };
  Settings settings_;
  std::map<std::string, Window, std::less<>> windows_;
};

// For a line: cut to 64 characters, with "?" for what isn't printable ASCII, since an escape is six characters long.
std::string shown(std::string_view text);

}  // namespace roamdesk::log

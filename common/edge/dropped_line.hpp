#pragma once
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "common/edge/edge.hpp"

namespace roamdesk::edge {

// The messages that an edge dropped, for the log: at once where it begins, then a line a minute while it goes on.
class DroppedLine {
 public:
  // To be called every few seconds. "newcomers=312 not_sip=4"; nullopt: nothing to say now.
  std::optional<std::string> handle(const Edge::Counters& now_counted, TimePoint now);

 private:
  Edge::Counters told_;
  std::optional<TimePoint> told_at_;
};

}  // namespace roamdesk::edge

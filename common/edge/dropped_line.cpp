#include "common/edge/dropped_line.hpp"

namespace roamdesk::edge {

std::optional<std::string> DroppedLine::handle(const Edge::Counters& now_counted, TimePoint now) {
  if (told_at_ && now - *told_at_ < std::chrono::minutes{1}) return std::nullopt;
  std::string line;
  const auto add = [&](const char* name, std::uint64_t Edge::Counters::*counter) {
    const auto since = now_counted.*counter - told_.*counter;
    if (since > 0) line += (line.empty() ? "" : " ") + std::string{name} + "=" + std::to_string(since);
  };
  add("newcomers", &Edge::Counters::newcomers_over_rate);
  add("over_rate", &Edge::Counters::over_rate);
  add("not_sip", &Edge::Counters::not_sip);
  add("nul_byte", &Edge::Counters::nul_byte);
  add("too_large", &Edge::Counters::too_large);
  add("too_many_headers", &Edge::Counters::too_many_headers);
  add("no_room", &Edge::Counters::no_room);
  add("flows_gave_way", &Edge::Counters::gave_way);
  add("proven_gave_way", &Edge::Counters::proven_gave_way);
  if (line.empty()) return std::nullopt;
  told_ = now_counted;
  told_at_ = now;
  return line;
}

}  // namespace roamdesk::edge

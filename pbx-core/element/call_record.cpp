#include "pbx-core/element/call_record.hpp"

namespace roamdesk::element {
namespace {

std::string without_pin(std::string number) {
  if (!number.starts_with('*')) return number;
  std::size_t end = 0;
  for (int stars = 0; end < number.size() && stars < 3; ++end) stars += number[end] == '*' ? 1 : 0;
  number.resize(end);
  return number;
}

CallOutcome outcome_of(int status, bool answered, bool rang) {
  if (answered) return CallOutcome::answered;
  switch (status) {
    case 486:
    case 600:
      return CallOutcome::busy;
    case 487:
      return CallOutcome::cancelled;
    case 408:
    case 480:
      return rang ? CallOutcome::no_answer : CallOutcome::unavailable;
    case 403:
    case 603:
      return CallOutcome::refused;
    default:
      return CallOutcome::failed;
  }
}

}  // namespace

CallRecord record_of(const calls::CallChanged& ended, WallTime started, std::optional<WallTime> answered,
                     WallTime now) {
  const auto& info = ended.info;
  CallRecord record;
  record.call = info.id.value();
  record.from = info.from.number;
  record.from_name = info.from.display;
  record.to = without_pin(info.to.number);
  record.to_name = info.to.display;
  record.started = started;
  record.answered = answered;
  record.ended = now;
  record.outcome = outcome_of(ended.status, answered.has_value(), !info.to_site.value().empty());
  record.from_site = info.from_site;
  record.to_site = info.to_site;
  return record;
}

}  // namespace roamdesk::element

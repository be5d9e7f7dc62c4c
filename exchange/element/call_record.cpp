#include "exchange/element/call_record.hpp"

#include <algorithm>

#include "common/sip/message.hpp"

namespace roamdesk::element {
namespace {

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

std::string shown_number(std::string_view user) {
  constexpr std::size_t longest = 64;
  auto number = sip::unescape(user);
  std::size_t end = number.size();
  if (number.starts_with('*')) {
    end = 0;
    for (int stars = 0; end < number.size() && stars < 3; ++end) stars += number[end] == '*' ? 1 : 0;
  }
  number.resize(std::min(end, longest));
  std::replace_if(
      number.begin(), number.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return number;
}

CallRecord record_of(const calls::CallChanged& ended, WallTime started, std::optional<WallTime> answered,
                     WallTime now) {
  const auto& info = ended.info;
  CallRecord record;
  record.call = info.id.value();
  record.from = info.from.number;
  record.from_name = info.from.display;
  record.to = shown_number(info.to.number);
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

#include "exchange/routing/outside_calls.hpp"

#include <algorithm>
#include <chrono>

namespace roamdesk::routing {
namespace {

using std::chrono::minutes;

std::int64_t minute_of(TimePoint time) { return std::chrono::floor<minutes>(time.time_since_epoch()).count(); }

bool over(std::uint32_t count, unsigned limit) { return limit > 0 && count >= limit; }

}  // namespace

const char* reason_of(OutsideLimit limit) {
  switch (limit) {
    case OutsideLimit::person_calls:
      return "Too many outside calls of yours at once";
    case OutsideLimit::person_calls_per_hour:
      return "Too many outside calls of yours within an hour";
    case OutsideLimit::person_minutes_per_hour:
      return "Too many outside minutes of yours within an hour";
    case OutsideLimit::trunk_calls:
      return "All outside lines are busy";
    case OutsideLimit::trunk_calls_per_hour:
    case OutsideLimit::trunk_minutes_per_hour:
      break;
  }
  return "The outside line has reached its limit for this hour";
}

bool is_trunks(OutsideLimit limit) { return limit >= OutsideLimit::trunk_calls; }

LastHour::Minute& LastHour::at(std::int64_t minute) {
  Minute& found = minutes_[static_cast<std::size_t>((minute % 60 + 60) % 60)];
  if (found.number != minute) found = {minute, 0, 0};
  return found;
}

void LastHour::begin(TimePoint now) { ++at(minute_of(now)).calls; }

void LastHour::take_back(TimePoint begun) {
  Minute& minute = at(minute_of(begun));
  if (minute.calls > 0) --minute.calls;
}

void LastHour::talked(TimePoint from, TimePoint to) {
  from = std::max(from, to - minutes{59});
  while (from < to) {
    const std::int64_t minute = minute_of(from);
    const TimePoint end = std::min(to, TimePoint{minutes{minute + 1}});
    at(minute).seconds += static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(end - from).count());
    from = end;
  }
}

void LastHour::remember(TimePoint begun, std::optional<TimePoint> answered, TimePoint ended, TimePoint now) {
  const TimePoint oldest{minutes{minute_of(now) - 59}};
  if (begun >= oldest && begun <= now) ++at(minute_of(begun)).calls;
  if (answered) talked(std::max(*answered, oldest), std::min(ended, now));
}

std::uint32_t LastHour::calls(TimePoint now) const {
  std::uint32_t sum = 0;
  for (const Minute& minute : minutes_)
    if (minute.number > minute_of(now) - 60) sum += minute.calls;
  return sum;
}

std::uint32_t LastHour::seconds(TimePoint now) const {
  std::uint32_t sum = 0;
  for (const Minute& minute : minutes_)
    if (minute.number > minute_of(now) - 60) sum += minute.seconds;
  return sum;
}

// With what is talked at this moment, by those whose trunk or person is that of `like`.
std::uint32_t OutsideCalls::seconds_with_running(const LastHour& hour, const Call& like, TimePoint now) const {
  std::uint32_t sum = hour.seconds(now);
  for (const auto& [id, call] : calls_) {
    if (!call.costs || !call.answered) continue;
    const bool same = like.trunk.empty() ? call.person == like.person : call.trunk == like.trunk;
    if (!same) continue;
    const auto talked = now - std::max(*call.answered, now - minutes{60});
    sum += static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(talked).count());
  }
  return sum;
}

std::optional<OutsideLimit> OutsideCalls::full(const Trunk& trunk, TimePoint now) const {
  const unsigned reserved = std::min(trunk.calls_reserved_in, trunk.calls);
  if (trunk.calls > 0 && up(trunk.name) >= trunk.calls - reserved) return OutsideLimit::trunk_calls;
  const auto found = trunks_.find(trunk.name);
  if (found == trunks_.end()) return std::nullopt;
  if (over(found->second.hour.calls(now), trunk.calls_per_hour)) return OutsideLimit::trunk_calls_per_hour;
  if (trunk.minutes_per_hour > 0 &&
      over(seconds_with_running(found->second.hour, {.trunk = trunk.name, .person = {}}, now),
           trunk.minutes_per_hour * 60))
    return OutsideLimit::trunk_minutes_per_hour;
  return std::nullopt;
}

OutsideCallId OutsideCalls::add(Call call, TimePoint now) {
  call.begun = now;
  Count& trunk = trunks_[call.trunk];
  ++trunk.up;
  if (call.costs) trunk.hour.begin(now);
  if (!call.person.value().empty()) {
    Count& person = persons_[call.person];
    ++person.up;
    person.hour.begin(now);
  }
  const OutsideCallId id{next_++};
  calls_.emplace(id, std::move(call));
  return id;
}

std::optional<OutsideLimit> OutsideCalls::full(const ExtensionNumber& person, const Limits& limits,
                                               TimePoint now) const {
  const auto known = persons_.find(person);
  if (known == persons_.end()) return std::nullopt;
  const Count& count = known->second;
  if (over(count.up, limits.calls)) return OutsideLimit::person_calls;
  if (over(count.hour.calls(now), limits.calls_per_hour)) return OutsideLimit::person_calls_per_hour;
  if (limits.minutes_per_hour > 0 &&
      over(seconds_with_running(count.hour, {.trunk = "", .person = person}, now), limits.minutes_per_hour * 60))
    return OutsideLimit::person_minutes_per_hour;
  return std::nullopt;
}

Result<OutsideCallId, OutsideLimit> OutsideCalls::begin(const ExtensionNumber& person, const Limits& limits,
                                                        const Trunk& trunk, TimePoint now) {
  if (const auto limit = full(person, limits, now)) return *limit;
  if (const auto limit = full(trunk, now)) return *limit;
  return add({.trunk = trunk.name, .person = person}, now);
}

OutsideCallId OutsideCalls::begin_emergency(const Trunk& trunk, TimePoint now) {
  return add({.trunk = trunk.name, .person = {}, .costs = false}, now);
}

Result<OutsideCallId, OutsideLimit> OutsideCalls::begin_inbound(const Trunk& trunk) {
  if (over(up(trunk.name), trunk.calls)) return OutsideLimit::trunk_calls;
  return add({.trunk = trunk.name, .person = {}, .costs = false}, {});
}

std::optional<CarriedToll> OutsideCalls::carried(OutsideCallId id, TimePoint now) const {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return std::nullopt;
  const Call& call = found->second;
  CarriedToll toll{.trunk = call.trunk, .person = call.person, .costs = call.costs};
  // A call that comes in has no hour that it began in.
  if (call.begun != TimePoint{}) toll.begun = now - call.begun;
  if (call.answered) toll.answered = now - *call.answered;
  return toll;
}

OutsideCallId OutsideCalls::adopt(const CarriedToll& toll, TimePoint now) {
  Call call{.trunk = toll.trunk, .person = toll.person, .costs = toll.costs, .begun = now - toll.begun};
  if (toll.answered) call.answered = now - *toll.answered;
  Count& trunk = trunks_[call.trunk];
  ++trunk.up;
  if (call.costs) trunk.hour.remember(call.begun, std::nullopt, now, now);
  if (!call.person.value().empty()) {
    Count& person = persons_[call.person];
    ++person.up;
    person.hour.remember(call.begun, std::nullopt, now, now);
  }
  const OutsideCallId id{next_++};
  calls_.emplace(id, std::move(call));
  return id;
}

void OutsideCalls::answered(OutsideCallId id, TimePoint now) {
  if (const auto found = calls_.find(id); found != calls_.end() && !found->second.answered)
    found->second.answered = now;
}

void OutsideCalls::taken_back(OutsideCallId id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  const Call& call = found->second;
  Count& trunk = trunks_[call.trunk];
  --trunk.up;
  if (call.costs) trunk.hour.take_back(call.begun);
  if (!call.person.value().empty()) {
    Count& person = persons_[call.person];
    --person.up;
    person.hour.take_back(call.begun);
  }
  calls_.erase(found);
}

void OutsideCalls::ended(OutsideCallId id, TimePoint now) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  const Call& call = found->second;
  Count& trunk = trunks_[call.trunk];
  --trunk.up;
  if (call.answered && call.costs) trunk.hour.talked(*call.answered, now);
  if (!call.person.value().empty()) {
    Count& person = persons_[call.person];
    --person.up;
    if (call.answered) person.hour.talked(*call.answered, now);
  }
  calls_.erase(found);
}

void OutsideCalls::remember(const Past& past, TimePoint now) {
  trunks_[past.trunk].hour.remember(past.begun, past.answered, past.ended, now);
  if (!past.person.value().empty()) persons_[past.person].hour.remember(past.begun, past.answered, past.ended, now);
}

unsigned OutsideCalls::up(std::string_view trunk) const {
  const auto found = trunks_.find(trunk);
  return found == trunks_.end() ? 0 : found->second.up;
}

unsigned OutsideCalls::up(const ExtensionNumber& person) const {
  const auto found = persons_.find(person);
  return found == persons_.end() ? 0 : found->second.up;
}

}  // namespace roamdesk::routing

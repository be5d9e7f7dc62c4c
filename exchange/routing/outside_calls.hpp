#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/ids.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/words.hpp"
#include "exchange/model/records.hpp"
#include "exchange/model/trunk.hpp"
#include "exchange/routing/carried_toll.hpp"

// How many calls go through trunks, and for how long: what a stolen password or a phone that dials by itself can cost.
namespace roamdesk::routing {

using OutsideCallId = Strong<struct OutsideCallTag, std::uint64_t>;

// Which bound a call would go past.
enum class OutsideLimit : std::uint8_t {
  person_calls = 1,
  person_calls_per_hour,
  person_minutes_per_hour,
  trunk_calls,
  trunk_calls_per_hour,
  trunk_minutes_per_hour,
};
// What the caller hears as the response's reason phrase.
const char* reason_of(OutsideLimit limit);
// Where the trunk is what is full: the next one may have room.
bool is_trunks(OutsideLimit limit);

// Of one person or trunk, within an hour: calls begun and seconds talked, in minutes.
class LastHour {
 public:
  void begin(TimePoint now);
  // What begin() counted at that time, as if it hadn't been.
  void take_back(TimePoint begun);
  // Talked from `from` to `to`.
  void talked(TimePoint from, TimePoint to);
  // Of the two, what is within the hour before `now`.
  void remember(TimePoint begun, std::optional<TimePoint> answered, TimePoint ended, TimePoint now);
  std::uint32_t calls(TimePoint now) const;
  std::uint32_t seconds(TimePoint now) const;

 private:
  struct Minute {
    std::int64_t number = -1;
    std::uint32_t calls = 0, seconds = 0;
  };
  Minute& at(std::int64_t minute);
  std::array<Minute, 60> minutes_{};
};

// The calls through all trunks. An emergency call takes a line, is never refused, and isn't one of any hour's. Calls
// are counted of persons who exist and trunks that exist, so that nothing from outside makes it grow; each holds an
// hour in minutes.
class OutsideCalls {
 public:
  // 0: any number.
  struct Limits {
    unsigned calls = 0, calls_per_hour = 0, minutes_per_hour = 0;
  };
  static Limits of(const Settings& settings) {
    return {settings.outside_calls, settings.outside_calls_per_hour, settings.outside_minutes_per_hour};
  }

  // Which bound of this person's own the next call would go past; nullopt for none.
  std::optional<OutsideLimit> full(const ExtensionNumber& person, const Limits& limits, TimePoint now) const;
  // Likewise of the trunk's, for calls out.
  std::optional<OutsideLimit> full(const Trunk& trunk, TimePoint now) const;
  // A person calls, or sends a call on, through the trunk.
  Result<OutsideCallId, OutsideLimit> begin(const ExtensionNumber& person, const Limits& limits, const Trunk& trunk,
                                            TimePoint now);
  OutsideCallId begin_emergency(const Trunk& trunk, TimePoint now);
  // From outside: only the trunk's calls at once count.
  Result<OutsideCallId, OutsideLimit> begin_inbound(const Trunk& trunk);
  // Each of the three does nothing of a call that isn't there.
  // It goes through another trunk instead, or through none: as if it hadn't begun.
  void taken_back(OutsideCallId id);
  void answered(OutsideCallId id, TimePoint now);
  void ended(OutsideCallId id, TimePoint now);

  // A call out that this process hasn't seen: of its hour, what counts still. `begun` and the others may lie before the
  // clock's beginning.
  struct Past {
    std::string trunk;
    ExtensionNumber person;  // "" where that isn't known: it counts for the trunk alone
    TimePoint begun{};
    std::optional<TimePoint> answered{};
    TimePoint ended{};
  };
  void remember(const Past& past, TimePoint now);

  // A call that goes on in the next process; nullopt where there is none of this id.
  std::optional<CarriedToll> carried(OutsideCallId id, TimePoint now) const;
  // Goes on counting a call of the last process. Like those of before, it refuses nothing.
  OutsideCallId adopt(const CarriedToll& toll, TimePoint now);

  unsigned up(std::string_view trunk) const;
  unsigned up(const ExtensionNumber& person) const;

 private:
  struct Count {
    unsigned up = 0;
    LastHour hour;
  };
  struct Call {
    std::string trunk;
    ExtensionNumber person;  // "" for none
    std::optional<TimePoint> answered{};
    // One of the trunk's hour: neither a call that comes in, nor one for help.
    bool costs = true;
    TimePoint begun{};
  };
  std::uint32_t seconds_with_running(const LastHour& hour, const Call& like, TimePoint now) const;
  OutsideCallId add(Call call, TimePoint now);

  std::map<std::string, Count, std::less<>> trunks_;
  std::map<ExtensionNumber, Count> persons_;
  std::map<OutsideCallId, Call> calls_;
  std::uint64_t next_ = 1;
};

}  // namespace roamdesk::routing

namespace roamdesk {
// The first has no word: limits count from 1, as errors do.
template <>
inline constexpr std::array<std::string_view, 7> words<routing::OutsideLimit> = {"",
                                                                                 "person_calls",
                                                                                 "person_calls_per_hour",
                                                                                 "person_minutes_per_hour",
                                                                                 "trunk_calls",
                                                                                 "trunk_calls_per_hour",
                                                                                 "trunk_minutes_per_hour"};
}  // namespace roamdesk

#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "common/post/letter.hpp"

namespace roamdesk::post {

struct OutboxLimits {
  std::size_t letters = 512, of_receiver = 64;
  std::size_t at_once = 8, at_once_to_receiver = 2;
  // What was told is remembered for so many letters.
  std::size_t remembered = 1024;
  // From put() to the last try's begin.
  std::chrono::seconds lifetime{600};
};

enum class Fate : std::uint8_t { delivered, may_go_later, refused };

// The letters that aren't delivered yet, and which of them is tried when. README.md has the table of a letter's states.
class Outbox {
 public:
  explicit Outbox(OutboxLimits limits = {}) : limits_(limits) {}

  enum class Taken : std::uint8_t { yes, known, no_room };
  Taken put(Letter letter, TimePoint now);
  // The next one to be tried now, the heaviest first; it is under way until it is answered. nullopt: none is due.
  std::optional<LetterId> next(TimePoint now);
  // Valid until it is answered. It must be under way.
  const Letter& letter(LetterId id) const { return waiting_.at(id).letter; }

  struct Over {
    Letter letter;
    bool delivered = false;
    unsigned tries = 0;
  };
  // nullopt: it is tried again.
  std::optional<Over> answered(LetterId id, Fate fate, TimePoint now);

  // When next() will have one; nullopt: not before something is put or answered.
  std::optional<TimePoint> deadline() const;
  std::size_t size() const { return waiting_.size(); }
  // Letters that gave way to heavier ones, or found no room, since the start.
  std::size_t dropped() const { return dropped_; }

  // Before the next try, after so many.
  static std::chrono::seconds pause_after(unsigned tries);

 private:
  struct Entry {
    Letter letter;
    std::string receiver;
    TimePoint put, due;
    unsigned tries = 0;
    bool under_way = false;
  };
  struct Count {
    std::size_t all = 0, under_way = 0;
  };
  // Makes room for one of `weight`; false: all that is there is as heavy. `receiver`: among its letters; nullptr: all.
  bool make_room(const std::string* receiver, unsigned weight);
  bool may_begin(const Entry& entry) const;
  void remove(std::map<LetterId, Entry>::iterator entry);

  OutboxLimits limits_;
  std::map<LetterId, Entry> waiting_;  // in the order in which they were put
  std::map<std::string, Count> receivers_;
  std::size_t under_way_ = 0, dropped_ = 0;
  std::deque<std::string> told_;  // about and receiver of those that were put, the oldest first
  std::uint64_t last_ = 0;
};

}  // namespace roamdesk::post

#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/time.hpp"
#include "exchange/model/alarm.hpp"

namespace roamdesk::alarms {

enum class Turn : std::uint8_t { raised, worse, cleared };
struct News {
  Turn turn{};
  Alarm alarm;
};

// What people are told in one message.
struct Bulletin {
  std::vector<News> news;  // in the order in which it came
  std::size_t left_out = 0;
};

// Puts what happens at about the same time into one message: a hundred branches that go down together are one. A call
// for help waits for nothing.
class Gathering {
 public:
  // Of one message; what comes on top is counted.
  static constexpr std::size_t most = 200;
  // From the first of it to the message, and from one message to the next.
  static constexpr std::chrono::seconds gathered{15}, between{60};

  void add(News news, TimePoint now);
  // The message that is due.
  std::optional<Bulletin> next(TimePoint now);

 private:
  Bulletin waiting_;
  std::optional<TimePoint> due_, last_;
  bool urgent_ = false;
};

}  // namespace roamdesk::alarms

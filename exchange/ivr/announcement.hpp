#pragma once
#include "exchange/ivr/talk.hpp"

namespace roamdesk::ivr {

// One prompt, then the end: `not_a_hot_desk`.
struct Announce {
  Prompt prompt{};
  friend bool operator==(const Announce&, const Announce&) = default;
};

// README.md has the transition table.
class Announcement {
 public:
  using Purpose = Announce;
  enum class State : std::uint8_t { fresh, ending, over };

  explicit Announcement(const Announce& purpose, DialogueTimes times = {}) : prompt_(purpose.prompt), talk_(times) {}

  Effects handle(const Event& event, TimePoint now);
  // Spurious calls do nothing.
  Effects handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const { return talk_.deadline(); }
  bool over() const { return state_ == State::over; }
  bool consistent() const;

 private:
  void on(const Answered&, TimePoint now);
  void on(const PromptEnded&, TimePoint now);
  void on(const CallerHungUp&, TimePoint) { finish(false); }
  template <class Other>
  void on(const Other&, TimePoint) {}
  void finish(bool hang_up);

  Prompt prompt_;
  Talk talk_;
  State state_ = State::fresh;
};

}  // namespace roamdesk::ivr

#pragma once
#include "exchange/ivr/talk.hpp"

namespace roamdesk::ivr {

struct AskLogout {
  friend bool operator==(const AskLogout&, const AskLogout&) = default;
};

// One call to the logout code. README.md has the transition table.
class LogoutDialogue {
 public:
  using Purpose = AskLogout;
  enum class State : std::uint8_t { fresh, checking, ending, over };

  explicit LogoutDialogue(const AskLogout&, DialogueTimes times = {}) : talk_(times) {}

  Effects handle(const Event& event, TimePoint now);
  // Spurious calls do nothing.
  Effects handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  bool over() const { return state_ == State::over; }
  bool consistent() const;

 private:
  void on(const Answered&, TimePoint now);
  void on(const PromptEnded&, TimePoint now);
  void on(const LogoutAnswered&, TimePoint now);
  void on(const CallerHungUp&, TimePoint) { finish(false); }
  template <class Other>
  void on(const Other&, TimePoint) {}
  void end_with(Prompt prompt, TimePoint now);
  void finish(bool hang_up);

  Talk talk_;
  State state_ = State::fresh;
  std::optional<TimePoint> answer_until_;
};

}  // namespace roamdesk::ivr

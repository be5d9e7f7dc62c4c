#pragma once
#include <cstdint>
#include <optional>

#include "exchange/ivr/talk.hpp"
#include "exchange/ivr/typed.hpp"

namespace roamdesk::ivr {

struct AskLogin {
  // nullopt: it is asked for.
  std::optional<ExtensionNumber> extension;
  friend bool operator==(const AskLogin&, const AskLogin&) = default;
};

// One call to the hot-desk code. The PIN lives here between its digits and SubmitLogin only. README.md has the
// transition table.
class LoginDialogue {
 public:
  using Purpose = AskLogin;
  enum class State : std::uint8_t { fresh, extension, pin, checking, ending, over };

  explicit LoginDialogue(const AskLogin& purpose, DialogueTimes times = {})
      : talk_(times), extension_(purpose.extension) {}

  Effects handle(const Event& event, TimePoint now);
  // Spurious calls do nothing.
  Effects handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  State state() const { return state_; }
  bool over() const { return state_ == State::over; }
  bool consistent() const;

  static constexpr int tries_in_a_call = 3;
  static constexpr std::size_t longest_pin = Typed::capacity, longest_extension = 15;

 private:
  void on(const Answered&, TimePoint now);
  void on(const Digit&, TimePoint now);
  void on(const PromptEnded&, TimePoint now);
  void on(const LoginAnswered&, TimePoint now);
  void on(const CallerHungUp&, TimePoint) { finish(false); }
  template <class Other>
  void on(const Other&, TimePoint) {}
  void input_timeout(TimePoint now);
  // A question, heard from its prompt's beginning: enter_extension or enter_pin, or wrong_pin ahead of them.
  void ask(Prompt prompt, TimePoint now);
  // The input has ended.
  void complete(TimePoint now);
  void nothing_heard(TimePoint now);
  void end_with(Prompt prompt, TimePoint now);
  void finish(bool hang_up);

  Talk talk_;
  State state_ = State::fresh;
  std::optional<ExtensionNumber> extension_;
  Typed input_;
  // This question, after silence.
  bool asked_again_ = false;
  int tries_ = 0;
  std::optional<TimePoint> input_until_;
};

}  // namespace roamdesk::ivr

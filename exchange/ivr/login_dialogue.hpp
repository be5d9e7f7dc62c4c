#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/secret.hpp"
#include "common/base/time.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::ivr {

// Files under the prompts' folder, each in A-law and µ-law; an administrator can replace them.
enum class Prompt : std::uint8_t {
  enter_extension,
  enter_pin,
  wrong_pin,
  login_ok,
  logged_out,
  not_logged_in,
  not_a_hot_desk,
  goodbye,
  try_later,
  no_emergency_route
};
const char* name(Prompt prompt);  // "enter_extension", …: the file's name without its suffix

struct DialogueTimes {
  std::chrono::seconds pause{3};     // after a digit: the input is complete
  std::chrono::seconds silence{10};  // without any digit, after the prompt: asked once more, then goodbye
  std::chrono::seconds answer{20};   // for the login's result; then try_later
  std::chrono::seconds prompt{30};   // a prompt that doesn't end by itself is taken as ended
  std::chrono::seconds whole{300};   // the longest call
};

// ---- in ----
struct Answered {};  // the call is up and media can be heard
struct Digit {
  char key = '0';  // 0-9 * # A-D
};
struct PromptEnded {  // the prompt of the last Play was played to its end
  Prompt prompt{};
};
enum class LoginResult : std::uint8_t { ok, failed, elsewhere, unavailable };
struct LoginAnswered {
  LoginResult result{};
};
enum class LogoutResult : std::uint8_t { logged_out, not_logged_in, unavailable };
struct LogoutAnswered {
  LogoutResult result{};
};
struct CallerHungUp {};
using Event = std::variant<Answered, Digit, PromptEnded, LoginAnswered, LogoutAnswered, CallerHungUp>;

// ---- out ----
struct Play {  // in place of whatever is being played
  Prompt prompt{};
  friend bool operator==(const Play&, const Play&) = default;
};
struct StopPlaying {  // barge-in
  friend bool operator==(const StopPlaying&, const StopPlaying&) = default;
};
struct Collect {  // whether digits are listened to
  bool on = false;
  friend bool operator==(const Collect&, const Collect&) = default;
};
struct SubmitLogin {  // answered by LoginAnswered
  ExtensionNumber extension;
  Secret pin;
  friend bool operator==(const SubmitLogin&, const SubmitLogin&) = default;
};
struct SubmitLogout {  // answered by LogoutAnswered
  friend bool operator==(const SubmitLogout&, const SubmitLogout&) = default;
};
struct HangUp {
  friend bool operator==(const HangUp&, const HangUp&) = default;
};
using Effect = std::variant<Play, StopPlaying, Collect, SubmitLogin, SubmitLogout, HangUp>;
using Effects = std::vector<Effect>;

// What the call is for; routing has decided it.
struct AskLogin {
  std::optional<ExtensionNumber> extension;  // none: it is asked for
};
struct AskLogout {};
struct Announce {  // one prompt, then the end: not_a_hot_desk, no_emergency_route
  Prompt prompt{};
};
using Purpose = std::variant<AskLogin, AskLogout, Announce>;

// One call to the hot-desk code, the logout code, or an announcement. Pure; owned by the call, dies with it.
// The PIN lives here between its digits and SubmitLogin only. README.md has the transition table.
class LoginDialogue {
 public:
  enum class State : std::uint8_t { fresh, extension, pin, checking, ending, over };

  explicit LoginDialogue(Purpose purpose, DialogueTimes times = {});

  Effects handle(const Event& event, TimePoint now);
  Effects handle_timeout(TimePoint now);  // spurious calls do nothing
  std::optional<TimePoint> deadline() const;
  State state() const { return state_; }
  bool over() const { return state_ == State::over; }  // HangUp was said, or the caller went
  bool consistent() const;

  static constexpr int tries_in_a_call = 3;
  static constexpr std::size_t longest_pin = 32, longest_extension = 15;

 private:
  void on(const Answered&, TimePoint);
  void on(const Digit&, TimePoint);
  void on(const PromptEnded&, TimePoint);
  void on(const LoginAnswered&, TimePoint);
  void on(const LogoutAnswered&, TimePoint);
  void on(const CallerHungUp&, TimePoint);
  void ask(Prompt prompt, TimePoint now);  // enter_extension or enter_pin, or wrong_pin ahead of them
  void play(Prompt prompt, TimePoint now);
  void complete(TimePoint now);  // the input has ended
  void nothing_heard(TimePoint now);
  void end_with(Prompt prompt, TimePoint now);
  void finish(bool hang_up);
  void wipe();
  template <class E>
  void emit(E effect) {
    effects_.emplace_back(std::in_place_type<E>, std::move(effect));
  }

  Purpose purpose_;
  DialogueTimes times_;
  State state_ = State::fresh;
  std::optional<ExtensionNumber> extension_;
  std::string input_;
  bool overlong_ = false;
  bool asked_again_ = false;  // this question, after silence
  int tries_ = 0;
  std::optional<Prompt> playing_;
  std::optional<TimePoint> input_until_, prompt_until_, whole_until_;
  Effects effects_;
};

}  // namespace roamdesk::ivr

#include "exchange/ivr/login_dialogue.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::ivr {

Effects LoginDialogue::handle(const Event& event, TimePoint now) {
  if (!over()) std::visit([&](const auto& e) { on(e, now); }, event);
  return talk_.take();
}

Effects LoginDialogue::handle_timeout(TimePoint now) {
  switch (talk_.due(now)) {
    case Talk::Due::call:
      finish(true);
      break;
    case Talk::Due::prompt:
      on(PromptEnded{*talk_.playing()}, now);
      break;
    case Talk::Due::nothing:
      if (input_until_ && now >= *input_until_) input_timeout(now);
      break;
  }
  return talk_.take();
}

void LoginDialogue::input_timeout(TimePoint now) {
  input_until_.reset();
  switch (state_) {
    case State::extension:
    case State::pin:
      if (input_.empty())
        nothing_heard(now);
      else
        complete(now);
      break;
    case State::checking:
      end_with(Prompt::try_later, now);
      break;
    case State::fresh:
    case State::ending:
    case State::over:
      break;
  }
}

std::optional<TimePoint> LoginDialogue::deadline() const {
  const auto talk = talk_.deadline();
  return talk && input_until_ ? std::min(talk, input_until_) : talk;
}

void LoginDialogue::on(const Answered&, TimePoint now) {
  if (state_ != State::fresh) return;
  talk_.begin(now);
  state_ = extension_ ? State::pin : State::extension;
  talk_.emit(Collect{true});
  ask(extension_ ? Prompt::enter_pin : Prompt::enter_extension, now);
}

void LoginDialogue::ask(Prompt prompt, TimePoint now) {
  input_.wipe();
  // Digits may come at any time; the silence counts from the prompt's end.
  input_until_.reset();
  talk_.play(prompt, now);
}

void LoginDialogue::on(const Digit& e, TimePoint now) {
  if (state_ != State::extension && state_ != State::pin) return;
  talk_.interrupt();  // `wrong_pin` too: who types on knows what to do
  // `*` ends the extension too, as it does in `*77*101*`; in a PIN neither it nor A-D is a digit, and the PIN is wrong.
  if (e.key == '#' || (e.key == '*' && state_ == State::extension)) {
    if (input_.empty())
      nothing_heard(now);
    else
      complete(now);
    return;
  }
  input_.add(e.key, state_ == State::pin ? longest_pin : longest_extension);
  input_until_ = now + talk_.times().pause;
}

void LoginDialogue::on(const PromptEnded& e, TimePoint now) {
  if (!talk_.ended(e)) return;
  switch (state_) {
    case State::extension:
    case State::pin:
      if (e.prompt == Prompt::wrong_pin)
        ask(Prompt::enter_pin, now);
      else
        input_until_ = now + talk_.times().silence;
      break;
    case State::ending:
      finish(true);
      break;
    case State::fresh:
    case State::checking:
    case State::over:
      break;
  }
}

void LoginDialogue::nothing_heard(TimePoint now) {
  if (std::exchange(asked_again_, true))
    end_with(Prompt::goodbye, now);
  else
    ask(state_ == State::pin ? Prompt::enter_pin : Prompt::enter_extension, now);
}

void LoginDialogue::complete(TimePoint now) {
  input_until_.reset();
  if (state_ == State::extension) {
    // What can't be an extension is asked for a PIN like all others, and fails like them.
    extension_ = ExtensionNumber{input_.digits()};
    state_ = State::pin;
    asked_again_ = false;
    ask(Prompt::enter_pin, now);
    return;
  }
  ++tries_;
  state_ = State::checking;
  input_until_ = now + talk_.times().answer;
  // A PIN that can't be one is checked too, as an empty one: its answer takes the same time.
  talk_.emit(SubmitLogin{*extension_, input_.secret()});
  input_.wipe();
}

void LoginDialogue::on(const LoginAnswered& e, TimePoint now) {
  if (state_ != State::checking) return;
  input_until_.reset();
  switch (e.result) {
    case LoginResult::ok:
      end_with(Prompt::login_ok, now);
      break;
    case LoginResult::elsewhere:
    case LoginResult::unavailable:
      end_with(Prompt::try_later, now);
      break;
    case LoginResult::failed:
      if (tries_ >= tries_in_a_call) {
        end_with(Prompt::wrong_pin, now);
        break;
      }
      asked_again_ = false;
      state_ = State::pin;
      ask(Prompt::wrong_pin, now);
      break;
  }
}

void LoginDialogue::end_with(Prompt prompt, TimePoint now) {
  input_.wipe();
  input_until_.reset();
  talk_.emit(Collect{false});
  state_ = State::ending;
  talk_.play(prompt, now);
}

void LoginDialogue::finish(bool hang_up) {
  input_.wipe();
  input_until_.reset();
  state_ = State::over;
  talk_.finish(hang_up);
}

bool LoginDialogue::consistent() const {
  if (tries_ > tries_in_a_call) return false;
  const bool plays = talk_.playing().has_value();
  switch (state_) {
    case State::fresh:
      return !deadline() && input_.empty();
    case State::extension:
    case State::pin:
      return plays || input_until_;
    case State::checking:
      return input_until_ && input_.empty();
    case State::ending:
      return plays && input_.empty();
    case State::over:
      return !deadline() && input_.empty() && !plays;
  }
  return false;
}

}  // namespace roamdesk::ivr

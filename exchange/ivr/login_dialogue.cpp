#include "exchange/ivr/login_dialogue.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::ivr {

const char* name(Prompt prompt) {
  switch (prompt) {
    case Prompt::enter_extension:
      return "enter_extension";
    case Prompt::enter_pin:
      return "enter_pin";
    case Prompt::wrong_pin:
      return "wrong_pin";
    case Prompt::login_ok:
      return "login_ok";
    case Prompt::logged_out:
      return "logged_out";
    case Prompt::not_logged_in:
      return "not_logged_in";
    case Prompt::not_a_hot_desk:
      return "not_a_hot_desk";
    case Prompt::goodbye:
      return "goodbye";
    case Prompt::try_later:
      return "try_later";
    case Prompt::no_emergency_route:
      return "no_emergency_route";
  }
  return "";
}

LoginDialogue::LoginDialogue(Purpose purpose, DialogueTimes times) : purpose_(std::move(purpose)), times_(times) {
  if (const AskLogin* login = std::get_if<AskLogin>(&purpose_)) extension_ = login->extension;
}

Effects LoginDialogue::handle(const Event& event, TimePoint now) {
  if (!over()) std::visit([&](const auto& e) { on(e, now); }, event);
  return std::exchange(effects_, {});
}

Effects LoginDialogue::handle_timeout(TimePoint now) {
  if (!over() && whole_until_ && now >= *whole_until_) {
    finish(true);
  } else if (!over() && prompt_until_ && now >= *prompt_until_) {
    on(PromptEnded{*playing_}, now);  // the media plane owes us its end
  } else if (!over() && input_until_ && now >= *input_until_) {
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
  return std::exchange(effects_, {});
}

std::optional<TimePoint> LoginDialogue::deadline() const {
  std::optional<TimePoint> earliest = whole_until_;
  for (const auto& at : {input_until_, prompt_until_})
    if (at && (!earliest || *at < *earliest)) earliest = at;
  return earliest;
}

void LoginDialogue::on(const Answered&, TimePoint now) {
  if (state_ != State::fresh) return;
  whole_until_ = now + times_.whole;
  if (const Announce* announce = std::get_if<Announce>(&purpose_)) {
    end_with(announce->prompt, now);
  } else if (std::holds_alternative<AskLogout>(purpose_)) {
    state_ = State::checking;
    input_until_ = now + times_.answer;
    emit(SubmitLogout{});
  } else {
    state_ = extension_ ? State::pin : State::extension;
    emit(Collect{true});
    ask(extension_ ? Prompt::enter_pin : Prompt::enter_extension, now);
  }
}

// A question, heard from its prompt's beginning. Digits may come at any time; the silence counts from its end.
void LoginDialogue::ask(Prompt prompt, TimePoint now) {
  wipe();
  input_until_.reset();
  play(prompt, now);
}

void LoginDialogue::play(Prompt prompt, TimePoint now) {
  playing_ = prompt;
  prompt_until_ = now + times_.prompt;
  emit(Play{prompt});
}

void LoginDialogue::on(const Digit& e, TimePoint now) {
  if (state_ != State::extension && state_ != State::pin) return;
  if (playing_) {  // barge-in; `wrong_pin` too: whoever types on knows what to do
    playing_.reset();
    prompt_until_.reset();
    emit(StopPlaying{});
  }
  // `*` ends the extension too, as it does in `*77*101*`; in a PIN neither it nor A-D is a digit, and the PIN is wrong.
  if (e.key == '#' || (e.key == '*' && state_ == State::extension)) {
    if (input_.empty())
      nothing_heard(now);
    else
      complete(now);
    return;
  }
  const std::size_t longest = state_ == State::pin ? longest_pin : longest_extension;
  if (input_.size() < longest)
    input_.push_back(e.key);
  else
    overlong_ = true;
  input_until_ = now + times_.pause;
}

void LoginDialogue::on(const PromptEnded& e, TimePoint now) {
  if (!playing_ || *playing_ != e.prompt) return;  // of a prompt that was cut off
  playing_.reset();
  prompt_until_.reset();
  switch (state_) {
    case State::extension:
    case State::pin:
      if (e.prompt == Prompt::wrong_pin)
        ask(Prompt::enter_pin, now);
      else
        input_until_ = now + times_.silence;
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
  if (std::exchange(asked_again_, true)) {
    end_with(Prompt::goodbye, now);
  } else {
    ask(state_ == State::pin ? Prompt::enter_pin : Prompt::enter_extension, now);
  }
}

void LoginDialogue::complete(TimePoint now) {
  input_until_.reset();
  const bool usable =
      !overlong_ && std::all_of(input_.begin(), input_.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (state_ == State::extension) {
    // What can't be an extension is asked for a PIN like all others, and fails like them.
    extension_ = ExtensionNumber{usable ? input_ : std::string{}};
    state_ = State::pin;
    asked_again_ = false;
    ask(Prompt::enter_pin, now);
    return;
  }
  ++tries_;
  state_ = State::checking;
  input_until_ = now + times_.answer;
  // A PIN that can't be one is checked too, as an empty one: its answer takes the same time.
  emit(SubmitLogin{*extension_, Secret{usable ? input_ : std::string{}}});
  wipe();
}

void LoginDialogue::on(const LoginAnswered& e, TimePoint now) {
  if (state_ != State::checking || !std::holds_alternative<AskLogin>(purpose_)) return;
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

void LoginDialogue::on(const LogoutAnswered& e, TimePoint now) {
  if (state_ != State::checking || !std::holds_alternative<AskLogout>(purpose_)) return;
  input_until_.reset();
  switch (e.result) {
    case LogoutResult::logged_out:
      end_with(Prompt::logged_out, now);
      break;
    case LogoutResult::not_logged_in:
      end_with(Prompt::not_logged_in, now);
      break;
    case LogoutResult::unavailable:
      end_with(Prompt::try_later, now);
      break;
  }
}

void LoginDialogue::on(const CallerHungUp&, TimePoint) { finish(false); }

void LoginDialogue::end_with(Prompt prompt, TimePoint now) {
  wipe();
  input_until_.reset();
  if (std::holds_alternative<AskLogin>(purpose_)) emit(Collect{false});
  state_ = State::ending;
  play(prompt, now);
}

void LoginDialogue::finish(bool hang_up) {
  wipe();
  state_ = State::over;
  playing_.reset();
  input_until_.reset();
  prompt_until_.reset();
  whole_until_.reset();
  if (hang_up) emit(HangUp{});
}

// Digits may be a PIN: they are overwritten, not just forgotten.
void LoginDialogue::wipe() {
  volatile char* at = input_.data();
  for (std::size_t i = 0; i < input_.size(); ++i) at[i] = '\0';
  input_.clear();
  overlong_ = false;
}

bool LoginDialogue::consistent() const {
  if (tries_ > tries_in_a_call) return false;
  if (playing_.has_value() != prompt_until_.has_value()) return false;
  switch (state_) {
    case State::fresh:
      return !deadline() && input_.empty();
    case State::extension:
    case State::pin:
      return playing_ || input_until_;
    case State::checking:
      return input_until_ && input_.empty();
    case State::ending:
      return playing_ && input_.empty();
    case State::over:
      return !deadline() && input_.empty() && !playing_;
  }
  return false;
}

}  // namespace roamdesk::ivr

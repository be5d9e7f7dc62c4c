#include "exchange/ivr/logout_dialogue.hpp"

#include <algorithm>

namespace roamdesk::ivr {

Effects LogoutDialogue::handle(const Event& event, TimePoint now) {
  if (!over()) std::visit([&](const auto& e) { on(e, now); }, event);
  return talk_.take();
}

Effects LogoutDialogue::handle_timeout(TimePoint now) {
  if (talk_.due(now) != Talk::Due::nothing)
    finish(true);
  else if (answer_until_ && now >= *answer_until_)
    end_with(Prompt::try_later, now);
  return talk_.take();
}

std::optional<TimePoint> LogoutDialogue::deadline() const {
  const auto talk = talk_.deadline();
  return talk && answer_until_ ? std::min(talk, answer_until_) : talk;
}

void LogoutDialogue::on(const Answered&, TimePoint now) {
  if (state_ != State::fresh) return;
  talk_.begin(now);
  state_ = State::checking;
  answer_until_ = now + talk_.times().answer;
  talk_.emit(SubmitLogout{});
}

void LogoutDialogue::on(const LogoutAnswered& e, TimePoint now) {
  if (state_ != State::checking) return;
  switch (e.result) {
    case LogoutResult::logged_out:
      end_with(Prompt::logged_out, now);
      break;
    case LogoutResult::not_logged_in:
      end_with(Prompt::not_logged_in, now);
      break;
  }
}

void LogoutDialogue::on(const PromptEnded& e, TimePoint) {
  if (talk_.ended(e)) finish(true);
}

void LogoutDialogue::end_with(Prompt prompt, TimePoint now) {
  answer_until_.reset();
  state_ = State::ending;
  talk_.play(prompt, now);
}

void LogoutDialogue::finish(bool hang_up) {
  answer_until_.reset();
  state_ = State::over;
  talk_.finish(hang_up);
}

bool LogoutDialogue::consistent() const {
  const bool waits = state_ == State::checking, plays = state_ == State::ending;
  return answer_until_.has_value() == waits && talk_.playing().has_value() == plays &&
         deadline().has_value() == (waits || plays);
}

}  // namespace roamdesk::ivr

#include "exchange/ivr/announcement.hpp"

namespace roamdesk::ivr {

Effects Announcement::handle(const Event& event, TimePoint now) {
  if (!over()) std::visit([&](const auto& e) { on(e, now); }, event);
  return talk_.take();
}

Effects Announcement::handle_timeout(TimePoint now) {
  if (talk_.due(now) != Talk::Due::nothing) finish(true);
  return talk_.take();
}

void Announcement::on(const Answered&, TimePoint now) {
  if (state_ != State::fresh) return;
  talk_.begin(now);
  talk_.play(prompt_, now);
  state_ = State::ending;
}

void Announcement::on(const PromptEnded& e, TimePoint) {
  if (talk_.ended(e)) finish(true);
}

void Announcement::finish(bool hang_up) {
  state_ = State::over;
  talk_.finish(hang_up);
}

bool Announcement::consistent() const {
  return (state_ == State::ending) == talk_.playing().has_value() &&
         (state_ == State::ending) == deadline().has_value();
}

}  // namespace roamdesk::ivr

#include "exchange/ivr/talk.hpp"

namespace roamdesk::ivr {

void Talk::play(Prompt prompt, TimePoint now) {
  playing_ = prompt;
  prompt_until_ = now + times_.prompt;
  emit(Play{prompt});
}

void Talk::interrupt() {
  if (!playing_) return;
  playing_.reset();
  prompt_until_.reset();
  emit(StopPlaying{});
}

bool Talk::ended(const PromptEnded& event) {
  if (playing_ != event.prompt) return false;
  playing_.reset();
  prompt_until_.reset();
  return true;
}

void Talk::finish(bool hang_up) {
  playing_.reset();
  prompt_until_.reset();
  whole_until_.reset();
  if (hang_up) emit(HangUp{});
}

Talk::Due Talk::due(TimePoint now) const {
  if (whole_until_ && now >= *whole_until_) return Due::call;
  if (prompt_until_ && now >= *prompt_until_) return Due::prompt;
  return Due::nothing;
}

std::optional<TimePoint> Talk::deadline() const {
  if (prompt_until_ && (!whole_until_ || *prompt_until_ < *whole_until_)) return prompt_until_;
  return whole_until_;
}

}  // namespace roamdesk::ivr

#pragma once
#include <chrono>
#include <optional>
#include <utility>

#include "common/base/time.hpp"
#include "exchange/ivr/events.hpp"

namespace roamdesk::ivr {

struct DialogueTimes {
  // After a digit: the input is complete.
  std::chrono::seconds pause{3};
  // Without any digit, after the prompt: asked once more, then goodbye.
  std::chrono::seconds silence{10};
  // For the result of what was submitted; then try_later.
  std::chrono::seconds answer{20};
  // A prompt that doesn't end by itself is taken as ended.
  std::chrono::seconds prompt{30};
  // The longest call.
  std::chrono::seconds whole{300};
};

// What all dialogues do alike: one prompt at a time, whose end comes even where the media plane owes it, and a call
// that ends. It collects the effects.
class Talk {
 public:
  explicit Talk(DialogueTimes times) : times_(times) {}

  // The call is up: its longest time counts from here.
  void begin(TimePoint now) { whole_until_ = now + times_.whole; }
  void play(Prompt prompt, TimePoint now);
  // Stops what plays, if something does.
  void interrupt();
  // Whether that was the end of what plays; false: of a prompt that was cut off.
  bool ended(const PromptEnded& event);
  // Nothing is due any more. `hang_up`: false where the caller has gone.
  void finish(bool hang_up);

  enum class Due : std::uint8_t { nothing, prompt, call };
  // `call`: its longest time is over. `prompt`: what plays is to be taken as ended.
  Due due(TimePoint now) const;
  std::optional<TimePoint> deadline() const;

  std::optional<Prompt> playing() const { return playing_; }
  const DialogueTimes& times() const { return times_; }
  template <class E>
  void emit(E effect) {
    effects_.emplace_back(std::in_place_type<E>, std::move(effect));
  }
  Effects take() { return std::exchange(effects_, {}); }

 private:
  DialogueTimes times_;
  std::optional<Prompt> playing_;
  std::optional<TimePoint> prompt_until_, whole_until_;
  Effects effects_;
};

}  // namespace roamdesk::ivr

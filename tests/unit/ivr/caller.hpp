#pragma once
#include <gtest/gtest.h>

#include <string_view>

#include "exchange/ivr/dialogue.hpp"

namespace roamdesk::ivr {

using namespace std::chrono_literals;

// A caller, and what they hear and cause.
class Caller {
 public:
  explicit Caller(const Purpose& purpose) : dialogue{purpose} {}
  Effects does(const Event& event) {
    Effects effects = dialogue.handle(event, now);
    EXPECT_TRUE(dialogue.consistent());
    return effects;
  }
  Effects types(std::string_view keys) {
    Effects effects;
    for (const char key : keys) effects = does(Digit{key});
    return effects;
  }
  Effects waits(Duration time) {
    now += time;
    Effects effects = dialogue.handle_timeout(now);
    EXPECT_TRUE(dialogue.consistent());
    return effects;
  }
  Effects hears(Prompt prompt) { return does(PromptEnded{prompt}); }

  Dialogue dialogue;
  TimePoint now{1h};
};

inline Effects plays(Prompt prompt) {
  Effects effects;
  effects.emplace_back(std::in_place_type<Play>, Play{prompt});
  return effects;
}
inline Effects hangs_up() {
  Effects effects;
  effects.emplace_back(std::in_place_type<HangUp>);
  return effects;
}

}  // namespace roamdesk::ivr

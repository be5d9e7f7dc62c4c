#include "exchange/ivr/login_dialogue.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/ivr/caller.hpp"

namespace roamdesk::ivr {
namespace {

const ExtensionNumber alice{"101"};
Effects submits(const std::string& pin, const ExtensionNumber& person = alice) {
  Effects effects;
  effects.emplace_back(std::in_place_type<SubmitLogin>, SubmitLogin{person, Secret{pin}});
  return effects;
}
Effects ends_with(Prompt prompt) {
  Effects effects;
  effects.emplace_back(std::in_place_type<Collect>, Collect{false});
  effects.emplace_back(std::in_place_type<Play>, Play{prompt});
  return effects;
}

TEST(LoginDialogue, AsksForThePinAndListens) {
  Caller caller{AskLogin{alice}};
  const Effects effects = caller.does(Answered{});
  ASSERT_EQ(effects.size(), 2U);
  EXPECT_EQ(effects[0], Effect{Collect{true}});
  EXPECT_EQ(effects[1], Effect{Play{Prompt::enter_pin}});
}

TEST(LoginDialogue, SubmitsThePinAtTheHash) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  caller.hears(Prompt::enter_pin);
  EXPECT_EQ(caller.types("4711#"), submits("4711"));
}

TEST(LoginDialogue, SubmitsThePinAfterAPauseOfThreeSeconds) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  caller.types("47");
  EXPECT_TRUE(caller.waits(2999ms).empty());
  caller.types("11");
  EXPECT_TRUE(caller.waits(2999ms).empty()) << "each digit starts the pause anew";
  EXPECT_EQ(caller.waits(1ms), submits("4711"));
}

TEST(LoginDialogue, IsInterruptedByTheFirstDigit) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  EXPECT_EQ(caller.types("4"), (Effects{StopPlaying{}}));
  EXPECT_TRUE(caller.types("7").empty());
  EXPECT_TRUE(caller.hears(Prompt::enter_pin).empty()) << "the end of a prompt that was cut off";
  EXPECT_EQ(caller.types("#"), submits("47"));
}

TEST(LoginDialogue, SaysThatItWorkedAndEndsTheCall) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  caller.types("4711#");
  EXPECT_EQ(caller.does(LoginAnswered{LoginResult::ok}), ends_with(Prompt::login_ok));
  EXPECT_EQ(caller.hears(Prompt::login_ok), hangs_up());
  EXPECT_TRUE(caller.dialogue.over());
  EXPECT_FALSE(caller.dialogue.deadline());
}

TEST(LoginDialogue, AllowsThreeTriesACall) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  for (int i = 0; i < 2; ++i) {
    caller.types("1#");
    EXPECT_EQ(caller.does(LoginAnswered{LoginResult::failed}), plays(Prompt::wrong_pin));
    EXPECT_EQ(caller.hears(Prompt::wrong_pin), plays(Prompt::enter_pin));
  }
  caller.types("1#");
  EXPECT_EQ(caller.does(LoginAnswered{LoginResult::failed}), ends_with(Prompt::wrong_pin));
  EXPECT_EQ(caller.hears(Prompt::wrong_pin), hangs_up());
}

TEST(LoginDialogue, TakesTheNextTryDuringTheWrongPinPrompt) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  caller.types("1#");
  caller.does(LoginAnswered{LoginResult::failed});
  EXPECT_EQ(caller.types("2#"), submits("2"));
}

TEST(LoginDialogue, AsksForTheExtensionFirstWhereNoneWasDialled) {
  Caller caller{AskLogin{}};
  EXPECT_EQ(caller.does(Answered{}).back(), Effect{Play{Prompt::enter_extension}});
  EXPECT_EQ(caller.types("101#"), plays(Prompt::enter_pin));
  EXPECT_EQ(caller.types("4711#"), submits("4711"));
}

TEST(LoginDialogue, EndsTheExtensionLikeThePin) {
  Caller caller{AskLogin{}};
  caller.does(Answered{});
  caller.types("101");
  EXPECT_EQ(caller.waits(3s), plays(Prompt::enter_pin));
  Caller other{AskLogin{}};
  other.does(Answered{});
  EXPECT_EQ(other.types("101*"), plays(Prompt::enter_pin)) << "as in *77*101*";
}

TEST(LoginDialogue, AsksOnceMoreWhenNothingIsTypedAndThenSaysGoodbye) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  caller.hears(Prompt::enter_pin);
  EXPECT_TRUE(caller.waits(9999ms).empty());
  EXPECT_EQ(caller.waits(1ms), plays(Prompt::enter_pin));
  caller.hears(Prompt::enter_pin);
  EXPECT_EQ(caller.waits(10s), ends_with(Prompt::goodbye));
  EXPECT_EQ(caller.hears(Prompt::goodbye), hangs_up());
}

TEST(LoginDialogue, TakesALoneHashForNothing) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  EXPECT_EQ(caller.types("#").back(), Effect{Play{Prompt::enter_pin}});
  EXPECT_EQ(caller.types("#").back(), Effect{Play{Prompt::goodbye}});
}

TEST(LoginDialogue, ChecksWhatCannotBeAPinLikeAWrongOne) {
  for (const std::string& keys : {std::string(1000, '1'), std::string{"12*4"}, std::string{"A"}}) {
    Caller caller{AskLogin{alice}};
    caller.does(Answered{});
    EXPECT_EQ(caller.types(keys + "#"), submits("")) << keys.size();
  }
}

TEST(LoginDialogue, AsksForThePinOfWhatCannotBeAnExtensionToo) {
  Caller caller{AskLogin{}};
  caller.does(Answered{});
  EXPECT_EQ(caller.types(std::string(40, '1') + "#"), plays(Prompt::enter_pin));
  EXPECT_EQ(caller.types("4711#"), submits("4711", ExtensionNumber{""}));
}

TEST(LoginDialogue, SendsTheCallerAwayWhenTheAnswerDoesNotCome) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  caller.types("4711#");
  EXPECT_EQ(caller.waits(20s), ends_with(Prompt::try_later));
  EXPECT_TRUE(caller.does(LoginAnswered{LoginResult::ok}).empty()) << "too late to be told";
}

TEST(LoginDialogue, SendsTheCallerAwayWhenTheCoreCannot) {
  for (const LoginResult result : {LoginResult::unavailable, LoginResult::elsewhere}) {
    Caller caller{AskLogin{alice}};
    caller.does(Answered{});
    caller.types("4711#");
    EXPECT_EQ(caller.does(LoginAnswered{result}), ends_with(Prompt::try_later));
  }
}

TEST(LoginDialogue, IgnoresDigitsWhileThePinIsChecked) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  caller.types("4711#");
  EXPECT_TRUE(caller.types("99#").empty());
}

TEST(LoginDialogue, IsOverWhenTheCallerHangsUp) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  caller.types("47");
  EXPECT_TRUE(caller.does(CallerHungUp{}).empty());
  EXPECT_TRUE(caller.dialogue.over());
  EXPECT_TRUE(caller.waits(1h).empty()) << "half a PIN is never submitted";
}

TEST(LoginDialogue, LastsFiveMinutesAtMost) {
  Caller caller{AskLogin{alice}};
  caller.does(Answered{});
  Effects effects;
  for (int i = 0; i < 200 && effects != hangs_up(); ++i) {
    caller.types("1");
    effects = caller.waits(2s);
  }
  EXPECT_EQ(effects, hangs_up());
  EXPECT_LE(caller.now, TimePoint{1h} + 302s);
}

}  // namespace
}  // namespace roamdesk::ivr

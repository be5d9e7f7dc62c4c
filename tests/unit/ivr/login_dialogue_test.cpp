#include "exchange/ivr/login_dialogue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>
#include <string>

namespace roamdesk::ivr {
namespace {

using namespace std::chrono_literals;

// A caller, and what they hear and cause.
class Caller {
 public:
  explicit Caller(Purpose purpose) : dialogue{std::move(purpose)} {}
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

  LoginDialogue dialogue;
  TimePoint now{1h};
};

const ExtensionNumber alice{"101"};
Effects submits(const std::string& pin, const ExtensionNumber& person = alice) {
  Effects effects;
  effects.emplace_back(std::in_place_type<SubmitLogin>, SubmitLogin{person, Secret{pin}});
  return effects;
}
Effects plays(Prompt prompt) {
  Effects effects;
  effects.emplace_back(std::in_place_type<Play>, Play{prompt});
  return effects;
}
Effects ends_with(Prompt prompt) {
  Effects effects;
  effects.emplace_back(std::in_place_type<Collect>, Collect{false});
  effects.emplace_back(std::in_place_type<Play>, Play{prompt});
  return effects;
}
Effects hangs_up() {
  Effects effects;
  effects.emplace_back(std::in_place_type<HangUp>);
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

TEST(LoginDialogue, ConfirmsALogout) {
  const std::pair<LogoutResult, Prompt> cases[] = {{LogoutResult::logged_out, Prompt::logged_out},
                                                   {LogoutResult::not_logged_in, Prompt::not_logged_in},
                                                   {LogoutResult::unavailable, Prompt::try_later}};
  for (const auto& [result, prompt] : cases) {
    Caller caller{AskLogout{}};
    EXPECT_EQ(caller.does(Answered{}), (Effects{SubmitLogout{}}));
    EXPECT_EQ(caller.does(LogoutAnswered{result}), plays(prompt));
    EXPECT_EQ(caller.hears(prompt), hangs_up());
  }
}

TEST(LoginDialogue, Announces) {
  for (const Prompt prompt : {Prompt::not_a_hot_desk, Prompt::no_emergency_route}) {
    Caller caller{Announce{prompt}};
    EXPECT_EQ(caller.does(Answered{}), plays(prompt));
    EXPECT_EQ(caller.hears(prompt), hangs_up());
  }
}

TEST(LoginDialogue, GoesOnWhenAPromptNeverEnds) {
  Caller caller{Announce{Prompt::not_a_hot_desk}};
  caller.does(Answered{});
  EXPECT_EQ(caller.waits(30s), hangs_up());
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

TEST(LoginDialogue, NamesEachPromptDifferently) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(Prompt::no_emergency_route); ++i) names.insert(name(static_cast<Prompt>(i)));
  EXPECT_EQ(names.size(), 10U);
  EXPECT_FALSE(names.contains(""));
}

TEST(LoginDialogue, AlwaysEndsAndNeverSubmitsMoreThanThreeTimes) {
  EXPECT_TRUE(rc::check("any caller", [] {
    LoginDialogue dialogue{*rc::gen::arbitrary<bool>() ? AskLogin{ExtensionNumber{"101"}} : AskLogin{}};
    TimePoint now{1h};
    int submitted = 0, hung_up = 0;
    const auto look = [&](const Effects& effects) {
      RC_ASSERT(dialogue.consistent());
      for (const Effect& effect : effects) {
        submitted += std::holds_alternative<SubmitLogin>(effect);
        hung_up += std::holds_alternative<HangUp>(effect);
      }
    };
    look(dialogue.handle(Answered{}, now));
    for (const auto& [what, value] : *rc::gen::arbitrary<std::vector<std::pair<std::uint8_t, std::uint8_t>>>()) {
      switch (what % 5) {
        case 0:
        case 1:
          look(dialogue.handle(Digit{"0123456789*#ABCD"[value % 16]}, now));
          break;
        case 2:
          look(dialogue.handle(PromptEnded{static_cast<Prompt>(value % 10)}, now));
          break;
        case 3:
          look(dialogue.handle(LoginAnswered{static_cast<LoginResult>(value % 4)}, now));
          break;
        case 4:
          now += std::chrono::milliseconds{value * 100};
          look(dialogue.handle_timeout(now));
          break;
      }
    }
    for (int i = 0; i < 100 && !dialogue.over(); ++i) {
      RC_ASSERT(dialogue.deadline().has_value());
      now = std::max(now, *dialogue.deadline());
      look(dialogue.handle_timeout(now));
    }
    RC_ASSERT(dialogue.over());
    RC_ASSERT(hung_up == 1);
    RC_ASSERT(submitted <= 3);
  }));
}

}  // namespace
}  // namespace roamdesk::ivr

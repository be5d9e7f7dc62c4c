#include "exchange/ivr/dialogue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>
#include <string>

#include "tests/unit/ivr/caller.hpp"

// The short dialogues, and what all of them promise.
namespace roamdesk::ivr {
namespace {

TEST(LogoutDialogue, SaysWhatCameOfIt) {
  const std::pair<LogoutResult, Prompt> cases[] = {{LogoutResult::logged_out, Prompt::logged_out},
                                                   {LogoutResult::not_logged_in, Prompt::not_logged_in}};
  for (const auto& [result, prompt] : cases) {
    Caller caller{AskLogout{}};
    EXPECT_EQ(caller.does(Answered{}), (Effects{SubmitLogout{}}));
    EXPECT_EQ(caller.does(LogoutAnswered{result}), plays(prompt));
    EXPECT_EQ(caller.hears(prompt), hangs_up());
  }
}

TEST(LogoutDialogue, SendsTheCallerAwayWhenTheAnswerDoesNotCome) {
  Caller caller{AskLogout{}};
  caller.does(Answered{});
  EXPECT_TRUE(caller.waits(19999ms).empty());
  EXPECT_EQ(caller.waits(1ms), plays(Prompt::try_later));
  EXPECT_TRUE(caller.does(LogoutAnswered{LogoutResult::logged_out}).empty()) << "too late to be told";
  EXPECT_EQ(caller.hears(Prompt::try_later), hangs_up());
}

TEST(LogoutDialogue, IsOverWhenTheCallerHangsUp) {
  Caller caller{AskLogout{}};
  caller.does(Answered{});
  EXPECT_TRUE(caller.does(CallerHungUp{}).empty());
  EXPECT_TRUE(caller.dialogue.over());
  EXPECT_TRUE(caller.does(LogoutAnswered{LogoutResult::logged_out}).empty());
}

TEST(Announcement, IsHeardAndEndsTheCall) {
  for (const Prompt prompt : {Prompt::not_a_hot_desk, Prompt::no_emergency_route}) {
    Caller caller{Announce{prompt}};
    EXPECT_EQ(caller.does(Answered{}), plays(prompt));
    EXPECT_EQ(caller.hears(prompt), hangs_up());
  }
}

TEST(Announcement, EndsTheCallWhenItsPromptNeverEnds) {
  Caller caller{Announce{Prompt::not_a_hot_desk}};
  caller.does(Answered{});
  EXPECT_EQ(caller.waits(30s), hangs_up());
}

TEST(Dialogue, OfAnyKindIgnoresWhatIsNotItsBusiness) {
  Caller announcement{Announce{Prompt::not_a_hot_desk}};
  announcement.does(Answered{});
  for (const Event& event : std::initializer_list<Event>{Answered{}, Digit{'5'}, LoginAnswered{LoginResult::ok},
                                                         LogoutAnswered{LogoutResult::logged_out}})
    EXPECT_TRUE(announcement.does(event).empty());
  Caller logout{AskLogout{}};
  logout.does(Answered{});
  for (const Event& event : std::initializer_list<Event>{Answered{}, Digit{'5'}, LoginAnswered{LoginResult::ok}})
    EXPECT_TRUE(logout.does(event).empty());
  Caller login{AskLogin{}};
  login.does(Answered{});
  EXPECT_TRUE(login.does(LogoutAnswered{LogoutResult::logged_out}).empty());
}

TEST(Dialogue, OfAnyKindAlwaysEndsAndNeverSubmitsMoreThanThreeTimes) {
  EXPECT_TRUE(rc::check("any caller", [] {
    const std::vector<Purpose> purposes{AskLogin{ExtensionNumber{"101"}}, AskLogin{}, AskLogout{},
                                        Announce{Prompt::not_a_hot_desk}};
    Dialogue dialogue{*rc::gen::elementOf(purposes)};
    TimePoint now{1h};
    int submitted = 0, hung_up = 0;
    const auto look = [&](const Effects& effects) {
      RC_ASSERT(dialogue.consistent());
      for (const Effect& effect : effects) {
        submitted += std::holds_alternative<SubmitLogin>(effect) || std::holds_alternative<SubmitLogout>(effect);
        hung_up += std::holds_alternative<HangUp>(effect);
      }
    };
    look(dialogue.handle(Answered{}, now));
    for (const auto& [what, value] : *rc::gen::arbitrary<std::vector<std::pair<std::uint8_t, std::uint8_t>>>()) {
      switch (what % 6) {
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
          look(dialogue.handle(LogoutAnswered{static_cast<LogoutResult>(value % 2)}, now));
          break;
        case 5:
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

TEST(Prompts, HaveDifferentNames) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(Prompt::limit_reached); ++i) names.insert(name(static_cast<Prompt>(i)));
  EXPECT_EQ(names.size(), 14U);
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace roamdesk::ivr

#include "pbx-core/watch/intruders.hpp"

#include <gtest/gtest.h>

namespace roamdesk::watch {
namespace {
using namespace std::chrono_literals;

class Intruders : public testing::Test {
 protected:
  std::size_t wrong() { return happenings.conditions(now).size(); }
  void look(const Strangers& strangers) {
    for (auto& event : floods.look(strangers)) happenings.note(std::move(event), now);
  }
  alarms::Happenings happenings;
  Floods floods;
  TimePoint now{1h};
};

TEST_F(Intruders, AreNoPersonWhoMistypes) {
  for (int i = 0; i < 4; ++i) happenings.note(wrong_password("192.0.2.1"), now);
  happenings.note(refused_file("192.0.2.2", "berlin", "unknown_token"), now);
  EXPECT_EQ(wrong(), 0u);
}

TEST_F(Intruders, GuessPasswordsAndPins) {
  for (int i = 0; i < 5; ++i) happenings.note(wrong_password("192.0.2.1"), now);
  happenings.note(locked_desk("HD0001", "berlin"), now);
  EXPECT_EQ(wrong(), 2u);
}

TEST_F(Intruders, UseOthersCredentials) {
  happenings.note(impostor("192.0.2.1", "berlin", "REGISTER"), now);
  EXPECT_EQ(wrong(), 1u);
}

TEST_F(Intruders, AskForOthersFiles) {
  for (int i = 0; i < 3; ++i) happenings.note(refused_file("192.0.2.2", "berlin", "unknown_token"), now);
  ASSERT_EQ(wrong(), 1u);
  EXPECT_EQ(happenings.conditions(now)[0].severity, AlarmSeverity::notice);
}

TEST_F(Intruders, FloodADoor) {
  look({.sip = 1'000'000, .tunnel = 1'000'000, .http = 1'000'000});
  EXPECT_EQ(wrong(), 0u) << "what was counted before the first look may be of last year";
  look({.sip = 1'000'900, .tunnel = 1'000'299, .http = 1'000'299});
  EXPECT_EQ(wrong(), 0u);
  look({.sip = 1'001'100, .tunnel = 1'000'600, .http = 1'000'299});
  EXPECT_EQ(wrong(), 2u);
}

TEST_F(Intruders, AreNotSeenInWhatGathersOverADay) {
  Strangers all;
  for (int i = 0; i < 24 * 720; ++i, now += 5s) {
    all.sip += 10;
    look(all);
    ASSERT_EQ(wrong(), 0u);
  }
}

}  // namespace
}  // namespace roamdesk::watch

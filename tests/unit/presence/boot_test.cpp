#include <gtest/gtest.h>

#include "tests/unit/presence/phone.hpp"

// A phone with many keys is switched off and on: it subscribes to everything again, and says good-bye to nothing.
namespace roamdesk::presence {
namespace {

using namespace std::chrono_literals;

class Boots : public testing::Test {
 protected:
  // Its keys, in dialogs of this life; the answers that weren't 200.
  std::vector<int> boot(int life, int keys, int device = 1) {
    std::vector<int> refused;
    for (int key = 0; key < keys; ++key) {
      auto request = Switchboard::subscribe("dialog");
      request.call_id = "life-" + std::to_string(life) + "-" + std::to_string(key);
      const int status = board.send(request, device, std::to_string(200 + key)).status;
      if (status != 200) refused.push_back(status);
      answer_all(life);
    }
    return refused;
  }
  // 481 for dialogs of other lives: it knows nothing of them.
  void answer_all(int life) {
    const auto mine = "life-" + std::to_string(life) + "-";
    while (!board.notifies.empty()) board.answer(board.next_notify().call_id.starts_with(mine) ? 200 : 481);
  }
  Switchboard board;
};

TEST_F(Boots, AnyNumberOfThemLeaveAllLampsAlight) {
  for (const bool registers : {true, false})
    for (int life = 0; life < 6; ++life) {
      if (registers) board.server.rebooted(Switchboard::mac(1));
      EXPECT_EQ(boot(life, 112), std::vector<int>{}) << "life " << life;
      EXPECT_EQ(board.server.size(), 112U) << "life " << life;
    }
  EXPECT_TRUE(board.server.consistent());
}

// What it was is at another port, where no phone answers any more.
TEST_F(Boots, NeedNoAnswerOfThePhoneThatItWas) {
  for (int life = 0; life < 8; ++life) {
    for (int key = 0; key < 112; ++key) {
      auto request = Switchboard::subscribe("dialog");
      request.call_id = std::to_string(life) + "-" + std::to_string(key);
      EXPECT_EQ(board.send(request, 1, std::to_string(200 + key), 1 + static_cast<std::uint64_t>(life)).status, 200)
          << "life " << life << " key " << key;
    }
    board.notifies.clear();
    EXPECT_LE(board.server.size(), 2 * SubscriptionLimits{}.per_device);
    board.pass(5s);
  }
  EXPECT_TRUE(board.server.consistent());
}

TEST_F(Boots, TakeNothingFromTwoKeysForOnePerson) {
  for (const char* dialog : {"first", "second"}) {
    auto request = Switchboard::subscribe("dialog");
    request.call_id = dialog;
    EXPECT_EQ(board.send(request).status, 200);
    while (!board.notifies.empty()) board.answer(200);
  }
  board.server.publish(ExtensionNumber{"101"}, {DialogInfo{.id = "1"}}, board.now);
  board.drain();
  std::set<std::string> told;
  for (const auto& [flow, notify] : board.notifies) told.insert(notify.call_id);
  EXPECT_EQ(told, (std::set<std::string>{"first", "second"}));
}

TEST_F(Boots, EndNoSubscriptionThatTheRegistrationOnlySeemedToForget) {
  EXPECT_EQ(boot(0, 3), std::vector<int>{});
  board.server.rebooted(Switchboard::mac(1));  // some phones register with a new Call-ID each time
  board.server.publish(ExtensionNumber{"201"}, {DialogInfo{.id = "1"}}, board.now);
  board.drain();
  ASSERT_EQ(board.notifies.size(), 1U);
  EXPECT_EQ(board.server.size(), 3U);
}

TEST(SubscriptionLimit, BoundsADeviceWithoutHurtingOthers) {
  SubscriptionLimits limits;
  limits.per_device = 3;
  Switchboard board{limits};
  for (const char* target : {"201", "202", "203"})
    EXPECT_EQ(board.send(Switchboard::subscribe("dialog"), 1, target).status, 200);
  const sip::Message refused = board.send(Switchboard::subscribe("dialog"), 1, "204");
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.header("Retry-After"));
  EXPECT_EQ(board.send(Switchboard::subscribe("dialog"), 2, "204").status, 200);
}

}  // namespace
}  // namespace roamdesk::presence

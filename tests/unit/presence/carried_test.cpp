#include <gtest/gtest.h>

#include "tests/unit/presence/phone.hpp"

// Lamps that go on in the next process.
namespace roamdesk::presence {
namespace {

using namespace std::chrono_literals;

class CarriedLamps : public testing::Test {
 protected:
  CarriedLamps() { next.now = board.now; }
  static std::vector<DialogInfo> talking() { return {{.id = "1", .state = DialogState::confirmed}}; }
  void subscribe(std::uint32_t expires = 600) {
    ASSERT_EQ(board.send(Switchboard::subscribe("dialog;id=7", expires)).status, 200);
    board.answer(200);
  }
  std::vector<CarriedSubscription> carried() { return board.server.carried(board.now); }
  bool adopt(CarriedSubscription one, bool has_flow = true) {
    const bool taken =
        next.server.adopt(std::move(one), has_flow ? std::optional{Switchboard::flow(1)} : std::nullopt, next.now);
    next.drain();
    EXPECT_TRUE(next.server.consistent());
    return taken;
  }
  Switchboard board, next;
};

TEST_F(CarriedLamps, GoOnInTheirDialogAndSayWhatHasChanged) {
  subscribe();
  board.pass(1s);
  ASSERT_EQ(carried().size(), 1U);
  ASSERT_TRUE(adopt(carried().front()));
  next.pass(2s);
  EXPECT_TRUE(next.notifies.empty()) << "it was dark and is dark";
  next.server.publish(ExtensionNumber{"101"}, talking(), next.now);
  next.drain();
  const auto notify = next.next_notify();
  EXPECT_EQ(notify.cseq.number, 2U);
  EXPECT_EQ(notify.call_id, "call-1");
  EXPECT_EQ(notify.header("Event"), "dialog;id=7");
  EXPECT_NE(notify.body.find("version=\"1\""), std::string::npos);
  next.answer(200);
  const auto tag = notify.from.tag();
  EXPECT_EQ(next.send(Switchboard::subscribe("dialog;id=7", 600, tag, 2)).status, 200) << "it is refreshed there";
  next.answer(200);
  next.pass(601s);
  EXPECT_TRUE(next.next_notify().header("Subscription-State")->starts_with("terminated"));
  next.answer(200);
  EXPECT_EQ(next.server.size(), 0U);
}

TEST_F(CarriedLamps, ThatWereLitAreToldWhatIsSo) {
  subscribe();
  board.server.publish(ExtensionNumber{"101"}, talking(), board.now);
  board.drain();
  ASSERT_TRUE(adopt(carried().front()));
  next.pass(1s);
  EXPECT_EQ(next.next_notify().body.find("confirmed"), std::string::npos) << "the call has not gone on";
}

TEST_F(CarriedLamps, WaitForTheirPhonesFlow) {
  subscribe();
  board.server.publish(ExtensionNumber{"101"}, talking(), board.now);
  board.drain();
  ASSERT_TRUE(adopt(carried().front(), false));
  next.pass(5s);
  EXPECT_TRUE(next.notifies.empty());
  next.server.move(Switchboard::mac(1), Switchboard::flow(2), next.now);
  next.drain();
  ASSERT_EQ(next.notifies.size(), 1U);
  EXPECT_EQ(next.notifies.front().first, 2U);
}

TEST_F(CarriedLamps, ThatEndOrAreSomebodyElsesToTellAreNot) {
  subscribe();
  board.exchange = "old-pbx";
  auto other = Switchboard::subscribe("dialog");
  other.call_id = "call-2";
  ASSERT_EQ(board.send(other).status, 200);
  EXPECT_EQ(carried().size(), 1U) << "what is watched at another exchange is asked for anew";
  board.server.rebooted(Switchboard::mac(1));
  EXPECT_TRUE(carried().empty()) << "its phone may know nothing of it";
}

TEST_F(CarriedLamps, ThatDontFitAreNotTaken) {
  subscribe();
  const auto one = carried().front();
  auto bad = one;
  bad.dialog.local_tag.clear();
  EXPECT_FALSE(adopt(bad));
  bad = one;
  bad.dialog.remote_tag.clear();
  EXPECT_FALSE(adopt(bad));
  bad = one;
  bad.left = 0s;
  EXPECT_FALSE(adopt(bad));
  ASSERT_TRUE(adopt(one));
  EXPECT_FALSE(adopt(one)) << "it is there";
  for (std::size_t i = 1; i < SubscriptionLimits{}.per_device; ++i) {
    auto more = one;
    more.dialog.local_tag = "more-" + std::to_string(i);
    more.left = 1000h;
    ASSERT_TRUE(adopt(more));
  }
  auto most = one;
  most.dialog.local_tag = "one too many";
  EXPECT_FALSE(adopt(most));
  next.pass(SubscriptionLimits{}.longest + 1s);
  while (!next.notifies.empty()) next.answer(200);
  EXPECT_EQ(next.server.size(), 0U) << "none lives longer than it could have asked for";
}

}  // namespace
}  // namespace roamdesk::presence

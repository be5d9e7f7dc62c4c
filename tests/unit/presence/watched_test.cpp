#include <gtest/gtest.h>

#include "tests/unit/presence/phone.hpp"

// Numbers at other exchanges, whose state somebody else publishes.
namespace roamdesk::presence {
namespace {

using namespace std::chrono_literals;

class WatchedElsewhere : public ::testing::Test, protected Switchboard {
 protected:
  ~WatchedElsewhere() override { EXPECT_TRUE(server.consistent()); }
  sip::Message watch(const std::string& at, int device, std::uint64_t call) {
    exchange = at;
    auto request = subscribe("dialog");
    request.call_id = "call-" + std::to_string(call);
    return send(std::move(request), device, "205", static_cast<std::uint64_t>(device));
  }
  void answer_all() {
    while (!notifies.empty()) answer(200);
  }
  static std::vector<DialogInfo> ringing() {
    return {{"d1", "", "", "", Direction::recipient, DialogState::early, false, {"205", ""}, {"206", ""}}};
  }
  // "+205@old-pbx by 102", or "-205@old-pbx"; "" where nothing has changed.
  std::string change() {
    const auto changed = server.poll_watch();
    if (!changed) return "";
    const auto whom = changed->watched.number.value() + "@" + changed->watched.exchange;
    return changed->begun ? "+" + whom + " by " + changed->by->value() : "-" + whom;
  }
};

TEST_F(WatchedElsewhere, AreSaidWithTheFirstWhoLooksAndTheLastWhoLooksAway) {
  const auto first = watch("old-pbx", 1, 1), second = watch("old-pbx", 2, 2);
  ASSERT_EQ(first.status, 200);
  ASSERT_EQ(second.status, 200);
  EXPECT_EQ(change(), "+205@old-pbx by 102");
  EXPECT_EQ(change(), "") << "once, however many look";
  answer_all();
  server.end_all_of(mac(1), now);
  drain(), answer_all();
  EXPECT_EQ(change(), "");
  server.end_all_of(mac(2), now);
  drain(), answer_all();
  EXPECT_EQ(change(), "-205@old-pbx");
  EXPECT_EQ(change(), "");
}

TEST_F(WatchedElsewhere, WhoIsOursIsNobodyElsesBusiness) {
  ASSERT_EQ(watch("", 1, 1).status, 200);
  answer_all();
  server.end_all_of(mac(1), now);
  drain(), answer_all();
  EXPECT_EQ(change(), "");
}

TEST_F(WatchedElsewhere, OneNumberAtTwoExchangesAndHereIsThreeLamps) {
  watch("old-pbx", 1, 1), watch("second", 2, 2), watch("", 3, 3);
  answer_all();
  server.publish({ExtensionNumber{"205"}, "second"}, ringing(), now);
  drain();
  ASSERT_EQ(notifies.size(), 1u);
  EXPECT_EQ(notifies.front().first, 2u);
  answer_all();
  server.publish(ExtensionNumber{"205"}, ringing(), now);
  drain();
  ASSERT_EQ(notifies.size(), 1u);
  EXPECT_EQ(notifies.front().first, 3u);
}

TEST_F(WatchedElsewhere, EndAtOneExchangeAndNowhereElse) {
  watch("old-pbx", 1, 1), watch("second", 1, 2), watch("", 1, 3);
  answer_all();
  server.end_all_at(mac(1), "old-pbx", now);
  drain();
  ASSERT_EQ(notifies.size(), 1u);
  EXPECT_EQ(*next_notify().header("Subscription-State"), "terminated;reason=noresource");
  answer_all();
  EXPECT_EQ(server.size_of(mac(1)), 2u);
}

TEST_F(WatchedElsewhere, WhoMovesHereIsAskedForAgainAtOnce) {
  watch("old-pbx", 1, 1);
  answer_all();
  server.end_all_on({ExtensionNumber{"205"}, "old-pbx"}, now, "deactivated");
  drain();
  EXPECT_EQ(*next_notify().header("Subscription-State"), "terminated;reason=deactivated");
}

}  // namespace
}  // namespace roamdesk::presence

#include "tests/unit/upstream/notifier.hpp"

// NOTIFYs that belong to no subscription, though they look as if they did.
namespace roamdesk::upstream {
namespace {

class ForgedNotify : public NotifierTest {
 protected:
  ForgedNotify() {
    begin();
    put(101);
    watch("205"), watch("206");
    pass(10s);
  }
  void expect_dark(const std::string& why) { EXPECT_EQ(lamp("205").value_or(0), 0u) << why; }
  const std::string lit = calls(call("a", "early"));
};

TEST_F(ForgedNotify, IsRefusedWithAnotherTagOrCallId) {
  const std::vector<std::pair<std::string, Edit>> forgeries{
      {"our tag", [](sip::Message& m) { m.to.params.set("tag", "0123456789abcdef"); }},
      {"no tag of ours", [](sip::Message& m) { m.to.params = {}; }},
      {"its tag", [](sip::Message& m) { m.from.params.set("tag", "another"); }},
      {"no tag of its", [](sip::Message& m) { m.from.params = {}; }},
      {"Call-ID", [](sip::Message& m) { m.call_id = "another"; }},
      {"our tag of another dialog", [this](sip::Message& m) { m.to = last("206")->message.from; }},
      {"its tag of another dialog", [this](sip::Message& m) { m.from = notification("206", "").from; }}};
  for (const auto& [what, edit] : forgeries) {
    EXPECT_EQ(notify("205", lit, "dialog", "active", edit), 481) << what;
    expect_dark(what);
    EXPECT_EQ(notify("205", "", "dialog", "terminated;reason=rejected", edit), 481) << what;
    EXPECT_TRUE(of("205")->standing) << what << ": nothing ends by it";
  }
}

TEST_F(ForgedNotify, IsRefusedInAnotherPackage) {
  EXPECT_EQ(notify("205", lit, "dialog", "active", [](sip::Message& m) { m.set_header("Event", "message-summary"); }),
            489);
  EXPECT_EQ(notify("205", lit, "dialog", "active", [](sip::Message& m) { m.set_header("Event", "presence"); }), 489);
  EXPECT_EQ(notify("205", lit, "dialog", "active", [](sip::Message& m) { m.remove_header("Event"); }), 489);
  expect_dark("of another package");
}

TEST_F(ForgedNotify, IsRefusedWhereItIsOlderThanWhatWasToldAndHeardOnceWhereItIsRepeated) {
  const auto first = notification("205", lit);
  EXPECT_EQ(subscriptions->notified(first, now), 200);
  EXPECT_EQ(notify("205", calls("")), 200);
  const auto newest = notification("205", calls(""));
  EXPECT_EQ(subscriptions->notified(newest, now), 200);
  work();
  EXPECT_EQ(subscriptions->notified(first, now), 500);
  auto repeated = newest;
  repeated.body = lit;
  EXPECT_EQ(subscriptions->notified(repeated, now), 200);
  work();
  expect_dark("by what was told before");
}

TEST_F(ForgedNotify, ThatCannotBeReadChangesNothing) {
  notify("205", lit);
  for (const auto& body : {std::string{"nonsense"}, std::string{"<dialog-info"}, std::string(100'000, 'x'),
                           std::string{"<?xml version=\"1.0\"?><presence/>"}}) {
    EXPECT_EQ(notify("205", body), 200);
    EXPECT_EQ(lamp("205"), 1u);
  }
}

}  // namespace
}  // namespace roamdesk::upstream

#include <gmock/gmock.h>

#include "tests/unit/element/hall.hpp"

// An element over a store and a door that aren't any program's.
namespace roamdesk::element {
namespace {

class Visits : public testing::Test, protected Hall {};

TEST_F(Visits, RegisterInThatWorldAndNowhereElse) {
  ASSERT_EQ(register_as("101", "101", at("192.0.2.101")), 200);
  ASSERT_EQ(world.bindings.size(), 1U);
  EXPECT_EQ(world.bindings.front().aor_user, "101");
  EXPECT_EQ(world.bindings.front().flow, at("192.0.2.101"));
  EXPECT_TRUE(element.is_online(*Mac::parse("001565000101")));
  EXPECT_FALSE(element.is_online(*Mac::parse("001565000102")));
}

TEST_F(Visits, EndWithTheWorldKnowingWhenToWakeTheElement) {
  world.woken.clear();
  ASSERT_EQ(register_as("101", "101", at("192.0.2.101")), 200);
  EXPECT_EQ(world.woken.size(), 2U) << "one for each request: without credentials, and with them";
  EXPECT_TRUE(world.woken.back());
  EXPECT_EQ(world.woken.back(), element.deadline());
}

TEST_F(Visits, EndWithEverythingHandedToTheWorld) {
  world.sent.clear();
  element.handle_sip(
      world.flow_of(at("192.0.2.7")),
      "OPTIONS sip:192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
      "To: <sip:192.0.2.1>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n",
      now());
  ASSERT_EQ(world.sent.size(), 1U);
  EXPECT_EQ(world.sent.front().second.status, 200);
}

TEST_F(Visits, WithinAVisitArePartOfIt) {
  bool stored = false;
  element.commit(
      {},
      [&](bool ok) {
        stored = ok;
        const auto woken = world.woken.size();
        element.content_changed(*Mac::parse("001565000101"), now());
        element.commit({}, nullptr, now());
        EXPECT_EQ(world.woken.size(), woken) << "the outer one says when to wake, and nothing before";
      },
      now());
  ASSERT_EQ(world.commits.size(), 1U);
  world.woken.clear();
  element.stored(world.commits.front().first, true, now());
  EXPECT_TRUE(stored);
  EXPECT_EQ(world.woken.size(), 1U);
  EXPECT_EQ(world.commits.size(), 2U);
}

TEST_F(Visits, OfAStoreThatWasntAskedDoNothing) {
  const auto sent = world.sent.size();
  element.stored(StoreTicket{4711}, true, now());
  element.pin_checked(hotdesk::AttemptId{4711}, true, now());
  EXPECT_EQ(world.sent.size(), sent);
  EXPECT_TRUE(world.commits.empty());
}

}  // namespace
}  // namespace roamdesk::element

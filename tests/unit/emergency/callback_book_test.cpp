#include "exchange/emergency/callback_book.hpp"

#include <gtest/gtest.h>

namespace roamdesk::emergency {
namespace {
using namespace std::chrono_literals;

class Callbacks : public testing::Test {
 protected:
  static Caller desk(const char* id) { return {HotDeskId{id}, Mac::parse("001565000001"), "sip:a@b", {}}; }
  std::string taken(const Caller& caller) { return book.take(location, "provider", caller, now)->number; }
  std::string whose(const char* number) const {
    const auto* found = book.find(number, now);
    return found ? found->desk.value() : "nobody's";
  }
  void SetUp() override {
    location.name = "hq";
    location.callbacks = {"+491", "+492", "+493"};
  }
  Location location;
  CallbackBook book;
  WallTime now{std::chrono::hours{500000}};
};

TEST_F(Callbacks, LeadToTheDeskThatHasCalledUntilItsTimeIsOver) {
  EXPECT_EQ(whose("+491"), "nobody's");
  const auto record = book.take(location, "provider", desk("HD0001"), now);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->number, "+491");
  EXPECT_EQ(record->location, "hq");
  EXPECT_EQ(record->trunk, "provider");
  EXPECT_EQ(record->until, now + 30min);
  now += 29min + 59s;
  EXPECT_EQ(whose("+491"), "HD0001");
  now += 1s;
  EXPECT_EQ(whose("+491"), "nobody's");
}

TEST_F(Callbacks, CountFromTheEndOfTheCall) {
  taken(desk("HD0001"));
  now += 50min;
  ASSERT_TRUE(book.ended("+491", desk("HD0001"), 30min, now));
  now += 29min;
  EXPECT_EQ(whose("+491"), "HD0001");
}

TEST_F(Callbacks, AreNotProlongedByACallWhoseNumberIsAnothersMeanwhile) {
  location.callbacks = {"+491"};
  taken(desk("HD0001"));
  taken(desk("HD0002"));
  EXPECT_FALSE(book.ended("+491", desk("HD0001"), 30min, now));
  EXPECT_FALSE(book.ended("+499", desk("HD0001"), 30min, now));
  EXPECT_EQ(whose("+491"), "HD0002");
}

TEST_F(Callbacks, OfADeskThatCallsAgainStayTheSame) {
  EXPECT_EQ(taken(desk("HD0001")), "+491");
  now += 1min;
  EXPECT_EQ(taken(desk("HD0002")), "+492");
  now += 1min;
  EXPECT_EQ(taken(desk("HD0001")), "+491");
}

TEST_F(Callbacks, AreTheOnesUnusedForLongestAlsoAfterARestart) {
  for (const auto* id : {"HD0001", "HD0002", "HD0003"}) {
    taken(desk(id));
    now += 1min;
  }
  taken(desk("HD0001"));  // its time begins anew
  now += 1min;
  CallbackBook next;
  for (const auto* number : {"+491", "+492", "+493"}) next.restore(*book.find(number, now));
  book = next;
  EXPECT_EQ(taken(desk("HD0004")), "+492");
  EXPECT_EQ(whose("+492"), "HD0004") << "the newer call matters more";
  now += 2h;
  EXPECT_EQ(taken(desk("HD0005")), "+493");
}

TEST_F(Callbacks, AreOfAPhoneWhereThereIsNoDeskAndElseOfAnAddress) {
  Caller phone{{}, Mac::parse("001565000001"), "sip:a@b", {}};
  Caller stranger{{}, {}, "sip:x@y", {local_site(), sip::Transport::udp, {}, {IpAddress{1}, 5060}}};
  EXPECT_EQ(taken(phone), "+491");
  EXPECT_EQ(taken(stranger), "+492");
  EXPECT_EQ(taken(phone), "+491");
  EXPECT_EQ(taken(stranger), "+492");
  stranger.flow.site = SiteId{"branch-1"};
  EXPECT_EQ(taken(stranger), "+493") << "the same address at another site is another phone";
}

TEST_F(Callbacks, AreNoneWhereTheLocationHasNone) {
  location.callbacks.clear();
  EXPECT_FALSE(book.take(location, "provider", desk("HD0001"), now));
}

}  // namespace
}  // namespace roamdesk::emergency

#include "exchange/element/context.hpp"

#include <gtest/gtest.h>

#include "tests/unit/element/small_world.hpp"

namespace roamdesk::element {
namespace {

class PhoneRecords : public testing::Test {
 protected:
  void store_next(bool ok = true) {
    ASSERT_FALSE(store.commits.empty());
    const auto ticket = store.commits.front().first;
    store.commits.pop_front();
    context.stored(ticket, ok);
  }
  const Phone* phone() const { return context.directory.phone(mac); }
  static bool learn_firmware(Phone& phone, bool) {
    phone.firmware = "66.86.0.15";
    return true;
  }
  Mac mac = *Mac::parse("001565aabb01");
  SmallWorld store;
  Context context{store, [] { return std::string{"unique"}; }, {"pbx.example.com", {}}};
};

TEST_F(PhoneRecords, AreWhatTheStoreHasAndNotBefore) {
  context.change_phone(mac, learn_firmware);
  EXPECT_EQ(phone(), nullptr);
  store_next();
  EXPECT_EQ(phone()->firmware, "66.86.0.15");
}

TEST_F(PhoneRecords, WhatAPhoneSaysNeverTakesBackAnAssignmentThatIsUnderWay) {
  Phone assigned{.mac = mac};
  assigned.assigned = true;
  assigned.token = "token";
  context.commit({PutPhone{assigned}});
  context.change_phone(mac, learn_firmware);  // comes while the assignment is being stored
  store_next();
  store_next();
  EXPECT_TRUE(phone()->assigned);
  EXPECT_EQ(phone()->token, "token");
  EXPECT_EQ(phone()->firmware, "66.86.0.15");
}

TEST_F(PhoneRecords, AreNotBroughtBackByWhatAPhoneSaysWhileItsDeletionIsUnderWay) {
  context.commit({PutPhone{Phone{.mac = mac}}});
  store_next();
  context.commit({DeletePhone{mac}});
  context.change_phone(mac, [](Phone&, bool known) { return known; });  // as all do that learn of a phone
  store_next();
  EXPECT_EQ(phone(), nullptr);
  EXPECT_TRUE(store.commits.empty());
}

TEST_F(PhoneRecords, ChangesThatWaitHappenInTheirOrderAlsoBehindOneThatLeavesTheRecord) {
  std::vector<int> order;
  context.change_phone(mac, [&](Phone&, bool) { return order.push_back(1), true; });
  context.change_phone(mac, [&](Phone&, bool) { return order.push_back(2), false; });
  context.change_phone(mac, [&](Phone&, bool known) { return order.push_back(known ? 3 : -3), true; });
  store_next();
  store_next();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
  EXPECT_TRUE(store.commits.empty());
}

TEST_F(PhoneRecords, StayAsTheyWereWhereTheStoreFails) {
  bool done = false;
  context.change_phone(mac, learn_firmware, [&] { done = true; });
  store_next(false);
  EXPECT_EQ(phone(), nullptr);
  EXPECT_FALSE(done);
  context.change_phone(mac, learn_firmware);
  store_next();
  EXPECT_NE(phone(), nullptr);
}

}  // namespace
}  // namespace roamdesk::element

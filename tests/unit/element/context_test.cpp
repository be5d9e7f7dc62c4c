#include "exchange/element/context.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace roamdesk::element {
namespace {

// A store that takes its time: what is committed waits until the test says that it is durable.
class SlowStore : public World {
 public:
  void commit(Changes changes, std::uint64_t ticket) override { waiting.emplace_back(std::move(changes), ticket); }
  void publish(Notice) override { ++notices; }
  void wake_at(std::optional<TimePoint>) override {}
  void send(sip::FlowId, std::string) override {}
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress&) override { return std::nullopt; }
  std::optional<sip::Flow> connect(const sip::FlowAddress&) override { return std::nullopt; }
  void prove(const sip::FlowAddress&, sip::Standing) override {}
  void release(const sip::FlowAddress&) override {}
  void order(media::Order) override {}
  std::optional<Front> front(const SiteId&, std::optional<Ipv4>) const override { return std::nullopt; }
  PortRange rtp_ports(const SiteId&, Ipv4) const override { return {}; }
  Zone zone(const std::string&) const override { return {}; }
  std::string local_time_zone() const override { return "UTC"; }
  std::optional<WallTime> last_strike(const std::string&, const std::string&) const override { return std::nullopt; }
  void put_binding(StoredBinding) override {}
  void put_dialog(StoredDialog) override {}
  void delete_dialog(const std::string&) override {}
  void delete_binding(const Mac&, const std::string&) override {}
  void check_pin(std::uint64_t, Secret, std::string) override {}

  std::deque<std::pair<Changes, std::uint64_t>> waiting;
  int notices = 0;
};

class PhoneRecords : public testing::Test {
 protected:
  void store_next(bool ok = true) {
    ASSERT_FALSE(store.waiting.empty());
    const auto ticket = store.waiting.front().second;
    store.waiting.pop_front();
    context.stored(ticket, ok);
  }
  const Phone* phone() const { return context.directory.phone(mac); }
  static bool learn_firmware(Phone& phone, bool) {
    phone.firmware = "66.86.0.15";
    return true;
  }
  Mac mac = *Mac::parse("001565aabb01");
  SlowStore store;
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
  EXPECT_TRUE(store.waiting.empty());
}

TEST_F(PhoneRecords, ChangesThatWaitHappenInTheirOrderAlsoBehindOneThatLeavesTheRecord) {
  std::vector<int> order;
  context.change_phone(mac, [&](Phone&, bool) { return order.push_back(1), true; });
  context.change_phone(mac, [&](Phone&, bool) { return order.push_back(2), false; });
  context.change_phone(mac, [&](Phone&, bool known) { return order.push_back(known ? 3 : -3), true; });
  store_next();
  store_next();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
  EXPECT_TRUE(store.waiting.empty());
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

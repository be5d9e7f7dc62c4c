#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/element/simulation.hpp"
#include "tests/support/phone/text.hpp"

// Who is told that somebody calls for help, beside whoever answers the call.
namespace roamdesk::sim {
namespace {

class ACallForHelp : public testing::Test {
 protected:
  ACallForHelp() {
    Location location{.name = "hq-2"};
    location.address.country = "DE", location.address.flr = "Floor 2";
    location.test_numbers = {"933"};
    location.told = {ExtensionNumber{"200"}, ExtensionNumber{"201"}};
    sim.have(Put<Location>{location});
    sim.change_settings([](Settings& settings) { settings.emergency_location = "hq-2"; });
  }
  DeskPhone& told(unsigned number, const std::string& extension, const SiteId& site, bool answers = false) {
    sim.add_extension(extension);
    Habits habits;
    habits.answers = answers;
    auto& phone = sim.add_phone(number, site, habits);
    phone.power_on();
    sim.run_until([&] { return phone.booted(); }, 60s);
    sim.run_for(1s);
    sim.assign(phone, extension);
    EXPECT_TRUE(sim.run_until([&] { return phone.registered(); }, 60s));
    return phone;
  }
  // What a phone shows of the call that rings or is up there; "" for none.
  static std::string shown(const DeskPhone& phone) {
    for (const auto& [id, call] : phone.calls())
      if (!call.caller) return std::string{phone::header(call.opening, "From")};
    return {};
  }
  const std::map<std::string, Emergency>& records() const { return sim.element().directory().all<Emergency>(); }
  std::size_t open() const {
    return static_cast<std::size_t>(
        std::count_if(records().begin(), records().end(), [](const auto& one) { return !one.second.acknowledged; }));
  }
  void acknowledge() {
    for (auto [id, one] : records()) {
      one.acknowledged = sim.now().wall;
      one.acknowledged_by = "otto";
      sim.have(Put<Emergency>{one});
    }
  }
  // An INVITE of somebody of whom nothing is known.
  void stranger(unsigned number, const SiteId& site = local_site()) {
    const std::string ip = site == local_site() ? "10.0.9." : "10.1.9.";
    const auto at = ip + std::to_string(number % 250 + 1) + ":" + std::to_string(5060 + number / 250);
    const auto serial = std::to_string(++strangers_);
    sim.say({site, sip::Transport::udp, sim.face(site), *parse_endpoint(at)},
            "INVITE sip:112@pbx.example.com SIP/2.0\r\nVia: SIP/2.0/UDP " + at + ";rport;branch=z9hG4bKs" + serial +
                "\r\nFrom: <sip:x@x>;tag=s" + serial + "\r\nTo: <sip:112@pbx.example.com>\r\nCall-ID: s" + serial +
                "\r\nCSeq: 1 INVITE\r\nContact: <sip:x@" + at + ">\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
    sim.run_for(20ms);
  }
  Simulation sim;

 private:
  unsigned strangers_ = 0;
};

TEST_F(ACallForHelp, IsToldAtOnceAndStaysUntilSomebodyAcknowledgesIt) {
  auto& desk = sim.add_desk(1, branch());
  desk.dial("112");
  sim.run_for(100ms);
  ASSERT_EQ(sim.emergencies.size(), 1u);
  const auto& told = sim.emergencies[0];
  EXPECT_EQ(told.place.number, "112");
  EXPECT_EQ(told.place.desk, "HD0001");
  EXPECT_EQ(told.location, "hq-2");
  EXPECT_FALSE(told.routed) << "the location has no trunk";
  EXPECT_FALSE(told.test);
  sim.run_for(1h);
  ASSERT_EQ(open(), 1u);
  EXPECT_EQ(records().begin()->second.id, told.id);
  sim.restart_core();
  EXPECT_EQ(open(), 1u) << "after a restart, too";
}

TEST_F(ACallForHelp, IsShownForADayWithWhoHasAcknowledgedIt) {
  auto& desk = sim.add_desk(1, branch());
  auto& other = sim.add_desk(2, branch());
  const auto shown = [&] {
    std::vector<std::string> all;
    for (const auto& one : sim.console().statistics().attention)
      if (one.kind == "emergency_call") {
        EXPECT_EQ(one.acknowledged.has_value(), !one.acknowledged_by.empty());
        all.push_back(one.hot_desk + " " + one.acknowledged_by);
      }
    return all;
  };
  const auto one = sim.desk(desk).record.id.value(), two = sim.desk(other).record.id.value();
  desk.dial("112");
  sim.run_for(1s);
  EXPECT_EQ(shown(), (std::vector<std::string>{one + " "}));
  acknowledge();
  EXPECT_EQ(shown(), (std::vector<std::string>{one + " otto"}));
  sim.run_for(2min);
  other.dial("112");
  desk.dial("112");
  sim.run_for(1s);
  EXPECT_EQ(shown(), (std::vector<std::string>{one + " ", two + " ", one + " otto"})) << "of each call its own";
  sim.run_for(25h);
  EXPECT_TRUE(shown().empty());
}

TEST_F(ACallForHelp, RingsWhoIsToBeToldAtEverySiteUntilOneAnswers) {
  auto &here = told(8, "200", local_site()), &there = told(9, "201", branch());
  auto& desk = sim.add_desk(1, branch());
  desk.dial("112");
  ASSERT_TRUE(sim.run_until([&] { return !shown(here).empty() && !shown(there).empty(); }, 1s));
  EXPECT_EQ(shown(here).substr(0, shown(here).find('<')), "\"112 HD0001 Floor 2\" ");
  EXPECT_NE(shown(here).find("<sip:HD0001@"), std::string::npos) << "called back, it is no call for help";
  sim.run_for(61s);
  EXPECT_TRUE(here.idle() && there.idle());
  EXPECT_EQ(here.rings + there.rings, 2u) << "once each, not again";
}

TEST_F(ACallForHelp, IsOverForTheOthersWhenOneHasHeardIt) {
  auto &first = told(8, "200", local_site(), true), &second = told(9, "201", branch());
  auto& desk = sim.add_desk(1, branch());
  desk.dial("112");
  ASSERT_TRUE(sim.run_until([&] { return second.rings == 1 && second.idle(); }, 5s)) << "cancelled";
  EXPECT_EQ(sim.audits("emergency.heard"), 1u);
  EXPECT_TRUE(sim.run_until([&] { return first.idle(); }, 90s)) << "it has heard all, and is free again";
  EXPECT_EQ(open(), 1u) << "who has heard of it has acknowledged nothing";
}

TEST_F(ACallForHelp, RingsThePhoneWhereSomebodyIsLoggedInWhoIsToBeTold) {
  sim.add_extension("200");
  auto &reception = sim.add_desk(2, local_site(), {.answers = false}), &desk = sim.add_desk(1, branch());
  sim.log_in(reception, "200");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(reception, "200"); }, 60s));
  desk.dial("112");
  EXPECT_TRUE(sim.run_until([&] { return !shown(reception).empty(); }, 1s));
}

TEST_F(ACallForHelp, DoesNotRingThePhoneThatCalls) {
  auto& reception = told(8, "200", local_site());
  reception.dial("112");
  sim.run_for(2s);
  EXPECT_EQ(sim.emergencies.size(), 1u);
  EXPECT_EQ(reception.rings, 0u);
  EXPECT_TRUE(std::any_of(sim.troubles.begin(), sim.troubles.end(),
                          [](const auto& trouble) { return trouble.starts_with("emergency.nobody_rung"); }));
}

TEST_F(ACallForHelp, IsToldOnceAMinuteHoweverOftenOneDials) {
  auto& reception = told(8, "200", local_site());
  auto& desk = sim.add_desk(1, branch());
  const auto dials = [&] {
    const auto call = desk.dial("112");
    sim.run_until([&] { return desk.call(call)->status == 503; }, 7s);
  };
  for (int i = 0; i < 5; ++i) dials();
  EXPECT_EQ(sim.emergencies.size(), 1u);
  EXPECT_EQ(reception.rings, 1u);
  sim.run_for(2min);
  dials();
  EXPECT_EQ(sim.emergencies.size(), 2u);
}

TEST_F(ACallForHelp, IsToldAgainAtOnceWhenTheLastOneWasAcknowledged) {
  auto& desk = sim.add_desk(1, branch());
  const auto call = desk.dial("112");
  ASSERT_TRUE(sim.run_until([&] { return desk.call(call)->status == 503; }, 7s));
  acknowledge();
  desk.dial("112");
  sim.run_for(1s);
  EXPECT_EQ(sim.emergencies.size(), 2u);
}

TEST_F(ACallForHelp, OfStrangersRingsThreeTimesAMinuteAtMostAndHidesNoTrueOne) {
  auto& reception = told(8, "200", local_site());
  auto& desk = sim.add_desk(1, branch());
  for (unsigned i = 0; i < 500; ++i) stranger(i);
  EXPECT_LE(sim.emergencies.size(), 20u);
  EXPECT_LE(reception.rings, 3u);
  const auto before = sim.emergencies.size();
  // Its phone has two lines, and both ring of strangers: the record and the web hook tell of the true one all the same.
  desk.dial("112");
  sim.run_for(100ms);
  EXPECT_EQ(sim.emergencies.size(), before + 1);
  EXPECT_TRUE(sim.emergencies.back().place.phone);
}

TEST_F(ACallForHelp, OfStrangersIsKeptWithinBounds) {
  auto& desk = sim.add_desk(1, branch());
  desk.dial("112");
  sim.run_for(70s);
  for (int minute = 0; minute < 20; ++minute) {
    for (unsigned i = 0; i < 40; ++i) stranger(static_cast<unsigned>(minute) * 40 + i);
    sim.run_for(1min);
  }
  EXPECT_LE(records().size(), element::EmergencyTelling::most_of_strangers + 1);
  EXPECT_TRUE(std::any_of(records().begin(), records().end(), [](const auto& one) { return one.second.place.phone; }))
      << "the true one is still there";
}

TEST_F(ACallForHelp, IsToldWhileTheStoreFails) {
  auto& reception = told(8, "200", local_site());
  auto& desk = sim.add_desk(1, branch());
  sim.fail_store(true);
  desk.dial("112");
  sim.run_for(1s);
  EXPECT_EQ(sim.emergencies.size(), 1u);
  EXPECT_FALSE(shown(reception).empty());
  sim.fail_store(false);
}

TEST_F(ACallForHelp, OfNoLocationIsRecordedAllTheSame) {
  sim.change_settings([](Settings& settings) { settings.emergency_location = ""; });
  auto& desk = sim.add_desk(1, branch());
  desk.dial("112");
  sim.run_for(1s);
  ASSERT_EQ(sim.emergencies.size(), 1u);
  EXPECT_EQ(sim.emergencies[0].location, "");
  EXPECT_EQ(open(), 1u);
}

}  // namespace
}  // namespace roamdesk::sim

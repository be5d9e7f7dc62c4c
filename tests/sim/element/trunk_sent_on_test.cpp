#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "tests/sim/element/handset.hpp"
#include "tests/sim/element/provider.hpp"

// Calls that are sent on to the outside by a transfer or a diversion: with whose rights, and within whose limits.
namespace roamdesk::sim {
namespace {

class SentOn : public testing::TestWithParam<const char*> {
 protected:
  SentOn() {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
    desk = &sim.add_desk(1, site());
    other = &sim.add_desk(2, site());
    sim.log_in(*desk, "101");
    sim.log_in(*other, "102");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(*desk, "101") && sim.is_at_desk(*other, "102"); }, 60s));
    sim.have(Put<InboundNumber>{{"+4930555101", "+4930555101", ExtensionNumber{"101"}, 0}});
    sim.have(Put<InboundNumber>{{"+4930555102", "+4930555102", ExtensionNumber{"102"}, 0}});
    OutboundRule rule;
    rule.name = "all";
    rule.pattern = "0.";
    rule.trunks = {"provider", "second"};
    sim.have(Put<OutboundRule>{rule});
    put("provider", provider);
    put("second", second);
  }
  static SiteId site() { return SiteId{GetParam()}; }

  void put(const std::string& name, Provider& server, unsigned calls_per_hour = 0) {
    sim.names[name + ".example"] = {{server.target()}, 300s, std::nullopt, false};
    server.account.clear();
    Trunk trunk;
    trunk.name = name;
    trunk.kind = TrunkKind::address;
    trunk.site = site();
    trunk.domain = name + ".example";
    trunk.country = "DE";
    trunk.area_code = "30";
    trunk.calls_per_hour = calls_per_hour;
    sim.put_trunk(trunk);
    sim.run_for(1s);
  }
  void let(const std::string& number, NumberClasses may_call) {
    auto person = *sim.element().directory().extension(ExtensionNumber{number});
    person.may_call = may_call;
    sim.have(PutExtension{person});
  }
  // A call by a desk's phone: what it hears at last.
  const DeskPhone::Call& dial(DeskPhone& phone, const std::string& number) {
    const auto call = phone.dial(number);
    sim.run_until([&] { return phone.call(call) && phone.call(call)->status >= 200; }, 10s);
    return *phone.call(call);
  }
  // How many calls of ours came there.
  static std::ptrdiff_t rung(const Provider& server) {
    return std::count_if(server.heard.begin(), server.heard.end(),
                         [](const auto& m) { return m.method == "INVITE" && m.to.tag().empty(); });
  }
  // A call from outside to that extension: its dialog at the provider, which is one of several.
  std::size_t call_in(const std::string& extension) {
    const auto index = provider.out.dialogs.size();
    provider.call(
        "+4930555" + extension, [&](sip::Message& m) { m.to.uri.user = "+4930555" + extension; }, 0s);
    sim.run_for(3s);
    return index;
  }
  bool up(std::size_t dialog) const { return provider.out.dialogs[dialog].up && !provider.out.dialogs[dialog].over; }
  void hang_up(std::size_t dialog) {
    provider.out.hang_up(static_cast<int>(dialog));
    while (auto bytes = provider.out.poll_bytes()) sim.say(provider.at(), *bytes);
    sim.run_for(1s);
  }
  void hang_up() {
    desk->hang_up();
    other->hang_up();
    sim.run_for(1s);
  }

  static constexpr const char *national = "0309876543", *abroad = "0033142685300";
  Simulation sim;
  DeskPhone *desk = nullptr, *other = nullptr;
  Provider provider{sim, site(), "198.51.100.1"}, second{sim, site(), "198.51.100.2"};
};

// ---- by which trunk

TEST_P(SentOn, ACallersWayBackByTheTrunkThatHeCameByIsAWayLikeAnother) {
  desk->habits.redirects = national;
  const auto diverted = call_in("101");
  EXPECT_TRUE(up(diverted)) << "a diversion to the outside";
  ASSERT_EQ(rung(provider), 1);
  EXPECT_EQ(provider.last("INVITE")->request_uri.user, "+49309876543");
  hang_up(diverted);
  desk->habits.redirects.clear();
  const auto transferred = call_in("101");
  ASSERT_TRUE(up(transferred));
  desk->transfer(national);
  sim.run_for(3s);
  EXPECT_EQ(rung(provider), 2) << "and a transfer";
  EXPECT_TRUE(up(transferred));
  EXPECT_TRUE(up(provider.out.dialogs.size() - 1));
  ASSERT_FALSE(desk->sipfrags.empty());
  EXPECT_EQ(desk->sipfrags.back().substr(0, 11), "SIP/2.0 200");
}

// ---- with whose rights

TEST_P(SentOn, WhoMayNotCallAbroadDivertsNobodyThere) {
  desk->habits.redirects = abroad;
  let("102", {NumberClass::national, NumberClass::international});
  EXPECT_GE(dial(*other, "101").status, 400) << "the caller may, who sends the call on may not";
  EXPECT_FALSE(up(call_in("101")));
  EXPECT_EQ(rung(provider) + rung(second), 0);
  let("101", {NumberClass::international});
  let("102", {});
  EXPECT_EQ(dial(*other, "101").status, 200) << "and the other way round";
  EXPECT_EQ(provider.last("INVITE")->request_uri.user, "+33142685300");
}

TEST_P(SentOn, WhoMayNotCallAbroadTransfersNobodyThere) {
  let("102", {NumberClass::national, NumberClass::international});
  ASSERT_EQ(dial(*other, "101").status, 200);
  sim.run_for(1s);
  for (const auto* number : {abroad, "00-33-1-42-68-53-00", "09001234567", "*31*0033142685300", "%2B33142685300"}) {
    desk->sipfrags.clear();
    desk->transfer(number);
    sim.run_for(3s);
    ASSERT_FALSE(desk->sipfrags.empty()) << number;
    EXPECT_EQ(desk->sipfrags.back().substr(0, 9), "SIP/2.0 4") << number;
  }
  EXPECT_EQ(rung(provider) + rung(second), 0);
  EXPECT_EQ(sim.element().calls().size(), 1u) << "the call is as it was";
  other->transfer(abroad);
  sim.run_for(3s);
  EXPECT_EQ(rung(provider), 1) << "the other party may";
}

TEST_P(SentOn, AnOutsideCallerGetsNothingByAPersonWhoMayNot) {
  const auto call = call_in("101");
  ASSERT_TRUE(up(call));
  desk->transfer(abroad);
  sim.run_for(3s);
  EXPECT_EQ(rung(provider) + rung(second), 0);
  EXPECT_TRUE(up(call));
}

TEST_P(SentOn, AnIdleDeskSendsNothingOut) {
  auto& idle = sim.add_desk(3, site());
  EXPECT_EQ(dial(idle, national).status, 403);
  const auto code = idle.dial("*77*");
  ASSERT_TRUE(sim.run_until([&] { return idle.call(code) && idle.call(code)->up; }, 5s));
  idle.transfer(national);
  sim.run_for(3s);
  idle.habits.redirects = national;
  EXPECT_GE(dial(*other, idle.shows()).status, 400) << "its name is no number";
  EXPECT_EQ(rung(provider) + rung(second), 0);
  for (const auto& words : idle.sipfrags) EXPECT_NE(words.substr(0, 9), "SIP/2.0 2");
}

// ---- within whose limits

TEST_P(SentOn, EachCallCountsForThePersonWhoHasSentItOn) {
  sim.change_settings([](Settings& settings) { settings.outside_calls = 1; });
  desk->habits.redirects = other->habits.redirects = national;
  const auto first = call_in("101"), later = call_in("102");
  ASSERT_TRUE(up(first) && up(later));
  EXPECT_FALSE(up(call_in("101"))) << "101 has one";
  hang_up(first);
  EXPECT_FALSE(up(call_in("102"))) << "102 has one still";
  EXPECT_TRUE(up(call_in("101")));
  EXPECT_EQ(sim.audits("outside.limit"), 2u);
}

TEST_P(SentOn, APersonsLimitHoldsForTransfersAsForCalls) {
  sim.change_settings([](Settings& settings) { settings.outside_calls_per_hour = 2; });
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(dial(*other, "101").status, 200);
    sim.run_for(1s);
    desk->transfer(national);
    sim.run_for(3s);
    hang_up();
  }
  ASSERT_EQ(rung(provider), 2);
  ASSERT_EQ(dial(*other, "101").status, 200);
  sim.run_for(1s);
  desk->transfer(national);
  sim.run_for(3s);
  EXPECT_EQ(desk->sipfrags.back().substr(0, 9), "SIP/2.0 4");
  hang_up();
  const auto& refused = dial(*desk, national);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.phrase, "Too many outside calls of yours within an hour");
  EXPECT_EQ(rung(provider), 2);
  EXPECT_EQ(dial(*other, national).status, 200) << "somebody else has an hour of his own";
}

TEST_P(SentOn, ACallThatFallsOverToAnotherTrunkKeepsToThatTrunksLimitAndCountsThere) {
  put("provider", provider, 3);
  put("second", second, 1);
  provider.out.habits.refuses = 503;
  EXPECT_EQ(dial(*desk, national).status, 200);
  hang_up();
  EXPECT_GE(dial(*desk, national).status, 400) << "the second has had its call";
  EXPECT_EQ(rung(second), 1);
  provider.out.habits.refuses = 0;
  sim.run_for(10min);
  for (int n = 0; n < 2; ++n) {
    EXPECT_EQ(dial(*desk, national).status, 200) << "the first has had the one that nobody else could take";
    hang_up();
  }
  const auto& refused = dial(*desk, national);
  EXPECT_EQ(refused.status, 486);
  EXPECT_EQ(refused.phrase, "The outside line has reached its limit for this hour");
  EXPECT_EQ(rung(second), 1);
  sim.run_for(1h);
  EXPECT_EQ(dial(*desk, national).status, 200);
}

TEST_P(SentOn, ARestartGivesNobodyANewHour) {
  put("provider", provider, 3);
  put("second", second, 1);
  sim.change_settings([](Settings& settings) { settings.outside_calls_per_hour = 2; });
  for (int n = 0; n < 2; ++n) {
    ASSERT_EQ(dial(*desk, national).status, 200);
    hang_up();
  }
  ASSERT_EQ(sim.records.size(), 2u);
  EXPECT_EQ(sim.records[0].trunk, "provider");
  sim.restart_core();
  sim.run_for(10s);
  EXPECT_EQ(dial(*desk, national).phrase, "Too many outside calls of yours within an hour");
  EXPECT_EQ(dial(*other, national).status, 200);
  hang_up();
  EXPECT_EQ(dial(*other, national).status, 200) << "by the second";
  hang_up();
  EXPECT_EQ(rung(provider), 3);
  EXPECT_EQ(rung(second), 1);
  sim.run_for(61min);
  EXPECT_EQ(dial(*desk, national).status, 200);
}

TEST_P(SentOn, WhoMayNotCallIsToldInWordsAndAloud) {
  for (const auto& [number, status, words] :
       {std::tuple{abroad, 403, "You may not call abroad"}, {"9", 404, "No rule takes this number"}}) {
    const auto& refused = dial(*desk, number);
    EXPECT_EQ(refused.status, status);
    EXPECT_EQ(refused.phrase, words);
    EXPECT_TRUE(refused.early_media) << number;
    EXPECT_EQ(refused.progress, std::vector<int>{183});
  }
  for (const auto& record : sim.records) EXPECT_FALSE(record.emergency);
  sim.run_for(1min);
  EXPECT_EQ(sim.element().rtp_ports_in_use(), 0u);
}

TEST_P(SentOn, WhoDialsWhatHeMayNotTakesNoEmergencyAnnouncementAway) {
  for (int n = 0; n < 40; ++n) desk->dial(abroad);
  sim.run_for(500ms);
  const auto help = other->dial("112");
  sim.run_for(500ms);
  EXPECT_TRUE(other->call(help)->early_media);
  const auto own = desk->dial("112");
  sim.run_for(500ms);
  EXPECT_TRUE(desk->call(own)->early_media) << "not even his own";
}

// ---- how many may ring

TEST_P(SentOn, ATrunksRequestsHaveTheRoomThatItsCallsNeed) {
  int taken = 0;
  for (int n = 0; n < 150; ++n) {
    // Each waits for an ACK that doesn't come.
    taken += provider.ask("INVITE", "sos") == 484 ? 1 : 0;
    sim.run_for(50ms);
  }
  EXPECT_EQ(taken, 150);
}

INSTANTIATE_TEST_SUITE_P(AtASite, SentOn, testing::Values("local", "branch-1"),
                         [](const auto& row) { return std::string{row.param} == "local" ? "Core" : "Branch"; });

}  // namespace
}  // namespace roamdesk::sim

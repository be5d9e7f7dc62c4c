#include <gtest/gtest.h>

#include "tests/sim/element/handset.hpp"
#include "tests/sim/element/provider.hpp"

// Test calls: what they say of a trunk, that they end, and what they can't be used for.
namespace roamdesk::sim {
namespace {

class TestCall : public testing::TestWithParam<const char*> {
 protected:
  TestCall() {
    sim.names["provider.example"] = {{provider.target()}, 300s, std::nullopt, false};
    trunk.name = "provider";
    trunk.site = site();
    trunk.domain = "provider.example";
    trunk.user = "4930123";
    trunk.password = Secret{"secret"};
    trunk.country = "DE";
    trunk.area_code = "30";
    trunk.called = NumberForm::national;
    put();
    EXPECT_TRUE(provider.contact);
  }
  static SiteId site() { return SiteId{GetParam()}; }
  void put() {
    sim.put_trunk(trunk);
    sim.run_for(2s);
  }
  api::Answer make(const std::string& number = "+49301234567", const std::string& by = "provider") {
    std::optional<api::Answer> said;
    sim.console().test_call(by, number, Simulation::admin(), [&](api::Answer answer) { said = std::move(answer); });
    sim.run_until([&] { return said.has_value(); }, 5s);
    return said.value_or(api::Answer{api::Outcome::unavailable, "no answer"});
  }
  // Once there is a result.
  api::TestCallView result(Duration patience = 30s) {
    sim.run_until([&] { return sim.console().test_call("provider")->result != "calling"; }, patience);
    return *sim.console().test_call("provider");
  }
  // Nothing of it is left, here or there.
  void expect_over() {
    sim.run_for(45s);
    EXPECT_EQ(sim.element().rtp_ports_in_use(), 0u);
    for (const auto& dialog : provider.out.dialogs) EXPECT_TRUE(dialog.over || !dialog.up);
    EXPECT_TRUE(sim.element().calls().empty());
  }

  Simulation sim;
  Trunk trunk;
  Provider provider{sim, site(), "198.51.100.1"};
};

TEST_P(TestCall, EndsAsSoonAsItRings) {
  provider.out.habits.answers = false;
  ASSERT_EQ(make().outcome, api::Outcome::ok);
  const auto said = result();
  EXPECT_EQ(said.result, "rings");
  EXPECT_EQ(said.called, "0301234567") << "as the trunk wants it";
  EXPECT_EQ(said.server, "198.51.100.1:5060");
  EXPECT_LT(said.took, 1s);
  EXPECT_EQ(provider.last("INVITE")->request_uri.user, "0301234567");
  expect_over();
  EXPECT_EQ(provider.count("CANCEL"), 1u);
}

TEST_P(TestCall, ThatIsAnsweredAtOnceIsHungUp) {
  provider.out.habits.rings = false;
  make();
  EXPECT_EQ(result().result, "answered");
  expect_over();
  EXPECT_EQ(provider.count("ACK"), 1u);
  EXPECT_EQ(provider.count("BYE"), 1u);
}

TEST_P(TestCall, WhoseAnswerCrossesItsCancelIsHungUpToo) {
  make();
  EXPECT_EQ(result().result, "rings");
  expect_over();
  EXPECT_EQ(provider.count("BYE"), 1u);
}

TEST_P(TestCall, SaysTheProvidersWords) {
  for (const auto& [status, words] : {std::pair{403, "Forbidden"}, {404, "Not Found"}, {486, "Busy Here"}}) {
    provider.out.habits.refuses = status;
    ASSERT_EQ(make().outcome, api::Outcome::ok);
    const auto said = result();
    EXPECT_EQ(said.result, "refused");
    EXPECT_EQ(said.status, status);
    EXPECT_EQ(said.reason, words);
  }
  expect_over();
}

TEST_P(TestCall, ShowsItsCredentials) {
  provider.out.challenges = calls::sim::Challenging{};
  provider.out.habits.answers = false;
  make();
  EXPECT_EQ(result().result, "rings");
  EXPECT_EQ(provider.count("INVITE"), 2u);
  expect_over();
  provider.out.challenges->never_content = true;
  make();
  EXPECT_EQ(result().status, 407);
  EXPECT_LE(provider.count("INVITE"), 6u) << "and gives up";
  expect_over();
}

TEST_P(TestCall, EndsByItselfWhereNothingIsSaid) {
  provider.out.habits.silent = true;
  make();
  EXPECT_EQ(sim.console().test_call("provider")->result, "calling");
  EXPECT_EQ(make().outcome, api::Outcome::clash) << "one after the other";
  const auto said = result();
  EXPECT_EQ(said.result, "no_answer");
  EXPECT_GE(said.took, 19s);
  expect_over();
}

TEST_P(TestCall, IsNeverAnEmergencyCallNorToANumberThatNobodyKnowsTheCostOf) {
  for (const auto form : {NumberForm::plus, NumberForm::national, NumberForm::as_dialled, NumberForm::bare}) {
    trunk.called = form;
    put();
    for (const auto* number : {"112", "+112", "+110", "+911", "+49112", "+49110", "110", "9112", "911", "+1911",
                               "+49116117", "+499001234567", "+49137123456", "*77*", "101", ""})
      EXPECT_EQ(make(number).outcome, api::Outcome::clash) << number;
  }
  EXPECT_EQ(provider.count("INVITE"), 0u);
  EXPECT_EQ(sim.audits("emergency_call"), 0u);
}

TEST_P(TestCall, KeepsToTheTrunksLimits) {
  trunk.countries = {"FR"};
  trunk.calls_per_hour = 2;
  put();
  provider.out.habits.refuses = 486;
  EXPECT_EQ(make("+12125550123").outcome, api::Outcome::clash) << "not a country that it may call";
  for (int n = 0; n < 2; ++n) {
    make();
    EXPECT_EQ(result().status, 486);
  }
  make();
  EXPECT_EQ(result().reason, "The outside line has reached its limit for this hour");
  EXPECT_EQ(provider.count("INVITE"), 2u);
}

TEST_P(TestCall, IsOfATrunkThatIsThereAndOn) {
  EXPECT_EQ(make("+49301234567", "another").outcome, api::Outcome::unknown);
  trunk.enabled = false;
  put();
  EXPECT_EQ(make().outcome, api::Outcome::clash);
  sim.delete_trunk("provider");
  EXPECT_EQ(make().outcome, api::Outcome::unknown);
  EXPECT_EQ(provider.count("INVITE"), 0u);
}

TEST_P(TestCall, OutlivesItsTrunkByNothing) {
  provider.out.habits.answers = provider.out.habits.rings = false;
  make();
  sim.delete_trunk("provider");
  EXPECT_FALSE(sim.console().test_call("provider"));
  sim.run_for(2min);
  EXPECT_EQ(sim.element().rtp_ports_in_use(), 0u);
}

INSTANTIATE_TEST_SUITE_P(AtASite, TestCall, testing::Values("local", "branch-1"),
                         [](const auto& row) { return std::string{row.param} == "local" ? "Core" : "Branch"; });

}  // namespace
}  // namespace roamdesk::sim

#include "common/sip/parse.hpp"
#include "tests/sim/element/help.hpp"

// What somebody may do who calls for help without need, from addresses that cost nothing.
namespace roamdesk::sim {
namespace {

class HelpAttack : public Help {
 protected:
  HelpAttack() {
    sim.change_settings([](auto& settings) { settings.emergency_location = "ground"; });
  }
  // So many addresses that nobody knows call 112 at once.
  void flood(int count) {
    for (int i = 0; i < count; ++i) {
      const auto ip = "203.0.113." + std::to_string(100 + i);
      strangers.push_back(std::make_unique<Handset>(sim, site(), ip));
      strangers.back()->invite({"x", "x", "x"}, "112");
    }
  }
  std::vector<std::unique_ptr<Handset>> strangers;
};

TEST_P(HelpAttack, AFloodOfStrangersTakesAFewLinesAndEndsOneCall) {
  trunk.calls = 3;
  sim.put_trunk(trunk);
  log_in(*desks[1], "101");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(is_up(*desks[1], desks[1]->dial("030123456" + std::to_string(i))));
  flood(30);
  EXPECT_LE(invites_to("112"), emergency::Admission::strangers_of_site);
  EXPECT_EQ(hung_up().size(), 1u);
}

TEST_P(HelpAttack, AFloodOfStrangersKeepsNoKnownPhoneFromHelp) {
  trunk.calls = 2;
  sim.put_trunk(trunk);
  flood(30);
  const auto before = invites_to("112");
  EXPECT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
  EXPECT_EQ(invites_to("112"), before + 1);
}

TEST_P(HelpAttack, APhoneThatDialsAgainAndAgainEndsOneCallAMinute) {
  trunk.calls = 4;
  sim.put_trunk(trunk);
  log_in(*desks[1], "101");
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(is_up(*desks[1], desks[1]->dial("030123456" + std::to_string(i))));
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
    desks[0]->hang_up();
    sim.run_for(2s);
    if (i == 0) desks[1]->dial("0301234569");  // the line is taken again
  }
  std::size_t ended = 0;
  for (const auto& why : hung_up()) ended += why.starts_with("preemption");
  EXPECT_EQ(ended, 1u);
}

TEST_P(HelpAttack, OneWhoKnowsTheDialogsNamesCannotEndItFromElsewhere) {
  const auto call = desks[0]->dial("112");
  ASSERT_TRUE(is_up(*desks[0], call));
  auto bye = *sip::parse(desks[0]->call(call)->opening);
  bye.method = bye.cseq.method = "BYE";
  bye.cseq.number += 5;
  bye.to.params.set("tag", desks[0]->call(call)->remote_tag());
  bye.via.front().host = "203.0.113.66";
  bye.via.front().params.set("branch", "z9hG4bKmallory");
  bye.body.clear(), bye.content_type.clear();
  Handset mallory{sim, site(), "203.0.113.66"};
  sim.say(mallory.at(), sip::serialise(bye));
  sim.run_for(2s);
  EXPECT_TRUE(desks[0]->call(call)->up);
  EXPECT_EQ(sim.element().calls().size(), 1u);
}

TEST_P(HelpAttack, ATrunkIsNoPhoneThatCallsForHelp) {
  provider.contact.reset();
  EXPECT_GE(provider.call("112", [](sip::Message& m) { m.request_uri.user = m.to.uri.user = "112"; }), 400);
  EXPECT_EQ(invites_to("112"), 0u);
}

INSTANTIATE_TEST_SUITE_P(At, HelpAttack, testing::ValuesIn(everywhere),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace roamdesk::sim

#include "tests/sim/element/help.hpp"

// Help calls back: the desk rings that has called, whoever sits there now.
namespace roamdesk::sim {
namespace {

class HelpCallback : public Help {
 protected:
  // 112 was called from the desk, and is over.
  void called_from(DeskPhone& phone, const char* number = "112") {
    ASSERT_TRUE(is_up(phone, phone.dial(number)));
    phone.hang_up();
    sim.run_for(2s);
  }
  void over() {
    provider.out.hang_up();
    for (auto bytes = provider.out.poll_bytes(); bytes; bytes = provider.out.poll_bytes())
      sim.say(provider.at(), *bytes);
    sim.run_for(2s);
  }
};

TEST_P(HelpCallback, RingsTheDeskWhoeverIsThere) {
  called_from(*desks[0]);
  EXPECT_EQ(call_back("+4930555001"), 200) << "nobody is logged in";
  EXPECT_EQ(rung(), id_of(*desks[0]));
  over();
  log_in(*desks[0], "101");
  EXPECT_EQ(call_back("+4930555001"), 200);
  EXPECT_EQ(rung(), id_of(*desks[0]));
  over();
  log_in(*desks[0], "102");
  EXPECT_EQ(call_back("+4930555001"), 200) << "another person";
  EXPECT_EQ(rung(), id_of(*desks[0]));
  over();
}

TEST_P(HelpCallback, DoesNotFollowThePersonToAnotherDesk) {
  log_in(*desks[0], "101");
  called_from(*desks[0]);
  log_in(*desks[1], "101");
  EXPECT_EQ(call_back("+4930555001"), 200);
  EXPECT_EQ(rung(), id_of(*desks[0]));
}

TEST_P(HelpCallback, RingsForThirtyMinutesAfterTheCallAndThenTheInboundNumbersDecide) {
  sim.have(Put<InboundNumber>{{"+4930555001", "+4930555001", ExtensionNumber{"103"}, 0}});
  log_in(*desks[2], "103");
  called_from(*desks[0]);
  sim.run_for(29min);
  EXPECT_EQ(call_back("+4930555001"), 200);
  EXPECT_EQ(rung(), id_of(*desks[0]));
  over();
  sim.run_for(2min);
  EXPECT_EQ(call_back("+4930555001"), 200);
  EXPECT_EQ(rung(), "103");
  over();
}

TEST_P(HelpCallback, SurvivesARestartOfTheCore) {
  called_from(*desks[0]);
  sim.restart_core();
  sim.run_for(10s);
  EXPECT_EQ(call_back("+4930555001"), 200);
  EXPECT_EQ(rung(), id_of(*desks[0]));
}

TEST_P(HelpCallback, SaysWhatItIsAndIsNotBoundByTheTrunksLimit) {
  trunk.calls = 1;
  sim.put_trunk(trunk);
  called_from(*desks[0]);
  log_in(*desks[1], "101");
  const auto other = desks[1]->dial("0301234567");
  ASSERT_TRUE(is_up(*desks[1], other));
  EXPECT_EQ(call_back("+4930555001"), 200);
  ASSERT_EQ(desks[0]->calls().size(), 1u);
  EXPECT_NE(desks[0]->calls().begin()->second.opening.find("Priority: psap-callback"), std::string::npos);
  EXPECT_TRUE(desks[1]->call(other)->up);
}

TEST_P(HelpCallback, ReachesAPhoneThatNobodyKnows) {
  sim.change_settings([](auto& settings) { settings.emergency_location = "ground"; });
  Handset unknown{sim, site(), "203.0.113.77"};
  ASSERT_EQ(unknown.invite({"x", "x", "x"}, "112"), 200);
  unknown.bye();
  sim.run_for(1s);
  call_back("+4930555001");
  EXPECT_EQ(unknown.rings, 1u);
}

TEST_P(HelpCallback, OfANumberThatNobodyHasCalledForHelpWithIsNone) { EXPECT_EQ(call_back("+4930555001"), 404); }

TEST_P(HelpCallback, ByAnotherTrunkIsNone) {
  Provider second{sim, SiteId{GetParam().trunk}, "198.51.100.2"};
  sim.names["second.example"] = {{second.target()}, 300s, std::nullopt, false};
  auto other = trunk;
  other.name = "second", other.domain = "second.example";
  sim.put_trunk(other);
  sim.run_for(2s);
  called_from(*desks[0]);
  EXPECT_EQ(call_back("+4930555001", second), 404);
}

TEST_P(HelpCallback, FromAnAddressThatIsNoTrunksIsNone) {
  called_from(*desks[0]);
  Provider mallory{sim, SiteId{GetParam().trunk}, "203.0.113.66"};
  mallory.contact = provider.contact;
  EXPECT_EQ(call_back("+4930555001", mallory), 401);
  EXPECT_TRUE(desks[0]->calls().empty());
}

INSTANTIATE_TEST_SUITE_P(To, HelpCallback, testing::ValuesIn(everywhere),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace roamdesk::sim

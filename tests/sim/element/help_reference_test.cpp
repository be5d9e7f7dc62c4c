#include "tests/sim/element/help.hpp"

// Providers that keep the address themselves: what they know a place by goes to them, with calls for help, and nowhere
// else.
namespace roamdesk::sim {
namespace {

class HelpByReference : public Help {
 protected:
  HelpByReference() {
    trunk.geolocation = false;
    sim.put_trunk(trunk);
    know("ground", "0", "+4930555001", {{"provider", "GROUND-1", "F.ground"}});
    know("upstairs", "2", "+4930555002", {{"provider", "UP-2", ""}});
    sim.run_for(1s);
  }
  void know(const char* name, const char* floor, const char* callback, std::vector<LocationReference> references,
            std::vector<std::string> trunks = {"provider"}) {
    auto made = location(name, floor, callback);
    made.references = std::move(references);
    made.trunks = std::move(trunks);
    sim.have(Put<Location>{made});
  }
  // No id of any location is in what the server has heard.
  static void expect_no_id(const Provider& there) {
    for (const auto& m : there.heard)
      for (const char* id : {"GROUND-1", "F.ground", "UP-2", "OTHER-3", "Geolocation"})
        EXPECT_EQ(sip::serialise(m).find(id), std::string::npos) << sip::serialise(m);
  }
};

TEST_P(HelpByReference, TheProviderIsToldItsOwnIdsAndNothingElse) {
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
  EXPECT_EQ(invite().headers_named("Geolocation"), std::vector<std::string_view>{"GROUND-1"});
  EXPECT_FALSE(invite().header("Geolocation-Routing"));
  EXPECT_EQ(invite().from.uri.user, "F.ground");
  EXPECT_EQ(value(invite(), "P-Asserted-Identity"), "<sip:F.ground@provider.example>");
  EXPECT_EQ(value(invite(), "Priority"), "emergency");
  EXPECT_EQ(invite().content_type, "application/sdp") << "the provider has the address";
  EXPECT_EQ(invite().body.find("Linden"), std::string::npos);
  desks[0]->hang_up();
  sim.run_for(2s);
  for (const auto& m : provider.heard)
    if (m.method != "INVITE") {
      EXPECT_FALSE(m.header("Geolocation")) << m.method;
    }
  // One without a from id shows the number.
  ASSERT_TRUE(is_up(*desks[1], desks[1]->dial("933")));
  EXPECT_EQ(invite().headers_named("Geolocation"), std::vector<std::string_view>{"UP-2"});
  EXPECT_EQ(invite().from.uri.user, "+4930555002");
}

TEST_P(HelpByReference, ItCountsBeforeALocationByValueAndOneAloneIsSent) {
  trunk.geolocation = true;
  sim.put_trunk(trunk);
  know("upstairs", "2", "+4930555002", {{"provider", "", "F.up"}});
  sim.run_for(1s);
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
  EXPECT_EQ(invite().headers_named("Geolocation"), std::vector<std::string_view>{"GROUND-1"});
  EXPECT_EQ(part(invite(), "application/pidf+xml"), "");
  desks[0]->hang_up();
  sim.run_for(2s);
  // A from id says who calls; where that is goes by value then.
  ASSERT_TRUE(is_up(*desks[1], desks[1]->dial("112")));
  EXPECT_EQ(invite().from.uri.user, "F.up");
  EXPECT_TRUE(value(invite(), "Geolocation").starts_with("<cid:"));
  EXPECT_NE(part(invite(), "application/pidf+xml").find("Linden"), std::string::npos);
}

TEST_P(HelpByReference, AProviderThatDoesNotKnowTheIdIsAskedAgainWithoutIt) {
  provider.reads_location = false;
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112"), 1s));
  EXPECT_EQ(invites_to("112"), 2u);
  EXPECT_FALSE(invite().header("Geolocation"));
}

TEST_P(HelpByReference, HelpCallsBackTheDeskAllTheSame) {
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
  desks[0]->hang_up();
  sim.run_for(5min);
  EXPECT_EQ(call_back("+4930555001"), 200);
  EXPECT_EQ(rung(), id_of(*desks[0]));
}

TEST_P(HelpByReference, AnIdNeverGoesToAnotherTrunk) {
  Provider other{sim, SiteId{GetParam().trunk}, "198.51.100.9"};
  sim.names["other.example"] = {{other.target()}, 300s, std::nullopt, false};
  Trunk second = trunk;
  second.name = "other", second.domain = "other.example", second.main_number = "+4930999000";
  sim.put_trunk(second);
  know("ground", "0", "+4930555001", {{"provider", "GROUND-1", "F.ground"}}, {"provider", "other"});
  know("upstairs", "2", "+4930555002", {{"provider", "UP-2", ""}, {"nobody", "OTHER-3", ""}}, {"other"});
  sim.run_for(5s);
  // The first refuses: the next trunk gets the call, and nothing of what the first one knows it by.
  provider.out.habits.refuses = 500;
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
  EXPECT_EQ(value(invite(), "Geolocation"), "GROUND-1");
  EXPECT_EQ(other.count("INVITE"), 1u);
  EXPECT_EQ(other.last("INVITE")->from.uri.user, "+4930555001");
  expect_no_id(other);
  ASSERT_TRUE(is_up(*desks[1], desks[1]->dial("112")));
  EXPECT_EQ(other.count("INVITE"), 2u);
  expect_no_id(other);
}

TEST_P(HelpByReference, AnIdNeverGoesWithACallThatIsNotForHelp) {
  log_in(*desks[0], "101");
  sim.have(Put<InboundNumber>{{"+4930555101", "+4930555101", ExtensionNumber{"101"}, 0}});
  auto person = *sim.element().directory().extension(ExtensionNumber{"101"});
  person.may_call = {NumberClass::national, NumberClass::mobile};
  sim.have(PutExtension{person});
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("030987654")));
  ASSERT_EQ(provider.count("INVITE"), 1u);
  desks[0]->hang_up();
  sim.run_for(2s);
  EXPECT_EQ(provider.call("+4930555101", [](sip::Message& m) { m.to.uri.user = "+4930555101"; }), 200);
  sim.run_for(5s);
  expect_no_id(provider);
}

// A state that was edited by hand: the API, the store and a restored backup refuse such an id.
TEST_P(HelpByReference, OneThatCouldEndAHeaderIsLeftOutAndTheCallGoesOut) {
  for (const char* bad : {"x\r\nX-Evil: 1", "x\nX-Evil: 1", "<x>", "x\"y", "x>;evil=1", ""}) {
    know("ground", "0", "+4930555001", {{"provider", bad, bad}});
    provider.heard.clear();
    ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112"))) << bad;
    EXPECT_FALSE(invite().header("Geolocation")) << bad;
    EXPECT_FALSE(invite().header("X-Evil")) << bad;
    EXPECT_EQ(invite().from.uri.user, "+4930555001") << bad;
    desks[0]->hang_up();
    sim.run_for(2s);
  }
}

INSTANTIATE_TEST_SUITE_P(From, HelpByReference, testing::ValuesIn(everywhere),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace roamdesk::sim

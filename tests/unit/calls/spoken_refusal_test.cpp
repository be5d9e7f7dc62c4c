#include "tests/unit/calls/fixture.hpp"

// Refusals that are said aloud before they come.
namespace roamdesk::calls {
namespace {

class SpokenRefusals : public Calls {
 protected:
  SpokenRefusals() { world.refusals["666"] = {403, "You may not call that", "may_not_call"}; }
  World::Stream& stream(Phone& phone) { return *world.stream_at(sim::media_of(phone.at().heard)); }
  void dial(Phone& phone, const sim::Alter& alter = {}) {
    phone.dial("666", world.now, alter);
    world.run(200ms);
  }
  Phone& a = world.add("101");
  Phone& b = world.add("102");
};

TEST_F(SpokenRefusals, AreHeardThenReadThenRecordedAsACallThatWasRefused) {
  dial(a);
  EXPECT_EQ(a.at().status, 183);
  EXPECT_EQ(stream(a).playing, std::vector<std::string>{"may_not_call"});
  sip::Message last;
  world.sends = [&last](const sip::Message& m) { last = m; };
  world.prompt_ended(a);
  world.run(200ms);
  world.sends = {};
  EXPECT_EQ(a.at().status, 403);
  EXPECT_EQ(last.reason, "You may not call that");
  const CallChanged* ended = nullptr;
  for (const auto& event : world.events)
    if (const auto* changed = std::get_if<CallChanged>(&event); changed && changed->ended) ended = changed;
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 403);
  EXPECT_EQ(ended->info.to.number, "666");
  EXPECT_EQ(ended->info.from_peer, world.peer_of(a));
  EXPECT_FALSE(ended->info.emergency_from) << "it was no call for help";
}

TEST_F(SpokenRefusals, EndWithTheCallersPatience) {
  dial(a);
  a.cancel(world.now);
  world.run(200ms);
  EXPECT_EQ(a.at().status, 487);
  dial(a);
  world.run(31s);
  EXPECT_EQ(a.at().status, 403) << "whose prompt never ends";
}

TEST_F(SpokenRefusals, ComeAtOnceToWhoCanNotHearThem) {
  const std::vector<sim::Alter> forms = {
      [](sip::Message& m) { m.body.clear(), m.content_type.clear(); },
      [](sip::Message& m) { m.set_header("Replaces", "x;to-tag=1;from-tag=2"); },
      [](sip::Message& m) {
        for (auto at = m.body.find(" 8 0"); at != m.body.npos; at = m.body.find(" 8 0")) m.body.replace(at, 4, " 18");
      },
  };
  for (std::size_t i = 0; i < forms.size(); ++i) {
    dial(a, forms[i]);
    EXPECT_EQ(a.at().status, 403) << i;
    EXPECT_TRUE(a.at().progress.empty()) << i;
  }
}

TEST_F(SpokenRefusals, OfOnePhoneAreFewAndTakeNoOtherPhonesPlaceNorThatOfACallForHelp) {
  for (int n = 0; n < 6; ++n) dial(a);
  int spoken = 0;
  for (const auto& dialog : a.dialogs) spoken += dialog.status == 183 ? 1 : 0;
  EXPECT_EQ(spoken, 2);
  EXPECT_EQ(a.at().status, 403) << "the others at once";
  dial(b);
  EXPECT_EQ(b.at().status, 183);
  a.dial("112", world.now);
  world.run(200ms);
  EXPECT_EQ(a.at().status, 183);
  EXPECT_EQ(stream(a).playing, std::vector<std::string>{"no_emergency_route"});
}

TEST_F(SpokenRefusals, OfASiteLeaveTheOtherSitesTheirs) {
  std::vector<Phone*> many;
  for (int n = 0; n < 30; ++n) many.push_back(&world.add(std::to_string(200 + n), "branch"));
  int spoken = 0;
  for (auto* phone : many) {
    dial(*phone);
    spoken += phone->at().status == 183 ? 1 : 0;
  }
  EXPECT_EQ(spoken, 25);
  dial(a);
  EXPECT_EQ(a.at().status, 183);
}

}  // namespace
}  // namespace roamdesk::calls

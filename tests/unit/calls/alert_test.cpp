#include <algorithm>

#include "tests/unit/calls/fixture.hpp"

// Calls of ours that tell something.
namespace roamdesk::calls {
namespace {

class Alerts : public Calls {
 protected:
  std::optional<CallId> alert(const std::vector<std::string>& numbers) {
    std::vector<Target> targets;
    for (const auto& number : numbers)
      for (auto& target : world.targets(number)) targets.push_back(std::move(target));
    const auto id = world.engine.alert({"HD0001", "112 HD0001 Floor 2"}, std::move(targets), prompts, world.now);
    world.drain();
    return id;
  }
  const CallChanged* ended() {
    for (const auto& event : world.events)
      if (const auto* changed = std::get_if<CallChanged>(&event); changed && changed->ended) return changed;
    return nullptr;
  }
  const std::vector<std::string> prompts{"emergency_called", "digit_1"};
  const std::vector<std::string> twice{"emergency_called", "digit_1", "emergency_called", "digit_1"};
  Phone& a = world.add("200");
  Phone& b = world.add("201", "branch-1");
};

TEST_F(Alerts, RingAllAndTellWhoAnswersFirst) {
  const auto id = alert({"200", "201"});
  ASSERT_TRUE(id);
  world.run(500ms);
  for (Phone* phone : {&a, &b}) {
    const auto* invite = last(*phone, "INVITE");
    ASSERT_NE(invite, nullptr);
    EXPECT_EQ(invite->from.display, "112 HD0001 Floor 2");
    EXPECT_EQ(invite->from.uri.user, "HD0001") << "called back, it is no emergency number";
    EXPECT_EQ(invite->header("Priority"), "emergency");
    EXPECT_EQ(invite->header("Alert-Info"), "<urn:alert:priority:high>;info=emergency");
    EXPECT_FALSE(invite->body.empty()) << "with our offer";
  }
  b.answer(world.now);
  world.run(500ms);
  EXPECT_EQ(plays_to(b), twice);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(a.at().cancel_reason, "SIP;cause=200;text=\"Call completed elsewhere\"");
  EXPECT_EQ(world.engine.calls().at(0).to.number, "201");
  world.prompt_ended(b);
  world.run(500ms);
  EXPECT_TRUE(b.at().over);
  ASSERT_NE(ended(), nullptr);
  EXPECT_EQ(ended()->info.id, *id);
  EXPECT_TRUE(ended()->info.answered);
}

TEST_F(Alerts, RingForAMinuteAndNotAgain) {
  alert({"200"});
  world.run(59s);
  EXPECT_FALSE(a.at().over);
  world.run(2s);
  EXPECT_TRUE(a.at().over);
  ASSERT_NE(ended(), nullptr);
  EXPECT_FALSE(ended()->info.answered);
  EXPECT_EQ(std::count_if(a.requests.begin(), a.requests.end(), [](const auto& m) { return m.method == "INVITE"; }), 1);
}

TEST_F(Alerts, GoOnWhereOneRefuses) {
  alert({"200", "201"});
  world.run(500ms);
  a.reject(486, world.now);
  world.run(500ms);
  EXPECT_EQ(world.engine.calls().size(), 1u);
  b.reject(603, world.now);
  world.run(500ms);
  EXPECT_TRUE(world.engine.calls().empty());
}

TEST_F(Alerts, RingNobodyWhereNobodyIs) {
  EXPECT_FALSE(alert({"999"}));
  EXPECT_TRUE(world.engine.empty());
}

TEST_F(Alerts, EndWhenThePersonHangsUp) {
  alert({"200"});
  world.run(500ms);
  a.answer(world.now);
  world.run(500ms);
  a.hang_up(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.engine.calls().empty());
}

TEST_F(Alerts, LastForAWhileWhereThePromptsEndIsNeverTold) {
  alert({"200"});
  world.run(500ms);
  a.answer(world.now);
  world.run(91s);
  EXPECT_TRUE(a.at().over);
}

// It would be sent on with nobody's rights.
TEST_F(Alerts, FollowNoDiversion) {
  Phone& elsewhere = world.add("202");
  a.habits.rejects = 302;
  a.habits.contacts = {"<sip:202@pbx.example.com>"};
  EXPECT_TRUE(alert({"200"}));
  world.run(2s);
  EXPECT_TRUE(elsewhere.dialogs.empty());
  EXPECT_TRUE(world.routed.empty());
  EXPECT_TRUE(world.engine.calls().empty());
}

TEST_F(Alerts, ArePickedUpByNobody) {
  Phone& watcher = world.add("203");
  for (const bool answered : {false, true}) {
    if (!answered) alert({"200"});
    if (answered) a.answer(world.now);
    world.run(500ms);
    const auto shown = world.engine.dialogs("200").at(0);
    watcher.dial("200", world.now, [&](sip::Message& m) {
      m.set_header("Replaces", shown.call_id + ";to-tag=" + shown.remote_tag + ";from-tag=" + shown.local_tag);
    });
    world.run(500ms);
    EXPECT_EQ(watcher.at().status, 481);
  }
  EXPECT_EQ(plays_to(a), twice);
}

TEST_F(Alerts, AreHeldAndHandedOverByNobody) {
  alert({"200"});
  world.run(500ms);
  a.answer(world.now);
  world.run(500ms);
  a.refer("<sip:201@pbx.example.com>", world.now);
  world.run(500ms);
  EXPECT_TRUE(b.dialogs.empty());
  a.modify("INVITE", "sendonly", world.now);
  world.run(500ms);
  EXPECT_EQ(world.engine.calls().size(), 1u) << "it goes on";
  world.prompt_ended(a);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
}

TEST_F(Alerts, AreEndedWithTheProgram) {
  alert({"200"});
  world.run(500ms);
  EXPECT_EQ(world.engine.end_ringing(world.now), 1u);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
}

TEST_F(Alerts, AreBounded) {
  std::size_t begun = 0;
  for (std::size_t i = 0; i < 3 * Limits{}.alerts; ++i) {
    auto& phone = world.add("3" + std::to_string(i));
    begun += alert({phone.user}).has_value();
  }
  EXPECT_EQ(begun, Limits{}.alerts);
}

}  // namespace
}  // namespace roamdesk::calls

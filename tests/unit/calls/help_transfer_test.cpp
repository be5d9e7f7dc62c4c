#include "tests/unit/calls/trunk_fixture.hpp"

// A person hands another one over to help.
namespace roamdesk::calls {
namespace {

class TransfersToHelp : public TrunkCalls {
 protected:
  TransfersToHelp() {
    manner.help = true;
    manner.late_offers = false;
    world.helps["0112"] = Help{.takes_line = true, .prompt = "no_emergency_route", .shown = "999"};
  }
  void hand_over() {
    phone.refer("<sip:0112@pbx.example.com>", world.now);
    world.run(200ms);
  }
  void consult() {
    phone.modify("INVITE", "sendonly", world.now);
    world.run(100ms);
    phone.dial("0112", world.now);
    world.run(100ms);
  }
  void hand_over_consulted() {
    phone.refer("<sip:0112@pbx.example.com?" + phone.replaces(1) + ">", world.now, 0);
    world.run(500ms);
  }
  bool is_help() {
    const auto calls = world.engine.calls();
    return calls.size() == 1 && calls.front().help;
  }
  int answer_to_refer(const Phone& of) {
    for (auto it = of.responses.rbegin(); it != of.responses.rend(); ++it)
      if (it->first == "REFER") return it->second;
    return 0;
  }
  std::string fate() const { return phone.sipfrags.empty() ? "" : phone.sipfrags.back().substr(0, 11); }

  Phone& other = world.add("102");
};

TEST_F(TransfersToHelp, BringThePartyThatStaysToIt) {
  talking(phone, other);
  hand_over();
  ASSERT_EQ(server.count("INVITE"), 1u);
  EXPECT_TRUE(is_help());
  EXPECT_EQ(value(server.at().invite, "Referred-By"), "");
  server.ring();
  server.answer();
  world.run(500ms);
  EXPECT_TRUE(world.talk(other, server)) << world.broken;
  EXPECT_EQ(fate(), "SIP/2.0 200");
  EXPECT_TRUE(is_help());
  EXPECT_EQ(asserted(*server.last("INVITE")), "+4930555999") << "the number at which help calls back, and no person's";
}

TEST_F(TransfersToHelp, WaitLongerThanOthers) {
  talking(phone, other);
  hand_over();
  server.ring();
  world.run(90s);
  server.answer();
  world.run(500ms);
  EXPECT_TRUE(world.talk(other, server)) << world.broken;
}

TEST_F(TransfersToHelp, TakeTheLineOfAnotherCall) {
  auto& third = world.add("103");
  manner.help = false;
  third.dial("0301234", world.now);
  world.run(50ms);
  server.answer();
  world.run(200ms);
  manner.help = true;
  manner.calls = 1;
  talking(phone, other);
  server.requests.clear();
  hand_over();
  EXPECT_EQ(server.count("INVITE"), 1u);
  EXPECT_EQ(server.count("BYE"), 1u);
  EXPECT_TRUE(third.idle());
}

TEST_F(TransfersToHelp, ThatFailLeaveACallLikeAnother) {
  talking(phone, other);
  server.habits.refuses = 500;
  hand_over();
  world.run(1s);
  EXPECT_EQ(fate().substr(0, 9), "SIP/2.0 5");
  EXPECT_TRUE(world.talk(phone, other)) << world.broken;
  EXPECT_FALSE(is_help());
  server.habits.refuses = 0;
  hand_over();
  EXPECT_TRUE(is_help()) << "and again";
  server.answer();
  world.run(500ms);
  EXPECT_TRUE(world.talk(other, server)) << world.broken;
}

TEST_F(TransfersToHelp, WhoseTransferorHasGoneComeBackToThemWhereTheyFail) {
  talking(phone, other);
  hand_over();
  phone.hang_up(world.now);
  world.run(200ms);
  EXPECT_TRUE(is_help());
  server.refuse(500);
  world.run(500ms);
  EXPECT_FALSE(is_help());
  phone.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(phone, other)) << world.broken;
}

TEST_F(TransfersToHelp, OfOneWhoHasCalledForHelpAlready) {
  talking(phone, other);
  consult();
  server.answer();
  world.run(200ms);
  hand_over_consulted();
  EXPECT_TRUE(world.talk(other, server)) << world.broken;
  EXPECT_TRUE(is_help());
  EXPECT_EQ(server.count("BYE"), 0u);
  EXPECT_EQ(asserted(*server.last("INVITE")), "+4930555101") << "as it was shown before";
}

TEST_F(TransfersToHelp, OfOneWhoseCallForHelpRingsStill) {
  talking(phone, other);
  consult();
  server.ring();
  world.run(100ms);
  hand_over_consulted();
  EXPECT_TRUE(is_help());
  world.run(60s);
  server.answer();
  world.run(500ms);
  EXPECT_TRUE(world.talk(other, server)) << world.broken;
  EXPECT_EQ(server.count("CANCEL"), 0u);
}

// ---- who may not

TEST_F(TransfersToHelp, OfSomebodyElsesCallForHelpAreRefused) {
  auto& third = world.add("103");
  third.dial("0112", world.now);
  world.run(50ms);
  server.answer();
  world.run(200ms);
  talking(phone, other);
  phone.refer("<sip:0112@pbx.example.com?" + third.replaces(0) + ">", world.now);
  world.run(500ms);
  EXPECT_EQ(fate(), "SIP/2.0 481");
  EXPECT_TRUE(world.talk(third, server)) << world.broken;
}

TEST_F(TransfersToHelp, OfAnOutsidePartyAreRefusedAlsoAfterAConsultation) {
  for (const bool answered : {true, false}) {
    manner.help = false;
    talking_in();
    manner.help = true;
    const auto dialogs = server.dialogs.size();
    phone.modify("INVITE", "sendonly", world.now, static_cast<int>(phone.dialogs.size()) - 1);
    world.run(100ms);
    const int held = static_cast<int>(phone.dialogs.size()) - 1;
    phone.dial("0112", world.now);
    world.run(50ms);
    server.ring();
    if (answered) server.answer();
    world.run(200ms);
    phone.sipfrags.clear();
    phone.refer("<sip:0112@pbx.example.com?" + phone.replaces(held + 1) + ">", world.now, held);
    world.run(500ms);
    EXPECT_EQ(fate(), "SIP/2.0 403") << answered;
    EXPECT_EQ(server.dialogs.size(), dialogs + 1);
    EXPECT_FALSE(world.talk(server, server, static_cast<int>(dialogs) - 1, static_cast<int>(dialogs)));
    phone.hang_up(world.now, held);
    if (answered)
      phone.hang_up(world.now);
    else
      phone.cancel(world.now);
    world.run(1s);
  }
}

TEST_F(TransfersToHelp, LeaveHelpWithWhoHasReachedIt) {
  auto& third = world.add("103");
  talking(phone, other);
  hand_over();
  server.answer();
  world.run(500ms);
  for (const char* to : {"103", "0301234"}) {
    other.refer("<sip:" + std::string{to} + "@pbx.example.com>", world.now);
    world.run(500ms);
    EXPECT_EQ(answer_to_refer(other), 403) << to;
  }
  EXPECT_TRUE(third.dialogs.empty());
  EXPECT_TRUE(world.talk(other, server)) << world.broken;
}

TEST_F(TransfersToHelp, OfHelpItselfByWhoHasCalledItAreRefused) {
  phone.dial("0112", world.now);
  world.run(50ms);
  server.answer();
  world.run(200ms);
  phone.refer("<sip:102@pbx.example.com>", world.now);
  world.run(500ms);
  EXPECT_EQ(answer_to_refer(phone), 403);
  EXPECT_TRUE(world.talk(phone, server)) << world.broken;
}

}  // namespace
}  // namespace roamdesk::calls

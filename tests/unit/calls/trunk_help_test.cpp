#include "tests/unit/calls/trunk_fixture.hpp"

// Calls for help by trunks, and help that calls back.
namespace roamdesk::calls {
namespace {

class CallsForHelp : public TrunkCalls {
 protected:
  CallsForHelp() {
    manner.help = world.manners["fallback"].help = true;
    world.helps["0112"] = Help{.takes_line = true, .prompt = "no_emergency_route"};
  }
  void call_for_help(std::function<void(sip::Message&)> edit = {}) {
    phone.dial("0112", world.now, std::move(edit));
    world.run(50ms);
  }
  // Another phone's call by the same trunk, which is up.
  Phone& busy(const std::string& user) {
    auto& other = world.add(user);
    manner.help = false;
    other.dial("0301234", world.now);
    world.run(50ms);
    server.answer();
    world.run(200ms);
    manner.help = true;
    return other;
  }
  std::string heard_bye(const Phone& of) {
    const auto* bye = last(of, "BYE");
    return bye ? value(*bye, "Reason") : "no BYE";
  }
  sim::Outside& second = world.add_server("fallback");
};

TEST_F(CallsForHelp, GoOnWhateverTheirInviteSays) {
  call_for_help([](sip::Message& m) {
    m.max_forwards = 0;
    m.expires = 0;
    m.set_header("Require", "unheard-of");
    m.set_header("Replaces", "a;to-tag=b;from-tag=c");
    m.set_header("Privacy", "id");
    m.set_header("Session-Expires", "10");
    m.set_header("Priority", "non-urgent");
    m.set_header("Subject", "Alice's");
  });
  ASSERT_EQ(server.count("INVITE"), 1u);
  const auto& invite = *server.last("INVITE");
  EXPECT_EQ(value(invite, "Subject"), "") << "its words are ours";
  EXPECT_NE(value(invite, "Priority"), "non-urgent");
  EXPECT_EQ(value(invite, "Privacy"), "");
  server.answer();
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server)) << world.broken;
}

TEST_F(CallsForHelp, OfferG711ForACallerThatMakesNoOffer) {
  manner.late_offers = false;
  call_for_help([](sip::Message& m) { m.body.clear(), m.content_type.clear(); });
  ASSERT_EQ(server.count("INVITE"), 1u);
  EXPECT_NE(server.last("INVITE")->body.find("m=audio "), std::string::npos);
  server.answer();
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server)) << world.broken;
}

TEST_F(CallsForHelp, TakeTheLineOfTheNewestCallOnceWhereOurOwnLimitIsReached) {
  auto& older = busy("102");
  auto& newer = busy("103");
  manner.calls = 2;
  server.requests.clear();
  call_for_help();
  EXPECT_EQ(server.count("INVITE"), 1u) << "at once";
  EXPECT_EQ(heard_bye(newer), "preemption ;cause=3 ;text=\"An emergency call needs the line\"");
  EXPECT_EQ(heard_bye(older), "no BYE");
  server.answer();
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server)) << world.broken;
}

TEST_F(CallsForHelp, TakeTheLineOfACallThatRingsStill) {
  auto& other = world.add("102");
  manner.help = false;
  other.dial("0301234", world.now);
  world.run(50ms);
  server.ring(180);
  world.run(50ms);
  manner.help = true, manner.calls = 1;
  call_for_help();
  EXPECT_EQ(other.at().status, 486);
  EXPECT_EQ(server.count("CANCEL"), 1u);
}

TEST_F(CallsForHelp, TakeNoLineWhereTheyMayNot) {
  auto& other = busy("102");
  world.helps["0112"].takes_line = false;
  manner.calls = 1;
  server.habits.refuses = 486;
  call_for_help();
  EXPECT_EQ(heard_bye(other), "no BYE");
  EXPECT_EQ(second.count("INVITE"), 1u) << "the next trunk";
}

TEST_F(CallsForHelp, AskAgainWhereTheLineIsNotFreeYetAndThenTheNextTrunk) {
  busy("102");
  server.requests.clear();
  server.habits.refuses = 503;
  call_for_help();
  EXPECT_EQ(server.count("BYE"), 1u);
  EXPECT_EQ(server.count("INVITE"), 2u) << "at once";
  world.run(260ms);
  EXPECT_EQ(server.count("INVITE"), 3u);
  EXPECT_EQ(second.count("INVITE"), 1u);
  EXPECT_EQ(server.count("BYE"), 1u);
  second.answer();
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, second)) << world.broken;
}

TEST_F(CallsForHelp, MayBeGivenUpWhileTheyWaitForALine) {
  busy("102");
  server.habits.refuses = 486;
  call_for_help();
  world.run(100ms);
  phone.cancel(world.now);
  world.run(1s);
  EXPECT_EQ(phone.at().status, 487);
  EXPECT_EQ(second.count("INVITE"), 0u);
}

TEST_F(CallsForHelp, WithoutATrunkThatTakesThemHearWhyAndThen503) {
  server.habits.refuses = 500;
  second.habits.refuses = 603;
  call_for_help();
  EXPECT_EQ(phone.at().status, 183);
  EXPECT_EQ(plays_to(phone), std::vector<std::string>{"no_emergency_route"});
  world.prompt_ended(phone);
  world.run(100ms);
  EXPECT_EQ(phone.at().status, 503);
}

TEST_F(CallsForHelp, HearItAlsoAfterATrunksEarlyMedia) {
  second.habits.refuses = 500;
  call_for_help();
  server.ring(183, server.describe());
  world.run(50ms);
  server.refuse(503);
  world.run(100ms);
  EXPECT_EQ(second.count("INVITE"), 1u) << "also after a 183";
  world.run(31s);
  EXPECT_EQ(phone.at().status, 503);
}

TEST_F(CallsForHelp, SendNoMediaToAnAddressThatHasNotHeardUs) {
  world.strangers.insert("101");
  call_for_help();
  server.ring(183, server.describe());
  world.run(50ms);
  const auto* stream = world.stream_at(sim::media_of(phone.at().heard));
  ASSERT_TRUE(stream && stream->remote);
  EXPECT_EQ(stream->remote->rtp, Endpoint{});
}

TEST_F(CallsForHelp, SendMediaAsSoonAsTheAckShowsThatTheCallerHearsUs) {
  world.strangers.insert("101");
  call_for_help();
  server.answer();
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server)) << world.broken;
}

TEST_F(CallsForHelp, LeaveOutWhatCannotBeReadAtOnce) {
  manner.attachment =
      Attachment{{{"application/pidf+xml", {{"Content-ID", "<a@b>"}}, "<presence/>"}}, {{"Geolocation", "<cid:a@b>"}}};
  for (const int status : {424, 415, 400, 488}) {
    server.requests.clear();
    call_for_help();
    ASSERT_EQ(server.count("INVITE"), 1u) << status;
    server.refuse(status);
    world.run(50ms);
    ASSERT_EQ(server.count("INVITE"), 2u) << status;
    EXPECT_TRUE(server.requests.front().header("Geolocation")) << status;
    const auto& again = *server.last("INVITE");
    EXPECT_EQ(again.content_type, "application/sdp");
    EXPECT_FALSE(again.header("Geolocation"));
    server.answer();
    world.run(200ms);
    EXPECT_TRUE(world.talk(phone, server)) << world.broken;
    phone.hang_up(world.now);
    world.run(200ms);
  }
}

TEST_F(CallsForHelp, ThatCallBackAreNotDiverted) {
  world.helps["101"] = Help{};
  auto& other = world.add("102");
  phone.habits.rejects = 302;
  phone.habits.redirect = "102";
  server.dial("101");
  world.run(200ms);
  ASSERT_EQ(value(phone.at().invite, "Priority"), "psap-callback");
  EXPECT_TRUE(other.dialogs.empty());
  EXPECT_EQ(server.at().status, 480);
}

}  // namespace
}  // namespace roamdesk::calls

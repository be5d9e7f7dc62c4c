#include "tests/unit/calls/trunk_fixture.hpp"

// Servers of a trunk, and trunks, one after the other (RFC 3263 §4.3).
namespace roamdesk::calls {
namespace {

class TrunkServers : public TrunkCalls {
 protected:
  sim::Outside& second = world.add_server();
  sim::Outside& third = world.add_server("fallback");

  // The call is at the second server, and can be spoken through.
  void expect_at_second() {
    ASSERT_EQ(second.count("INVITE"), 1u);
    second.answer();
    world.run(200ms);
    EXPECT_TRUE(world.talk(phone, second));
    EXPECT_EQ(third.count("INVITE"), 0u);
  }
};

TEST_F(TrunkServers, AreAskedInTurnWhereOneIsSilent) {
  server.habits.silent = true;
  dial();
  world.run(3900ms);
  EXPECT_EQ(second.count("INVITE"), 0u);
  world.run(200ms);
  expect_at_second();
  EXPECT_EQ(failures(), std::vector<int>{0});
}

TEST_F(TrunkServers, OfOneTrunkGetTheSameInviteInAnotherTransaction) {
  server.habits.refuses = 503;
  dial();
  const auto &one = server.at().invite, &other = second.at().invite;
  EXPECT_EQ(one.call_id, other.call_id);
  EXPECT_EQ(one.from.tag(), other.from.tag());
  EXPECT_EQ(one.cseq, other.cseq);
  EXPECT_EQ(one.body, other.body);
  EXPECT_NE(one.via.front().branch(), other.via.front().branch());
  expect_at_second();
}

TEST_F(TrunkServers, OfAnotherTrunkGetACallOfTheirOwn) {
  server.habits.refuses = second.habits.refuses = 503;
  dial();
  ASSERT_EQ(third.count("INVITE"), 1u);
  EXPECT_NE(third.at().call_id, second.at().call_id);
  third.answer();
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, third));
}

TEST_F(TrunkServers, OfWhichOneCarriesTheCallCountItForItsTrunkAlone) {
  const auto provider = world.trunks["provider"], fallback = world.trunks["fallback"];
  server.habits.refuses = second.habits.refuses = 503;
  dial();
  ASSERT_EQ(world.tolls.size(), 1u) << "one is rung, one is counted";
  EXPECT_EQ(world.tolls.begin()->second, fallback);
  third.answer();
  world.run(200ms);
  EXPECT_EQ(world.answered_tolls.size(), 1u);
  phone.hang_up(world.now);
  world.run(200ms);
  EXPECT_TRUE(world.tolls.empty());
  EXPECT_EQ(world.carried[provider], 0u);
  EXPECT_EQ(world.carried[fallback], 1u);
  second.habits.refuses = 0;
  dial();
  second.refuse(486);
  world.run(200ms);
  EXPECT_EQ(world.carried[provider], 1u) << "a callee who is busy was called";
}

TEST_F(TrunkServers, OfATrunkThatHasReachedALimitAreNotAskedWhoeverFailedBefore) {
  const Admission full{.words = "Enough for this hour", .trunk_is_full = true};
  world.not_admitted[world.trunks["fallback"]] = full;
  server.habits.refuses = second.habits.refuses = 503;
  sip::Message last;
  hear(last);
  dial();
  EXPECT_EQ(third.count("INVITE"), 0u);
  EXPECT_GE(last.status, 400);
  EXPECT_TRUE(world.tolls.empty());
  EXPECT_EQ(world.carried.size(), 0u);
  world.not_admitted[world.trunks["provider"]] = full;
  dial();
  EXPECT_EQ(last.status, 486);
  EXPECT_EQ(last.reason, "Enough for this hour");
  EXPECT_EQ(value(last, "Reason"), "Q.850;cause=34;text=\"No circuit/channel available\"");
  world.not_admitted.erase(world.trunks["fallback"]);
  dial();
  EXPECT_EQ(third.count("INVITE"), 1u) << "the next one, at once";
}

TEST_F(TrunkServers, AreNotAskedForWhoMayNotCallAtAll) {
  world.not_admitted[world.trunks["provider"]] = {.status = 403, .words = "Too many calls of yours"};
  sip::Message last;
  hear(last);
  dial();
  EXPECT_EQ(server.count("INVITE") + second.count("INVITE") + third.count("INVITE"), 0u);
  EXPECT_EQ(last.status, 403);
  EXPECT_EQ(last.reason, "Too many calls of yours");
}

TEST_F(TrunkServers, AreAskedInTurnAfterEachRefusalThatIsNotTheCallees) {
  for (const int status : {408, 500, 502, 503, 504, 580}) {
    server.habits.refuses = status;
    server.requests.clear();
    second.requests.clear();
    dial();
    EXPECT_EQ(server.count("ACK"), 1u) << status;  // RFC 3261 §17.1.1.3
    ASSERT_EQ(second.count("INVITE"), 1u) << status;
    second.answer();
    world.run(100ms);
    EXPECT_TRUE(world.talk(phone, second)) << status;
    phone.hang_up(world.now);
    world.run(100ms);
  }
}

TEST_F(TrunkServers, AreNotAskedAfterARefusalOfTheCallees) {
  for (const int status : {400, 403, 404, 410, 480, 482, 484, 486, 487, 488, 600, 603, 604, 302}) {
    server.habits.refuses = status;
    dial();
    world.run(100ms);
    EXPECT_GE(phone.at().status, 400) << status;
  }
  EXPECT_EQ(second.count("INVITE") + third.count("INVITE"), 0u);
  EXPECT_TRUE(failures().empty());
}

TEST_F(TrunkServers, AreAskedAfterWhatTheMannerNamesInTheNextTrunk) {
  manner.also_next = {480, 403};
  for (const int status : {480, 403}) {
    server.habits.refuses = status;
    dial();
    EXPECT_EQ(second.count("INVITE"), 0u);  // it would say the same
    third.refuse(486);
    world.run(100ms);
    EXPECT_EQ(phone.at().status, 486);
  }
  EXPECT_EQ(third.count("INVITE"), 2u);
}

TEST_F(TrunkServers, AreNeverAskedOnceTheCallIsSomewhere) {
  for (const int progress : {180, 181, 183, 199}) {
    dial();
    server.ring(progress);
    world.run(50ms);
    server.refuse(503);
    world.run(50ms);
    EXPECT_EQ(phone.at().status, 500) << progress;
  }
  // A ringing one that says nothing more isn't silent.
  dial();
  server.ring(180);
  world.run(20s);
  EXPECT_EQ(phone.at().status, 180);
  EXPECT_EQ(second.count("INVITE") + third.count("INVITE"), 0u);
}

TEST_F(TrunkServers, AreAskedInTurnWhereTheFlowIsGone) {
  dial();
  world.close_flow(server);
  world.run(50ms);
  expect_at_second();
}

TEST_F(TrunkServers, AllSilentEndTheCall) {
  server.habits.silent = second.habits.silent = third.habits.silent = true;
  sip::Message heard;
  hear(heard);
  dial();
  world.run(17s);
  EXPECT_EQ(heard.status, 504);
  EXPECT_EQ(heard.reason, "Provider does not answer");
  EXPECT_NE(value(heard, "Reason").find("Q.850;cause=38"), std::string::npos);
  EXPECT_EQ(failures().size(), 3u);
  world.run(60s);
  EXPECT_EQ(phone.at().status, 504);
}

TEST_F(TrunkServers, AllWithoutServiceGetOneInviteAndOneAckEach) {
  for (auto* one : {&server, &second, &third}) one->habits.refuses = 503;
  dial();
  world.run(1s);
  EXPECT_EQ(phone.at().status, 500);
  for (auto* one : {&server, &second, &third}) {
    EXPECT_EQ(one->count("INVITE"), 1u);
    EXPECT_EQ(one->count("ACK"), 1u);
  }
  EXPECT_EQ(failures(), (std::vector<int>{503, 503, 503}));
  world.run(60s);
  EXPECT_EQ(server.count("INVITE") + second.count("INVITE") + third.count("INVITE"), 3u);
}

TEST_F(TrunkServers, TellWhenTheyMayBeAskedAgain) {
  server.habits.mute = true;
  dial();
  server.respond(
      *server.last("INVITE"), 503, [](sip::Message& m) { m.set_header("Retry-After", "120 (maintenance);duration=5"); },
      "t");
  world.run(50ms);
  const auto failed = std::find_if(world.events.begin(), world.events.end(),
                                   [](const auto& e) { return std::holds_alternative<ServerFailed>(e); });
  ASSERT_NE(failed, world.events.end());
  const auto& told = std::get<ServerFailed>(*failed);
  EXPECT_EQ(told.peer, server.peer);
  EXPECT_EQ(told.address, server.flow.address);
  EXPECT_EQ(told.retry_after, std::chrono::seconds{120});
  EXPECT_GE(answers_told(), 2u);
}

TEST_F(TrunkServers, ThatWakeLateAreToldToStop) {
  server.habits.silent = true;
  dial();
  world.run(4100ms);
  ASSERT_EQ(second.count("INVITE"), 1u);
  server.habits.silent = false;  // its INVITE is repeated still
  world.run(12s);
  EXPECT_EQ(server.count("INVITE"), 1u);
  EXPECT_EQ(server.count("CANCEL"), 1u);
  EXPECT_EQ(second.count("CANCEL"), 0u);
  expect_at_second();
}

TEST_F(TrunkServers, ThatWakeLateAndAnswerAreHungUp) {
  server.habits.silent = true;
  dial();
  world.run(4100ms);
  second.answer();
  world.run(100ms);
  ASSERT_TRUE(world.talk(phone, second));
  server.habits.silent = false;
  server.habits.answers = true;
  server.challenges.emplace();  // its INVITE had no credentials: it asks for them now, in vain
  world.run(12s);
  EXPECT_EQ(server.count("BYE"), 0u);
  EXPECT_TRUE(world.talk(phone, second));
  phone.hang_up(world.now);
  world.run(40s);

  server.challenges.reset();
  server.habits.silent = true;
  server.requests.clear();
  second.requests.clear();
  dial();
  world.run(4100ms);
  second.answer();
  world.run(100ms);
  server.habits.silent = false;
  world.run(12s);
  EXPECT_EQ(server.count("ACK"), 1u);
  EXPECT_EQ(server.count("BYE"), 1u);  // RFC 3261 §13.2.2.4
  EXPECT_EQ(second.count("BYE"), 0u);
  EXPECT_TRUE(world.talk(phone, second));
}

TEST_F(TrunkServers, AreCancelledWithTheirCaller) {
  // While the first one is silent, while the second one is, and while it works.
  server.habits.silent = true;
  for (const auto wait : {1s, 5s}) {
    second.habits.mute = false;
    dial();
    world.run(wait);
    phone.cancel(world.now);
    world.run(100ms);
    EXPECT_EQ(phone.at().status, 487);
  }
  world.run(40s);
  EXPECT_EQ(second.count("CANCEL"), 1u);
  EXPECT_EQ(third.count("INVITE"), 0u);
}

TEST_F(TrunkServers, ThatRefuseAfterTheCallerHasGoneMoveNothing) {
  server.habits.mute = true;
  dial();
  server.respond(*server.last("INVITE"), 100);
  world.run(50ms);
  phone.cancel(world.now);
  world.run(5ms);
  server.respond(*server.last("INVITE"), 503, {}, "t");
  world.run(1s);
  EXPECT_EQ(second.count("INVITE") + third.count("INVITE"), 0u);
}

TEST_F(TrunkServers, OfAFullTrunkAreSkipped) {
  manner.calls = 1;
  Phone& other = world.add("102");
  talking_out();
  other.dial("0305678", world.now);
  world.run(100ms);
  EXPECT_EQ(second.count("INVITE"), 0u);
  ASSERT_EQ(third.count("INVITE"), 1u);
  third.answer();
  world.run(100ms);
  EXPECT_TRUE(world.talk(other, third));
}

TEST_F(TrunkServers, ThatRefuseOurCredentialsAreSkippedWithTheirTrunk) {
  server.challenges.emplace().never_content = true;
  dial();
  world.run(100ms);
  EXPECT_EQ(server.count("INVITE"), 2u);
  EXPECT_EQ(second.count("INVITE"), 0u);
  EXPECT_EQ(third.count("INVITE"), 1u);
}

TEST_F(TrunkServers, GetNoPortTwice) {
  server.habits.refuses = second.habits.refuses = 503;
  dial();
  EXPECT_EQ(world.streams.size(), 2u);
  EXPECT_EQ(world.ports.size(), 2u);
}

TEST_F(TrunkServers, AreAskedInTurnForATransferredParty) {
  Phone& other = world.add("102");
  talking(other, phone);
  server.habits.refuses = 503;
  other.refer("<sip:0301234@pbx.example.com>", world.now);
  world.run(200ms);
  ASSERT_EQ(second.count("INVITE"), 1u);
  second.answer();
  world.run(500ms);
  EXPECT_TRUE(world.talk(phone, second));
}

}  // namespace
}  // namespace roamdesk::calls

#include "tests/unit/calls/trunk_fixture.hpp"

// A provider asks for credentials (RFC 3261 §22), for any request of the dialog.
namespace roamdesk::calls {
namespace {

class TrunkChallenges : public TrunkCalls, public testing::WithParamInterface<bool> {
 protected:
  TrunkChallenges() { server.challenges.emplace().proxy = GetParam(); }
  const char* header() const { return GetParam() ? "Proxy-Authorization" : "Authorization"; }
};
INSTANTIATE_TEST_SUITE_P(By, TrunkChallenges, testing::Values(false, true),
                         [](const auto& kind) { return kind.param ? "AProxy" : "AServer"; });

TEST_P(TrunkChallenges, AreAnsweredForAnInvite) {
  talking_out();
  ASSERT_EQ(server.count("INVITE"), 2u);
  const auto &first = server.refused.front(), &again = server.at().invite;
  EXPECT_EQ(value(first, header()), "");
  EXPECT_NE(value(again, header()), "");
  EXPECT_EQ(again.call_id, first.call_id);
  EXPECT_EQ(again.from.tag(), first.from.tag());
  EXPECT_EQ(again.cseq.number, first.cseq.number + 1);
  EXPECT_NE(again.via.front().branch(), first.via.front().branch());
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(asserted(again), "+4930555101");
  // RFC 3261 §13.2.2.4: the ACK has the INVITE's credentials.
  const auto* ack = server.last("ACK");
  ASSERT_TRUE(ack);
  EXPECT_EQ(value(*ack, header()), value(again, header()));
}

TEST_P(TrunkChallenges, AreAnsweredForEveryRequestOfTheDialog) {
  talking_out();
  for (const std::string method : {"INVITE", "UPDATE"}) {
    server.refused.clear();
    phone.modify(method, "sendonly", world.now);
    world.run(200ms);
    EXPECT_EQ(phone.at().modified, 200) << method;
    ASSERT_EQ(server.refused.size(), 1u) << method;
    EXPECT_EQ(server.refused.front().method, method);
  }
  EXPECT_EQ(sim::direction_of(server.at().heard), "sendonly");
  server.refused.clear();
  phone.send("INFO", world.now, [](sip::Message& m) {
    m.content_type = "application/dtmf-relay";
    m.body = "Signal=5\r\n";
  });
  world.run(200ms);
  EXPECT_EQ(server.last("INFO")->body, "Signal=5\r\n");
  EXPECT_EQ(server.count("INFO"), 2u);
  phone.hang_up(world.now);
  world.run(200ms);
  EXPECT_EQ(server.count("BYE"), 2u);
  EXPECT_NE(value(*server.last("BYE"), header()), "");
  EXPECT_TRUE(server.at().over);
}

TEST_P(TrunkChallenges, AreAnsweredForAPrack) {
  dial();
  server.ring(183, {}, [](sip::Message& m) {
    m.set_header("Require", "100rel");
    m.set_header("RSeq", "7");
  });
  world.run(100ms);
  EXPECT_EQ(server.count("PRACK"), 2u);
  const auto* prack = server.last("PRACK");
  ASSERT_TRUE(prack);
  EXPECT_NE(value(*prack, header()), "");
  EXPECT_EQ(value(*prack, "RAck"), "7 " + std::to_string(server.at().invite.cseq.number) + " INVITE");
  server.answer();
  world.run(100ms);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_P(TrunkChallenges, AreAnsweredForARefresh) {
  server.habits.session_expires = "180;refresher=uac";
  server.habits.allow = "INVITE, ACK, CANCEL, BYE";
  talking_out();
  server.refused.clear();
  world.run(100s);
  ASSERT_GE(server.refused.size(), 1u);
  EXPECT_EQ(server.refused.front().method, "INVITE");
  EXPECT_NE(value(*server.last("INVITE"), header()), "");
  world.run(200s);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_P(TrunkChallenges, ThatComeTwiceInARowEndIt) {
  server.challenges->never_content = true;
  sip::Message heard;
  hear(heard);
  dial();
  world.run(500ms);
  EXPECT_EQ(heard.status, 500);
  EXPECT_EQ(heard.reason, "Provider refuses our credentials");
  EXPECT_EQ(server.count("INVITE"), 2u);
  EXPECT_EQ(server.count("ACK"), 2u);
  EXPECT_TRUE(heard.headers_named("WWW-Authenticate").empty());
  EXPECT_TRUE(heard.headers_named("Proxy-Authenticate").empty());
}

TEST_P(TrunkChallenges, WithoutCredentialsEndIt) {
  world.has_credentials = false;
  dial();
  world.run(500ms);
  EXPECT_EQ(phone.at().status, 500);
  EXPECT_EQ(server.count("INVITE"), 1u);
}

TEST_P(TrunkChallenges, ForAStaleNonceAreNoFailure) {
  world.preemptive = true;
  talking_out();
  world.run(400s);  // the nonce lasts 300 s
  server.refused.clear();
  phone.modify("INVITE", "sendonly", world.now);
  world.run(200ms);
  EXPECT_EQ(phone.at().modified, 200);
  ASSERT_EQ(server.refused.size(), 1u);
  EXPECT_NE(value(server.refused.front(), header()), "");
}

TEST_P(TrunkChallenges, ArePreventedByKnownCredentials) {
  world.preemptive = true;
  talking_out();
  server.refused.clear();
  phone.modify("INVITE", "sendonly", world.now);
  world.run(200ms);
  phone.hang_up(world.now);
  world.run(200ms);
  EXPECT_TRUE(server.refused.empty());
  talking_out();
  EXPECT_TRUE(server.refused.empty());
}

TEST_P(TrunkChallenges, OfAnInviteThatWasTakenBackAreNotAnswered) {
  server.habits.mute = true;
  server.challenges.reset();
  dial();
  server.respond(*server.last("INVITE"), 100);
  world.run(50ms);
  phone.cancel(world.now);
  world.run(50ms);
  ASSERT_EQ(server.count("CANCEL"), 1u);
  server.respond(
      *server.last("INVITE"), GetParam() ? 407 : 401,
      [](sip::Message& m) {
        m.set_header(GetParam() ? "Proxy-Authenticate" : "WWW-Authenticate",
                     "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
      },
      "t");
  world.run(1s);
  EXPECT_EQ(server.count("INVITE"), 1u);
  EXPECT_EQ(phone.at().status, 487);
}

TEST_P(TrunkChallenges, OfAReinviteThatWasTakenBackAreItsEnd) {
  talking_out();
  server.challenges.reset();
  server.habits.mute = true;
  phone.modify("INVITE", "sendonly", world.now);
  world.run(50ms);
  const auto asked = *server.last("INVITE");
  server.respond(asked, 100);
  world.run(50ms);
  // The phone takes it back.
  auto cancel = world.invite;
  cancel.method = cancel.cseq.method = "CANCEL";
  cancel.contact.clear();
  cancel.content_type.clear();
  cancel.body.clear();
  world.arrives(phone.flow, cancel);
  world.run(50ms);
  ASSERT_EQ(server.count("CANCEL"), 1u);
  server.respond(asked, 407, [](sip::Message& m) {
    m.set_header("Proxy-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
  });
  world.run(100ms);
  EXPECT_EQ(phone.at().modified, 487);
  server.habits.mute = false;
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkCalls, AnswerAProxyAndTheServerBehindIt) {
  server.habits.mute = true;
  dial();
  const auto ask = [&](int status, const char* name, const char* realm) {
    server.respond(
        *server.last("INVITE"), status,
        [&](sip::Message& m) {
          m.set_header(name, std::string{"Digest realm=\""} + realm + "\", nonce=\"n\", qop=\"auth\"");
        },
        "t");
    world.run(50ms);
  };
  ask(407, "Proxy-Authenticate", "provider.example");
  EXPECT_EQ(server.count("INVITE"), 2u);
  ask(401, "WWW-Authenticate", "provider.example");
  ASSERT_EQ(server.count("INVITE"), 3u);
  EXPECT_NE(value(*server.last("INVITE"), "Authorization"), "");
  EXPECT_NE(value(*server.last("INVITE"), "Proxy-Authorization"), "");
  ask(401, "WWW-Authenticate", "provider.example");
  EXPECT_EQ(server.count("INVITE"), 3u);
  EXPECT_EQ(phone.at().status, 500);
}

TEST_F(TrunkCalls, AreNotAskedForCredentialsForever) {
  server.habits.mute = true;
  dial();
  for (int i = 0; i < 20; ++i) {
    if (phone.at().over) break;
    server.respond(
        *server.last("INVITE"), 401,
        [&](sip::Message& m) {
          m.set_header("WWW-Authenticate",
                       "Digest realm=\"r" + std::to_string(i) + "\", nonce=\"n\", qop=\"auth\", stale=true");
        },
        "t");
    world.run(50ms);
  }
  EXPECT_LE(server.count("INVITE"), 5u);
  EXPECT_EQ(phone.at().status, 500);
}

TEST_F(TrunkCalls, GiveAPhonesChallengeNoAnswer) {
  Phone& other = world.add("102");
  other.habits.rejects = 401;
  phone.dial("102", world.now);
  world.run(200ms);
  EXPECT_EQ(phone.at().status, 480);
  EXPECT_EQ(other.requests.size(), 1u);
}

}  // namespace
}  // namespace roamdesk::calls

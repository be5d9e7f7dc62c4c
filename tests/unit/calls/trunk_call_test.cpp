#include <algorithm>

#include "tests/unit/calls/trunk_fixture.hpp"

// Calls out and in by a trunk: how they are written, who is shown, and what a trunk may not.
namespace roamdesk::calls {
namespace {

TEST_F(TrunkCalls, GoOutInTheTrunksWords) {
  manner.route = {*sip::parse_name_addr("<sip:proxy.provider.example;lr>")};
  manner.contact = *sip::parse_uri("sip:token@10.0.0.1");
  talking_out();
  const auto& invite = server.at().invite;
  EXPECT_EQ(sip::to_string(invite.request_uri), "sip:+49301234@provider.example");
  EXPECT_EQ(invite.from.uri.user, "account");
  EXPECT_EQ(invite.from.uri.host, "provider.example");
  EXPECT_EQ(invite.to.uri.user, "+49301234");
  ASSERT_EQ(invite.route.size(), 1u);
  EXPECT_EQ(invite.route.front().uri.host, "proxy.provider.example");
  EXPECT_EQ(invite.contact.front().uri.user, "token");
  EXPECT_EQ(asserted(invite), "+4930555101");
  EXPECT_EQ(value(invite, "Remote-Party-ID"), "");
  EXPECT_EQ(value(invite, "Supported"), "timer");
  EXPECT_EQ(value(invite, "Allow").find("REFER"), std::string::npos);
}

TEST_F(TrunkCalls, ShowTheCallerTheNumberThatWasDialled) {
  std::string heard;
  world.sends = [&](const sip::Message& m) {
    if (!m.is_request()) heard += sip::serialise(m);
  };
  dial();
  server.ring(183, {},
              [](sip::Message& m) { m.set_header("P-Asserted-Identity", "<sip:+4917099999@provider.example>"); });
  world.run(50ms);
  server.answer([](sip::Message& m) { m.set_header("P-Asserted-Identity", "<sip:+4917099999@provider.example>"); });
  world.run(100ms);
  const auto calls = world.engine.calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls.front().to.number, "0301234");
  EXPECT_NE(heard.find("P-Asserted-Identity: <sip:0301234@pbx.example.com>"), std::string::npos);
  EXPECT_EQ(heard.find("+49"), std::string::npos);
}

TEST_F(TrunkCalls, ComeInAndShowTheirCaller) {
  talking_in();
  EXPECT_EQ(asserted(phone.at().invite), "0301234567");
  EXPECT_EQ(value(server.at().responses.back(), "P-Asserted-Identity"), "<sip:+4930555101@provider.example>");
  EXPECT_EQ(value(server.at().responses.back(), "Remote-Party-ID"), "");
  const auto calls = world.engine.calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls.front().from_peer, server.peer);
}

TEST_F(TrunkCalls, KeepAnOutsideCallersPrivacy) {
  server.dial("101", [](sip::Message& m) {
    m.from.uri.user = "anonymous";
    m.from.uri.host = "anonymous.invalid";
    m.set_header("P-Asserted-Identity", "<sip:+49301@provider.example>");
    m.set_header("Privacy", "id");
  });
  world.run(100ms);
  const auto& invite = phone.at().invite;
  EXPECT_EQ(invite.from.uri.user, "anonymous");
  EXPECT_EQ(value(invite, "P-Asserted-Identity"), "");
  EXPECT_EQ(sip::serialise(invite).find("+49301"), std::string::npos);
}

TEST_F(TrunkCalls, EndFromEitherSide) {
  talking_out();
  server.hang_up(-1, [](sip::Message& m) {
    m.add_header("Reason", "SIP;cause=200");
    m.add_header("Reason", "Q.850;cause=16;text=\"Normal call clearing\"");
  });
  world.run(100ms);
  EXPECT_TRUE(phone.at().over);
  EXPECT_NE(phone.at().bye_reason.find("Q.850;cause=16"), std::string::npos);
  talking_out();
  phone.hang_up(world.now);
  world.run(100ms);
  EXPECT_EQ(server.count("BYE"), 1u);
}

TEST_F(TrunkCalls, TellTheCallerWhatTheProviderSaysOfTheCallee) {
  for (const int status : {480, 404, 486, 603, 484, 403, 410}) {
    dial();
    server.refuse(status, [&](sip::Message& m) {
      m.reason = "In its own words";
      m.add_header("Reason", "Q.850;cause=" + std::to_string(status % 100 + 1));
    });
    world.run(100ms);
    EXPECT_EQ(phone.at().status, status);
    EXPECT_TRUE(world.engine.calls().empty());
  }
}

TEST_F(TrunkCalls, KeepTheProvidersPhraseAndCause) {
  sip::Message heard;
  hear(heard);
  dial();
  server.refuse(486, [&](sip::Message& m) {
    m.reason = "Called party busy";
    m.add_header("Reason", "SIP;cause=486");
    m.add_header("Reason", "Q.850;cause=17;text=\"User busy\"");
  });
  world.run(100ms);
  EXPECT_EQ(heard.status, 486);
  EXPECT_EQ(heard.reason, "Called party busy");
  const auto reasons = heard.headers_named("Reason");
  ASSERT_EQ(reasons.size(), 2u);
  EXPECT_EQ(reasons.back(), "Q.850;cause=17;text=\"User busy\"");
}

TEST_F(TrunkCalls, SayInWordsWhatIsBetweenUsAndTheProvider) {
  sip::Message heard;
  hear(heard);
  const std::pair<int, int> pairs[] = {{401, 500}, {407, 500}, {503, 500}, {302, 500}, {500, 500}};
  for (const auto& [said, told] : pairs) {
    dial();
    server.refuse(said, [](sip::Message& m) { m.contact = {*sip::parse_name_addr("<sip:0900@elsewhere.example>")}; });
    world.run(100ms);
    EXPECT_EQ(heard.status, told) << said;
    EXPECT_TRUE(said == 500 || heard.reason.starts_with("Provider")) << heard.reason;
    EXPECT_TRUE(heard.headers_named("Retry-After").empty());
  }
  EXPECT_TRUE(world.errands.empty());  // a provider sends no call of ours elsewhere
}

TEST_F(TrunkCalls, HaveALimitOfTheirOwn) {
  manner.calls = 10;
  world.add("102");
  for (int i = 0; i < 11; ++i) {  // a phone takes eight
    server.dial(i < 8 ? "101" : "102");
    world.run(20ms);
    EXPECT_EQ(server.at().status, i < 10 ? 180 : 486) << i;
  }
  talking(world.add("103"), world.add("104"));  // it costs no phone
}

TEST_F(TrunkCalls, BeyondTheirLimitAreBusyAndSayWhy) {
  sip::Message heard;
  manner.calls = 2;
  manner.reserved_in = 1;
  Phone& other = world.add("102");
  hear(heard);
  talking_out();
  other.dial("0305678", world.now);
  world.run(100ms);
  EXPECT_EQ(heard.status, 486);
  EXPECT_EQ(heard.reason, "All lines are busy");
  EXPECT_NE(value(heard, "Reason").find("Q.850;cause=34"), std::string::npos);
  EXPECT_EQ(server.count("INVITE"), 1u);
  // One was kept for a call that comes in.
  server.dial("102");
  world.run(100ms);
  EXPECT_EQ(server.at().status, 180);
}

TEST_F(TrunkCalls, AreNoLampOfTheNumberThatTheyShow) {
  server.dial("101", [](sip::Message& m) { m.from.uri.user = "102"; });
  world.run(100ms);
  EXPECT_TRUE(world.engine.dialogs("102").empty());
  EXPECT_EQ(world.engine.dialogs("101").size(), 1u);
  for (const auto& event : world.events)
    if (const auto* changed = std::get_if<DialogsChanged>(&event)) {
      EXPECT_NE(changed->number, "102");
    }
}

TEST_F(TrunkCalls, TakeNoDialogsOfOthersOver) {
  Phone &a = world.add("102"), &b = world.add("103");
  talking(a, b);
  const auto lamp = world.engine.dialogs("103");
  ASSERT_EQ(lamp.size(), 1u);
  const std::string named[] = {b.at().call_id + ";to-tag=" + b.at().remote_tag() + ";from-tag=" + b.at().local_tag(),
                               lamp[0].call_id + ";to-tag=" + lamp[0].local_tag + ";from-tag=" + lamp[0].remote_tag};
  for (const auto& dialog : named)
    for (const char* as : {"103", "102", "0301234567"}) {
      server.dial("101", [&](sip::Message& m) {
        m.from.uri.user = as;
        m.set_header("Replaces", dialog);
      });
      world.run(100ms);
      EXPECT_EQ(server.at().status, 481);
    }
  // What rings isn't picked up either.
  Phone& ringing = world.add("104");
  a.dial("104", world.now);
  world.run(100ms);
  server.dial("101", [&](sip::Message& m) {
    m.set_header("Replaces", ringing.at().call_id + ";to-tag=" + ringing.at().local_tag() +
                                 ";from-tag=" + ringing.at().remote_tag());
  });
  world.run(100ms);
  EXPECT_EQ(server.at().status, 481);
  EXPECT_TRUE(world.talk(a, b, 0, 0));
}

TEST_F(TrunkCalls, OfAnOutsidePartyThatShowsAPhonesNumberAreNotThatPhones) {
  server.dial("101", [](sip::Message& m) { m.from.uri.user = "102"; });
  world.run(100ms);
  phone.answer(world.now);
  world.run(100ms);
  Phone& other = world.add("102");
  // By the names of the outside party's dialog.
  other.dial("101", world.now, [&](sip::Message& m) {
    m.set_header("Replaces",
                 server.at().call_id + ";to-tag=" + server.at().remote.tag() + ";from-tag=" + server.at().local.tag());
  });
  world.run(100ms);
  EXPECT_EQ(other.at().status, 481);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkCalls, MayGoOutByTheTrunkThatTheyCameInBy) {
  server.dial("0309999");
  world.run(100ms);
  ASSERT_EQ(server.dialogs.size(), 2u);
  server.answer({}, 1);
  world.run(100ms);
  EXPECT_TRUE(world.talk(server, server, 0, 1));
  EXPECT_EQ(server.at(1).invite.max_forwards, 69);
}

TEST_F(TrunkCalls, ThatTurnInCirclesEnd) {
  // The provider sends each call to 0309999 back to us.
  server.dial("0309999", [](sip::Message& m) { m.max_forwards = 10; });
  for (int round = 0; round < 30; ++round) {
    world.run(20ms);
    const auto* newest = server.last("INVITE");
    if (!newest || newest->max_forwards == 0) break;
    const auto hops = *newest->max_forwards;
    server.requests.clear();
    server.dial("0309999", [&](sip::Message& m) { m.max_forwards = hops - 1; });
  }
  world.run(100ms);
  EXPECT_LT(server.dialogs.size(), 14u);
  EXPECT_EQ(server.at().status, 483);
}

TEST_F(TrunkCalls, GoOnWhereTheTrunksFlowIsNew) {
  talking_out();
  auto moved = server.flow;
  moved.id = sip::FlowId{1900};
  moved.address.peer.port = 5070;
  auto bye = sip::Message{};
  bye.method = "BYE";
  bye.request_uri = server.at().target;
  bye.from = server.at().local;
  bye.to = server.at().remote;
  bye.call_id = server.at().call_id;
  bye.cseq = {200, "BYE", {}};
  // From another address it is nobody's.
  auto stranger = moved;
  stranger.id = sip::FlowId{1901};
  stranger.address.peer.address = IpAddress{0xC0000263};
  world.arrives(stranger, bye);
  EXPECT_FALSE(phone.at().over);
  world.arrives(moved, bye);
  world.run(100ms);
  EXPECT_TRUE(phone.at().over);
  server.at().over = true;
}

TEST_F(TrunkCalls, LeaveCodecsUntouched) {
  const std::string lines =
      "a=rtpmap:109 opus/48000/2\r\na=fmtp:109 useinbandfec=1\r\na=rtpmap:9 G722/8000\r\na=rtpmap:18 "
      "G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:30\r\n";
  dial([&](sip::Message& m) {
    m.body =
        "v=0\r\no=- 1 1 IN IP4 10.0.1.11\r\ns=-\r\nc=IN IP4 10.0.1.11\r\nt=0 0\r\nm=audio 4002 RTP/AVP 109 9 18 8 "
        "101\r\n" +
        lines;
  });
  EXPECT_NE(server.at().heard.find(lines), std::string::npos);
  EXPECT_NE(server.at().heard.find("RTP/AVP 109 9 18 8 101\r\n"), std::string::npos);
  const std::string answer = "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\n";
  server.answer([&](sip::Message& m) {
    m.body =
        "v=0\r\no=- 1 1 IN IP4 10.0.1.12\r\ns=-\r\nc=IN IP4 10.0.1.12\r\nt=0 0\r\nm=audio 20004 RTP/AVP 18 101\r\n" +
        answer;
  });
  world.run(100ms);
  EXPECT_NE(phone.at().heard.find(answer), std::string::npos);
}

}  // namespace
}  // namespace roamdesk::calls

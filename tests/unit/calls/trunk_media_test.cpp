#include "tests/unit/calls/trunk_fixture.hpp"

// Offers and answers between phones and trunks: early media, reliable provisional responses, hold, late offers,
// session timers, digits.
namespace roamdesk::calls {
namespace {

class TrunkMedia : public TrunkCalls {
 protected:
  // The phone hears the server before it answers.
  bool hears_early() {
    const auto* stream = world.stream_at(sim::media_of(phone.at().heard));
    if (!stream || !stream->to) return false;
    const auto far = world.streams.find(stream->to->value());
    return far != world.streams.end() && far->second.remote &&
           to_string(far->second.remote->rtp) == sim::media_of(server.at().said);
  }
  // What the phone has heard before it was answered, without 100.
  std::string rings() {
    std::string all;
    for (const int status : phone.at().progress)
      if (status != 100) all += std::to_string(status) + " ";
    return all;
  }
  // RFC 4733 events under another payload type than phones use.
  void answer_with_96() {
    server.habits.words = [](sip::Message& m) {
      m.body =
          "v=0\r\no=- 1 1 IN IP4 10.0.1.12\r\ns=-\r\nc=IN IP4 10.0.1.12\r\nt=0 0\r\nm=audio 20004 RTP/AVP 8 "
          "96\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-16\r\n";
    };
  }
  static std::string first_line_of_audio(const std::string& sdp) {
    const auto at = sdp.find("m=audio");
    return at == sdp.npos ? "" : sdp.substr(at, sdp.find('\r', at) - at);
  }
};

TEST_F(TrunkMedia, IsHeardEarlyInAnyProvisionalResponse) {
  for (const int status : {101, 180, 181, 182, 183, 198}) {
    dial();
    server.ring(status, server.describe());
    world.run(50ms);
    EXPECT_EQ(phone.at().progress.back(), status);
    EXPECT_TRUE(hears_early()) << status;
    server.answer();
    world.run(100ms);
    EXPECT_TRUE(world.talk(phone, server)) << status;
    phone.hang_up(world.now);
    world.run(100ms);
  }
}

TEST_F(TrunkMedia, RingsAfterAnEarlyMediumAndIsHeardStill) {
  dial();
  server.ring(183, server.describe());
  server.ring(180);
  world.run(50ms);
  EXPECT_EQ(rings(), "183 180 ");
  EXPECT_TRUE(hears_early());
}

TEST_F(TrunkMedia, Of183WithoutADescriptionIsNone) {
  dial();
  server.ring(183);
  world.run(50ms);
  EXPECT_EQ(phone.at().progress.back(), 183);
  EXPECT_EQ(phone.at().heard, "");
}

TEST_F(TrunkMedia, FollowsTheLastOfSeveralEarlyDialogs) {
  dial();
  server.ring_as("a", 183, server.describe("sendrecv", "8 101"));
  world.run(50ms);
  const auto first = phone.at().remote_tag();
  EXPECT_TRUE(hears_early());
  server.ring_as("b", 183, server.describe("sendrecv", "0 101"));
  world.run(50ms);
  EXPECT_TRUE(hears_early());
  // To the phone it is another dialog, with an answer of its own (RFC 3261 §13.2.1).
  EXPECT_NE(phone.at().remote_tag(), first);
  EXPECT_NE(first_line_of_audio(phone.at().heard).find("RTP/AVP 0 101"), std::string::npos);
  server.ring_as("a", 180, {});
  world.run(50ms);
  server.habits.codecs = "8 101";
  server.answer();  // by the first one after all
  world.run(100ms);
  EXPECT_TRUE(world.talk(phone, server));
  EXPECT_NE(first_line_of_audio(phone.at().heard).find("RTP/AVP 8 101"), std::string::npos);
}

TEST_F(TrunkMedia, IsOneDialogWhereTheAnswerStaysTheSame) {
  dial();
  const auto sdp = server.describe();
  server.ring(183, sdp);
  world.run(50ms);
  const auto tag = phone.at().remote_tag();
  server.ring(180, sdp);
  server.ring(183, sdp);
  world.run(50ms);
  server.answer([&](sip::Message& m) { m.body = sdp; });
  world.run(100ms);
  EXPECT_EQ(phone.at().remote_tag(), tag);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, OfAPhoneIsHeardEarlyByTheTrunk) {
  phone.habits.early_media = true;
  server.dial("101");
  world.run(100ms);
  EXPECT_EQ(server.at().progress.back(), 183);
  EXPECT_NE(server.at().heard, "");
  phone.answer(world.now);
  world.run(100ms);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, ReliableProvisionalResponsesAreAcknowledgedInTheirOrder) {
  manner.reliable = true;
  dial();
  EXPECT_EQ(value(server.at().invite, "Supported"), "100rel, timer");
  const auto reliably = [&](const char* rseq) {
    return [rseq](sip::Message& m) {
      m.set_header("Require", "100rel");
      m.set_header("RSeq", rseq);
    };
  };
  server.ring(183, server.describe(), reliably("41"));
  server.ring(183, {}, reliably("41"));  // again
  server.ring(180, {}, reliably("43"));  // one is missing
  world.run(50ms);
  EXPECT_EQ(server.count("PRACK"), 1u);
  EXPECT_EQ(rings(), "183 ");
  server.ring(180, {}, reliably("42"));
  world.run(50ms);
  EXPECT_EQ(server.count("PRACK"), 2u);
  EXPECT_EQ(rings(), "183 180 ");
  const auto* prack = server.last("PRACK");
  EXPECT_EQ(value(*prack, "RAck"), "42 " + std::to_string(server.at().invite.cseq.number) + " INVITE");
  EXPECT_EQ(prack->to.tag(), server.at().local.tag());
  EXPECT_EQ(prack->request_uri.user, "gw");
  server.answer();
  world.run(100ms);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, ReliableProvisionalResponsesOfEachEarlyDialogCountByThemselves) {
  dial();
  const auto reliably = [](sip::Message& m) {
    m.set_header("Require", "100rel");
    m.set_header("RSeq", "5");
  };
  server.ring_as("a", 180, {}, reliably);
  server.ring_as("b", 180, {}, reliably);
  world.run(50ms);
  ASSERT_EQ(server.count("PRACK"), 2u);
  EXPECT_EQ(server.last("PRACK")->to.tag(), "b");
}

TEST_F(TrunkMedia, ReliableOnesThatTheTrunkRequiresOfUs) {
  server.dial("101", [](sip::Message& m) { m.set_header("Require", "100rel"); });
  world.run(100ms);
  const auto ringing = server.at().responses.back();
  ASSERT_EQ(ringing.status, 180);
  EXPECT_EQ(value(ringing, "Require"), "100rel");
  server.at().remote = ringing.to;
  server.at().target = ringing.contact.front().uri;
  server.send("PRACK", [&](sip::Message& m) {
    m.set_header("RAck", value(ringing, "RSeq") + " " + std::to_string(server.at().invite.cseq.number) + " INVITE");
  });
  world.run(50ms);
  EXPECT_EQ(server.at().responses.back().status, 200);
  phone.answer(world.now);
  world.run(100ms);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, HoldIsRelayedBothWays) {
  talking_out();
  phone.modify("INVITE", "sendonly", world.now);
  world.run(100ms);
  EXPECT_EQ(sim::direction_of(server.at().heard), "sendonly");
  EXPECT_EQ(state(), CallState::held);
  phone.modify("UPDATE", "sendrecv", world.now);
  world.run(100ms);
  EXPECT_EQ(server.count("UPDATE"), 1u);
  EXPECT_EQ(state(), CallState::up);
  server.modify("INVITE", server.describe("inactive"));
  world.run(100ms);
  EXPECT_EQ(sim::direction_of(phone.at().heard), "inactive");
  EXPECT_EQ(state(), CallState::held);
}

TEST_F(TrunkMedia, HoldIsAnsweredHereWhereTheTrunkIsNotToBeTold) {
  manner.relays_hold = false;
  for (const bool out : {true, false}) {
    out ? talking_out() : talking_in();
    const auto invites = server.count("INVITE"), updates = server.count("UPDATE");
    for (const std::string method : {"INVITE", "UPDATE"})
      for (const auto& [asked, told] : std::vector<std::pair<std::string, std::string>>{
               {"sendonly", "recvonly"}, {"inactive", "inactive"}, {"sendrecv", "sendrecv"}}) {
        phone.modify(method, asked, world.now);
        world.run(100ms);
        EXPECT_EQ(phone.at().modified, 200) << method << asked;
        EXPECT_EQ(sim::direction_of(phone.at().heard), told);
        EXPECT_EQ(state(), asked == "sendrecv" ? CallState::up : CallState::held);
      }
    EXPECT_EQ(server.count("INVITE"), invites);
    EXPECT_EQ(server.count("UPDATE"), updates);
    EXPECT_TRUE(world.talk(phone, server));
    phone.hang_up(world.now);
    world.run(100ms);
  }
}

TEST_F(TrunkMedia, AChangeThatIsNoHoldIsRelayedAllTheSame) {
  manner.relays_hold = false;
  server.habits.codecs = "8 101";
  talking_out();
  const auto before = server.count("INVITE");
  phone.send("INVITE", world.now, [&](sip::Message& m) {
    m.content_type = "application/sdp";
    m.body = phone::sdp({.address = to_string(phone.flow.address.peer.address), .port = 4900, .codecs = "0 101"});
  });
  world.run(100ms);
  EXPECT_EQ(server.count("INVITE"), before + 1);
}

TEST_F(TrunkMedia, UpdateIsNoneWhereTheMannerSaysSo) {
  manner.update = false;
  talking_out();
  const auto before = server.count("INVITE");
  phone.modify("UPDATE", "sendonly", world.now);
  world.run(100ms);
  EXPECT_EQ(phone.at().modified, 200);
  EXPECT_EQ(server.count("UPDATE"), 0u);
  EXPECT_EQ(server.count("INVITE"), before + 1);
}

TEST_F(TrunkMedia, OfACallerWithoutAnOfferIsOfferedForIt) {
  manner.late_offers = false;
  server.habits.wants_offers = true;
  server.habits.codecs = "0 101";
  dial([](sip::Message& m) { m.body.clear(), m.content_type.clear(); });
  ASSERT_FALSE(server.dialogs.empty());
  EXPECT_NE(server.at().heard.find("m=audio"), std::string::npos);
  server.ring(183, server.describe());
  world.run(50ms);
  EXPECT_EQ(phone.at().heard, "");  // it gets an offer, in the 2xx
  server.answer();
  world.run(100ms);
  EXPECT_NE(first_line_of_audio(phone.at().heard).find("RTP/AVP 0 101"), std::string::npos);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, LateOffersPassWhereTheTrunkTakesThem) {
  dial([](sip::Message& m) { m.body.clear(), m.content_type.clear(); });
  EXPECT_EQ(server.at().heard, "");
  server.answer();
  world.run(100ms);
  EXPECT_TRUE(world.talk(phone, server));
  phone.modify_without_offer(world.now);
  world.run(100ms);
  EXPECT_EQ(server.last("INVITE")->body, "");
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, AReinviteWithoutAnOfferGetsOneInTheTrunksPlace) {
  manner.late_offers = false;
  server.habits.wants_offers = true;
  talking_out();
  phone.modify_without_offer(world.now);
  world.run(200ms);
  EXPECT_EQ(phone.at().modified, 200);
  EXPECT_NE(server.last("INVITE")->body, "");
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, SessionTimersAreEachDialogsOwn) {
  server.habits.session_expires = "600;refresher=uas";  // theirs to refresh
  talking_out();
  EXPECT_NE(value(server.at().invite, "Session-Expires"), "");
  world.run(500s);
  EXPECT_EQ(server.count("UPDATE"), 0u);
  EXPECT_TRUE(world.talk(phone, server));
  server.send("UPDATE", [](sip::Message& m) {
    m.set_header("Supported", "timer");
    m.set_header("Session-Expires", "600;refresher=uac");
  });
  world.run(500s);
  EXPECT_TRUE(world.talk(phone, server));
  world.run(100s);  // now it has missed one: RFC 4028 §10
  EXPECT_EQ(server.count("BYE"), 1u);
  EXPECT_TRUE(phone.at().over);
}

TEST_F(TrunkMedia, SessionsAreRefreshedByUsWhereTheTrunkWantsIt) {
  server.habits.session_expires = "600;refresher=uac";
  talking_out();
  world.run(320s);
  EXPECT_EQ(server.count("UPDATE"), 1u);
  world.run(1000s);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, SessionsAreLongerWhereTheTrunkAsksForIt) {
  server.habits.min_se = "2400";
  dial();
  ASSERT_EQ(server.count("INVITE"), 2u);
  EXPECT_EQ(value(server.at().invite, "Session-Expires"), "2400");
  EXPECT_EQ(value(server.at().invite, "Min-SE"), "2400");
  server.answer();
  world.run(100ms);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkMedia, ARelayedRequestIsAskedOnceMoreForALongerSession) {
  talking_out();
  server.habits.min_se = "3000";
  for (const std::string method : {"INVITE", "UPDATE"}) {
    phone.modify(method, method == "INVITE" ? "sendonly" : "sendrecv", world.now);
    world.run(200ms);
    EXPECT_EQ(phone.at().modified, 200) << method;
    EXPECT_EQ(value(*server.last(method), "Session-Expires").substr(0, 4), server.habits.min_se);
    server.habits.min_se = "3600";
  }
}

TEST_F(TrunkMedia, TooBriefSessionsOfATrunkAreRefused) {
  server.dial("101", [](sip::Message& m) {
    m.set_header("Supported", "timer");
    m.set_header("Session-Expires", "60");
  });
  world.run(100ms);
  EXPECT_EQ(server.at().status, 422);
  EXPECT_EQ(value(server.at().responses.back(), "Min-SE"), "90");
}

TEST_F(TrunkMedia, DigitsKeepTheNumbersThatEachSideGaveThem) {
  // Who offers 101 is sent 101, who answers 96 is sent 96 (RFC 3264 §6.1): neither side is rewritten, so the packets
  // aren't either.
  answer_with_96();
  talking_out();
  EXPECT_NE(server.at().heard.find("a=rtpmap:101 telephone-event/8000"), std::string::npos);
  EXPECT_NE(phone.at().heard.find("a=rtpmap:96 telephone-event/8000"), std::string::npos);
  EXPECT_EQ(phone.at().heard.find("101"), std::string::npos);
  std::vector<int> events;
  for (const auto& [id, stream] : world.streams)
    if (stream.remote && stream.remote->event_payload) events.push_back(*stream.remote->event_payload);
  std::sort(events.begin(), events.end());
  EXPECT_EQ(events, (std::vector<int>{96, 101}));
}

TEST_F(TrunkMedia, HoldIsRelayedWhereTheDigitsNumbersDiffer) {
  manner.relays_hold = false;
  answer_with_96();
  talking_out();
  const auto before = server.count("INVITE");
  phone.modify("INVITE", "sendonly", world.now);
  world.run(100ms);
  EXPECT_EQ(server.count("INVITE"), before + 1);
}

TEST_F(TrunkMedia, DigitsPassByInfoBothWays) {
  talking_out();
  const auto digit = [](sip::Message& m) {
    m.content_type = "application/dtmf-relay";
    m.body = "Signal=7\r\nDuration=160\r\n";
  };
  phone.send("INFO", world.now, digit);
  server.send("INFO", digit);
  world.run(200ms);
  ASSERT_TRUE(server.last("INFO"));
  EXPECT_EQ(server.last("INFO")->body, "Signal=7\r\nDuration=160\r\n");
  EXPECT_EQ(server.at().responses.back().status, 200);
  ASSERT_TRUE(last(phone, "INFO"));
  EXPECT_EQ(last(phone, "INFO")->content_type, "application/dtmf-relay");
}

}  // namespace
}  // namespace roamdesk::calls

#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

class Announcements : public Calls {
 protected:
  World::Stream& stream(Phone& phone) { return *world.stream_at(sim::media_of(phone.at().heard)); }
  static void with(const std::string& header, const std::string& value, sip::Message& m) {
    m.set_header(header, value);
  }
  CallInfo begun() {
    for (const auto& event : world.events)
      if (const auto* changed = std::get_if<CallChanged>(&event); changed && changed->began) return changed->info;
    return {};
  }
  const std::vector<std::string> once{"no_emergency_route"}, twice{"no_emergency_route", "no_emergency_route"};
  Phone& a = world.add("101");
};

TEST_F(Announcements, ComeAheadOfTheRefusal) {
  a.dial("112", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 183);
  EXPECT_EQ(stream(a).playing, once);
  EXPECT_EQ(begun().emergency_from, a.flow.address.peer);
  EXPECT_EQ(begun().from_peer, world.peer_of(a));
  world.prompt_ended(a);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 503);
}

TEST_F(Announcements, LastForAWhileOnly) {
  a.dial("112", world.now);
  world.run(31s);
  EXPECT_EQ(a.at().status, 503);
  a.dial("112", world.now);
  world.run(500ms);
  a.cancel(world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 487);
}

TEST_F(Announcements, AreMadeWhateverTheInviteAsksFor) {
  const std::vector<sim::Alter> forms = {
      [](sip::Message& m) { with("Require", "geolocation", m); },
      [](sip::Message& m) { with("Proxy-Require", "privacy", m); },
      [](sip::Message& m) { with("Session-Expires", "5", m); },
      [](sip::Message& m) { with("Replaces", "x;to-tag=1;from-tag=2", m); },
      [](sip::Message& m) { m.contact.clear(); },
      [](sip::Message& m) { m.max_forwards = 0; },
      [](sip::Message& m) { m.body.clear(), m.content_type.clear(); },
  };
  for (std::size_t i = 0; i < forms.size(); ++i) {
    a.dial("112", world.now, forms[i]);
    world.run(500ms);
    EXPECT_TRUE(a.at().status == 183 || a.at().status == 200) << "form " << i << ": " << a.at().status;
    EXPECT_EQ(stream(a).playing, once) << "form " << i;
    world.prompt_ended(a);
    world.run(1s);
    EXPECT_TRUE(a.at().over) << "form " << i;
  }
}

TEST_F(Announcements, OfALateOfferAreHeardAfterTheAckAndEndWithTheReason) {
  a.dial("112", world.now, [](sip::Message& m) { m.body.clear(), m.content_type.clear(); });
  world.run(500ms);
  EXPECT_EQ(a.at().status, 200);
  EXPECT_EQ(stream(a).playing, once);
  world.prompt_ended(a);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(a.at().bye_reason, "SIP ;cause=503");
}

TEST_F(Announcements, ThatCannotBeHeardAreSaidInWords) {
  for (const char* line : {"m=audio 4000 RTP/AVP 9\r\n", "m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n",
                           "m=audio 4000 RTP/SAVP 0 8\r\n"}) {
    a.dial("112", world.now, [&](sip::Message& m) {
      m.body = std::string{"v=0\r\no=- 1 1 IN IP4 10.0.1.1\r\ns=-\r\nc=IN IP4 10.0.1.1\r\nt=0 0\r\n"} + line;
    });
    world.run(500ms);
    EXPECT_EQ(a.at().progress, std::vector<int>{183}) << line;
    EXPECT_EQ(a.at().status, 503) << line;
    EXPECT_TRUE(world.streams.empty()) << line;
  }
  EXPECT_EQ(begun().emergency_from, a.flow.address.peer);  // and is told of
}

TEST_F(Announcements, GoToTheAddressOfTheSignallingOnly) {
  a.dial("112", world.now, [](sip::Message& m) {
    m.body = phone::sdp({.address = "198.51.100.1", .port = 7000});  // another host
  });
  world.run(500ms);
  EXPECT_EQ(stream(a).remote->rtp, (Endpoint{a.flow.address.peer.address, 7000}));
}

// At its address no phone is registered: it may be forged.
TEST_F(Announcements, ToAStrangerWaitUntilHeIsHeard) {
  world.strangers.insert("101");
  a.dial("112", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 183);
  EXPECT_EQ(stream(a).remote->rtp, Endpoint{});  // only to the address that is heard
  EXPECT_EQ(stream(a).remote->signalling, a.flow.address.peer.address);
  EXPECT_EQ(stream(a).playing, twice);
  world.prompt_ended(a);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 503);
}

TEST_F(Announcements, ToAStrangerBeginWithHisPrack) {
  world.strangers.insert("101");
  a.dial("112", world.now, [](sip::Message& m) { with("Supported", "100rel", m); });
  world.run(500ms);
  EXPECT_EQ(stream(a).remote->rtp.address, a.flow.address.peer.address);
  EXPECT_EQ(stream(a).playing, once);
}

TEST_F(Announcements, ToAStrangersLateOfferBeginWithHisAck) {
  world.strangers.insert("101");
  a.habits.acknowledges_late = true;
  a.dial("112", world.now, [](sip::Message& m) { m.body.clear(), m.content_type.clear(); });
  world.run(500ms);
  EXPECT_TRUE(stream(a).playing.empty());
  EXPECT_FALSE(stream(a).remote);
  a.late_ack();
  world.run(500ms);
  EXPECT_EQ(stream(a).remote->rtp.address, a.flow.address.peer.address);
  EXPECT_EQ(stream(a).playing, once);
}

TEST_F(Announcements, AreSoManyOfOneAddressAndThenOthersStill) {
  auto &b = world.add("102"), &c = world.add("103");
  world.strangers.insert("102");
  for (auto* phone : {&a, &b}) {
    const auto most = phone == &a ? Limits{}.announcements_of_address : Limits{}.strangers_of_address;
    const auto before = world.streams.size();
    for (std::size_t i = 0; i < most; ++i) phone->dial("112", world.now);
    world.run(500ms);
    EXPECT_EQ(world.streams.size(), before + most);
    const auto transactions = world.layer.server_transactions();
    phone->dial("112", world.now);
    world.run(500ms);
    EXPECT_EQ(phone->at().status, 503);  // what it would have heard in the end
    EXPECT_EQ(world.streams.size(), before + most);
    EXPECT_EQ(world.layer.server_transactions(), transactions);
  }
  c.dial("112", world.now);
  world.run(500ms);
  EXPECT_EQ(c.at().status, 183);
}

TEST_F(Announcements, OfStrangersLeaveAShareForRegisteredPhones) {
  for (const char* site : {"local", "branch-1", "branch-2"})
    for (int i = 0; i < 20; ++i) {
      auto& stranger = world.add("9" + std::to_string(world.phones.size()), site);
      world.strangers.insert(stranger.user);
      for (std::size_t n = 0; n < Limits{}.strangers_of_address; ++n) stranger.dial("112", world.now);
    }
  world.run(500ms);
  EXPECT_EQ(world.streams.size(), Limits{}.strangers);
  a.dial("112", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 183);
}

TEST_F(Announcements, AreEndedFromTheirAddressOnly) {
  a.dial("112", world.now, [](sip::Message& m) { m.body.clear(), m.content_type.clear(); });
  world.run(500ms);
  ASSERT_EQ(a.at().status, 200);
  const auto bye = within(a.at(), "BYE", 50);
  world.arrives(world.elsewhere(a, false), bye);
  ASSERT_EQ(world.answers.back().status, 481);
  EXPECT_EQ(world.streams.size(), 1u);
  world.arrives(world.elsewhere(a, true), bye);
  EXPECT_EQ(world.answers.back().status, 200);
  EXPECT_TRUE(world.streams.empty());
  a.at().over = true;
}

}  // namespace
}  // namespace roamdesk::calls

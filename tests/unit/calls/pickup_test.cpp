#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

// `a` calls `b`; `c` watches. What c's phone knows is what b's lamp says.
class Pickups : public Calls {
 protected:
  void ringing(const std::string& number = "102") {
    a.dial(number, world.now);
    world.run(500ms);
  }
  presence::DialogInfo lamp(const std::string& number) {
    const auto dialogs = world.engine.dialogs(number);
    EXPECT_FALSE(dialogs.empty());
    return dialogs.empty() ? presence::DialogInfo{} : dialogs.front();
  }
  static std::string named(const presence::DialogInfo& d, bool swapped = false) {
    return d.call_id + ";to-tag=" + (swapped ? d.remote_tag : d.local_tag) +
           ";from-tag=" + (swapped ? d.local_tag : d.remote_tag);
  }
  void replace(Phone& by, const std::string& replaces, const sim::Alter& edit = {}) {
    by.dial("102", world.now, [&](sip::Message& m) {
      m.set_header("Replaces", replaces);
      if (edit) edit(m);
    });
    world.run(500ms);
  }
  std::size_t refused() {
    std::size_t n = 0;
    for (const auto& event : world.events) n += std::holds_alternative<TakeoverRefused>(event);
    return n;
  }
  Phone &a = world.add("101"), &b = world.add("102"), &c = world.add("103", "branch-1");
};

TEST_F(Pickups, LampsTellNothingThatIsTheDialogsOwn) {
  ringing();
  for (const auto& [phone, number] : {std::pair{&a, "101"}, std::pair{&b, "102"}}) {
    const auto shown = lamp(number);
    const auto& own = phone->at();
    for (const auto& name : {shown.call_id, shown.local_tag, shown.remote_tag}) {
      EXPECT_FALSE(name.empty());
      for (const auto& secret : {own.call_id, own.local_tag(), own.remote_tag()}) EXPECT_NE(name, secret);
    }
  }
  const auto early = lamp("102");
  b.answer(world.now);
  world.run(500ms);
  EXPECT_EQ(lamp("102").call_id, early.call_id);  // the same from its first to its last word
  // Nor do they name it for anything but Replaces.
  const auto shown = lamp("102");
  auto bye = within(b.at(), "BYE", 9);
  bye.call_id = shown.call_id;
  for (const bool swapped : {false, true}) {
    bye.to = bye.from;
    bye.from.params.set("tag", swapped ? shown.remote_tag : shown.local_tag);
    bye.to.params.set("tag", swapped ? shown.local_tag : shown.remote_tag);
    world.arrives(world.elsewhere(b, true), bye);
    EXPECT_EQ(world.answers.back().status, 481);
  }
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Pickups, OfARingingCallConnectTheCallerAcrossSites) {
  for (const bool swapped : {false, true}) {
    ringing();
    replace(c, named(lamp("102"), swapped) + (swapped ? ";early-only" : ""));
    EXPECT_EQ(c.at().status, 200);
    EXPECT_TRUE(world.talk(a, c));
    EXPECT_EQ(b.at().status, 487);
    EXPECT_EQ(b.at().cancel_reason, "SIP;cause=200;text=\"Call completed elsewhere\"");  // no missed call
    EXPECT_EQ(lamp("101").remote.number, "103");  // the caller is shown who it is
    EXPECT_EQ(world.engine.calls().front().to.number, "103");
    EXPECT_EQ(sim::media_of(a.at().heard).substr(0, 9), "10.0.0.1:");
    c.hang_up(world.now);
    world.run(500ms);
    EXPECT_TRUE(a.at().over);
  }
  EXPECT_EQ(refused(), 0u);
}

TEST_F(Pickups, AreRefusedToWhoeverMayNotWatch) {
  world.unwatched.insert("102");
  ringing();
  replace(c, named(lamp("102")));
  EXPECT_EQ(c.at().status, 481);
  EXPECT_EQ(refused(), 1u);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Pickups, TakeNobodyWhoDials) {
  ringing();
  replace(c, named(lamp("101")));
  EXPECT_EQ(c.at().status, 481);
  EXPECT_EQ(a.at().status, 180);
}

TEST_F(Pickups, OfACallThatIsUpAreForThePersonsOwnOtherPhoneOnly) {
  auto& own = world.add("102", "branch-1");
  own.habits.rejects = 486;
  ringing();
  b.answer(world.now);
  world.run(500ms);
  for (auto* thief : {&c, &a}) {
    replace(*thief, named(lamp("102")));
    EXPECT_EQ(thief->at().status, 481);
    // A thief may know the dialog's own names, too.
    replace(*thief, b.at(0).call_id + ";to-tag=" + b.at(0).remote_tag() + ";from-tag=" + b.at(0).local_tag());
    EXPECT_EQ(thief->at().status, 481);
  }
  EXPECT_EQ(refused(), 4u);
  EXPECT_TRUE(world.talk(a, b, 0, 0));
  own.habits.rejects = 0;
  replace(own, named(lamp("102")));
  EXPECT_EQ(own.at().status, 200);
  EXPECT_TRUE(world.talk(a, own, 0, -1));
  EXPECT_TRUE(b.at(0).over);
}

TEST_F(Pickups, ThatAreGivenUpLeaveTheCallAsItWas) {
  auto& own = world.add("102", "branch-1");
  own.habits.rejects = 486;
  ringing();
  b.answer(world.now);
  world.run(500ms);
  a.habits.refers_away = true;  // it doesn't answer the re-INVITE
  replace(own, named(lamp("102")));
  own.cancel(world.now);
  world.run(500ms);
  a.habits.refers_away = false;
  EXPECT_EQ(own.at().status, 487);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Pickups, WithoutACommonCodecLetItRing) {
  ringing();
  replace(c, named(lamp("102")), [](sip::Message& m) {
    m.body = "v=0\r\no=- 1 1 IN IP4 10.0.1.1\r\ns=-\r\nc=IN IP4 10.0.1.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n";
  });
  EXPECT_EQ(c.at().status, 488);
  EXPECT_EQ(b.at().status, 0);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Pickups, ByLateOffersOfEither) {
  const auto no_offer = [](sip::Message& m) { m.body.clear(), m.content_type.clear(); };
  ringing();
  replace(c, named(lamp("102")), no_offer);
  EXPECT_TRUE(world.talk(a, c)) << c.at().status;
  a.hang_up(world.now);
  world.run(500ms);
  a.dial("102", world.now, no_offer);
  world.run(500ms);
  replace(c, named(lamp("102")));
  EXPECT_TRUE(world.talk(a, c)) << c.at().status;
  a.hang_up(world.now);
  world.run(500ms);
  a.dial("102", world.now, no_offer);
  world.run(500ms);
  replace(c, named(lamp("102")), no_offer);
  EXPECT_EQ(c.at().status, 488);  // neither makes an offer
}

TEST_F(Pickups, OfWhomATransferRings) {
  auto& d = world.add("104");
  talking(a, d);
  a.refer("<sip:102@pbx.example.com>", world.now);
  world.run(500ms);
  replace(c, named(lamp("102")));
  EXPECT_TRUE(world.talk(d, c)) << c.at().status;
  EXPECT_EQ(a.sipfrags.back(), "SIP/2.0 200 OK\r\n");
  EXPECT_EQ(b.at().status, 487);
}

TEST_F(Pickups, InATransferAreOfOnesOwnDialogs) {
  auto& d = world.add("104");
  talking(a, d);
  c.dial("102", world.now);
  world.run(500ms);
  const auto shown = lamp("102");
  a.refer("<sip:102@pbx.example.com?Replaces=" + shown.call_id + "%3Bto-tag%3D" + shown.local_tag + "%3Bfrom-tag%3D" +
              shown.remote_tag + ">",
          world.now, 0);
  world.run(500ms);
  EXPECT_NE(a.sipfrags.back().find("481"), std::string::npos);
  EXPECT_TRUE(world.talk(a, d));
}

}  // namespace
}  // namespace roamdesk::calls

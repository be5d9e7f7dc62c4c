#include <algorithm>

#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

TEST_F(Calls, RingAndAreAnsweredAndEnd) {
  auto &a = world.add("101"), &b = world.add("102");
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 180);
  EXPECT_EQ(state(), CallState::ringing);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
  EXPECT_TRUE(b.at().acked);
  EXPECT_EQ(state(), CallState::up);
  b.hang_up(world.now);
  world.run(100ms);
  EXPECT_TRUE(a.at().over);
  EXPECT_TRUE(world.engine.calls().empty());
}

TEST_F(Calls, OpenTheCalledOnesStreamBesideTheCallers) {
  auto &a = world.add("101"), &b = world.add("102");
  a.dial("102", world.now);
  world.run(500ms);
  b.answer(world.now);
  world.run(500ms);
  ASSERT_EQ(world.streams.size(), 2u);
  const auto &caller = world.streams.begin()->second, &callee = world.streams.rbegin()->second;
  EXPECT_EQ(caller.beside, std::nullopt);
  ASSERT_TRUE(callee.beside);
  EXPECT_EQ(callee.beside->value(), world.streams.begin()->first);
}

TEST_F(Calls, ThatLeadNowhereAreToldOnceWithTheirAnswer) {
  auto& a = world.add("101");
  a.dial("199", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 480);
  std::vector<CallChanged> told;
  for (const auto& event : world.events)
    if (const auto* changed = std::get_if<CallChanged>(&event)) told.push_back(*changed);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_TRUE(told[0].began && told[0].ended);
  EXPECT_EQ(told[0].status, 480);
  EXPECT_EQ(told[0].info.from.number, "101");
  EXPECT_EQ(told[0].info.to.number, "199");
  EXPECT_EQ(told[0].info.from_peer, world.peer_of(a));
  const auto joined = std::find_if(world.events.begin(), world.events.end(),
                                   [](const Event& e) { return std::holds_alternative<DialogJoined>(e); });
  ASSERT_NE(joined, world.events.end());
  EXPECT_EQ(std::get<DialogJoined>(*joined).call, told[0].info.id);  // it has a ladder
}

TEST_F(Calls, EachLegIsADialogOfItsOwn) {
  auto &a = world.add("101"), &b = world.add("102", "branch-1");
  talking(a, b);
  const auto& invite = b.requests.front();
  EXPECT_NE(invite.call_id, a.at().call_id);
  EXPECT_NE(invite.from.tag(), a.at().local_tag());
  EXPECT_EQ(sip::to_string(invite.request_uri), b.contact);  // the registered Contact, unchanged
  EXPECT_EQ(invite.from.uri.user, "101");
  EXPECT_EQ(invite.from.display, "Name of 101");
  EXPECT_EQ(invite.header("P-Asserted-Identity"), "\"Name of 101\" <sip:101@pbx.example.com>");
  // Written in the name of the face of B's site: nothing of A's network is seen there.
  ASSERT_EQ(invite.via.size(), 1u);
  EXPECT_EQ(invite.via.front().host, "192.168.1.5");
  EXPECT_EQ(invite.contact.front().uri.host, "192.168.1.5");
  EXPECT_EQ(sim::media_of(invite.body).substr(0, 12), "192.168.1.5:");
  EXPECT_EQ(sip::serialise(invite).find("10.0."), std::string::npos);
}

TEST_F(Calls, KnowTheSitesOfBothEnds) {
  auto &a = world.add("101", "branch-1"), &b = world.add("102", "branch-1");
  talking(a, b);
  EXPECT_EQ(world.engine.calls().front().from_site, SiteId{"branch-1"});
  EXPECT_EQ(world.engine.calls().front().to_site, SiteId{"branch-1"});
}

TEST_F(Calls, SayWhoseVoiceComesByWhichStreamAndHow) {
  auto &a = world.add("101"), &b = world.add("102", "branch-1");
  a.dial("102", world.now);
  world.run(500ms);
  const auto call = world.engine.calls().front().id;
  const auto ringing = world.engine.media(call);
  ASSERT_TRUE(ringing);
  ASSERT_EQ(ringing->size(), 1u) << "nobody has answered";
  EXPECT_EQ(ringing->front().codec, "");
  b.answer(world.now);
  world.run(500ms);
  const auto up = world.engine.media(call);
  ASSERT_TRUE(up);
  ASSERT_EQ(up->size(), 2u);
  EXPECT_EQ(up->front().party.number, "101");
  EXPECT_EQ(up->back().party.number, "102");
  EXPECT_EQ(up->back().site, SiteId{"branch-1"});
  for (const auto& party : *up) {
    ASSERT_TRUE(party.stream);
    EXPECT_TRUE(world.streams.contains(party.stream->value()));
    EXPECT_NE(party.codec, "");
  }
  EXPECT_NE(up->front().stream, up->back().stream);
  a.hang_up(world.now);
  world.run(500ms);
  EXPECT_FALSE(world.engine.media(call));
}

TEST_F(Calls, PassEarlyMediaOn) {
  auto &a = world.add("101"), &b = world.add("102");
  b.habits.early_media = true;
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 183);
  auto* stream = world.stream_at(sim::media_of(a.at().heard));
  ASSERT_TRUE(stream);
  EXPECT_TRUE(stream->to);  // the caller hears the other side already
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Calls, CanBeCancelled) {
  auto &a = world.add("101"), &b = world.add("102");
  a.dial("102", world.now);
  world.run(500ms);
  a.cancel(world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 487);
  EXPECT_EQ(b.at().status, 487);
  EXPECT_TRUE(world.engine.calls().empty());
}

TEST_F(Calls, TellTheCallerWhyNot) {
  auto &a = world.add("101"), &b = world.add("102");
  for (const auto& [said, heard] : {std::pair{486, 486}, {603, 603}, {480, 480}, {404, 404}, {503, 480}, {401, 480}}) {
    b.habits.rejects = said;
    a.dial("102", world.now);
    world.run(500ms);
    EXPECT_EQ(a.at().status, heard);
  }
}

TEST_F(Calls, EndWhenNobodyAnswers) {
  auto &a = world.add("101"), &b = world.add("102");
  a.dial("102", world.now);
  world.run(119s);
  EXPECT_EQ(a.at().status, 180);
  world.run(2s);
  EXPECT_EQ(a.at().status, 480);
  EXPECT_EQ(b.at().status, 487);
}

TEST_F(Calls, EndWhenThePhoneIsSilent) {
  auto &a = world.add("101"), &b = world.add("102");
  b.habits.silent = true;
  a.dial("102", world.now);
  world.run(7s);
  EXPECT_EQ(a.at().status, 100);
  world.run(1s);
  EXPECT_EQ(a.at().status, 480);
}

TEST_F(Calls, ToNobodyAreRefused) {
  auto& a = world.add("101");
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 480);
  a.dial("101", world.now);  // itself
  world.run(500ms);
  EXPECT_EQ(a.at().status, 486);
}

TEST_F(Calls, WaitForAPhoneThatIsExpected) {
  auto &a = world.add("101"), &b = world.add("102");
  world.absent.insert("102");
  world.expected.insert("102");
  a.dial("102", world.now);
  world.run(5s);
  EXPECT_EQ(a.at().status, 180);
  ASSERT_EQ(world.engine.waiting_for("102").size(), 1u);
  world.absent.clear();
  world.engine.add_target(world.engine.waiting_for("102").front(), world.targets("102").front(), world.now);
  EXPECT_TRUE(world.engine.waiting_for("102").empty());
  world.run(20s);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Calls, WaitForFifteenSecondsOnly) {
  auto& a = world.add("101");
  world.expected.insert("102");
  a.dial("102", world.now);
  world.run(14s);
  EXPECT_EQ(a.at().status, 180);
  world.run(2s);
  EXPECT_EQ(a.at().status, 480);
}

TEST_F(Calls, TakeALateOffer) {
  auto &a = world.add("101"), &b = world.add("102");
  a.dial("102", world.now, [](sip::Message& m) {
    m.body.clear();
    m.content_type.clear();
  });
  world.run(500ms);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
  EXPECT_TRUE(b.at().acked);
}

TEST_F(Calls, RefuseWhatTheyDontUnderstand) {
  auto& a = world.add("101");
  world.add("102");
  const auto try_it = [&](auto edit) {
    a.dial("102", world.now, edit);
    world.run(500ms);
    return a.at().status;
  };
  EXPECT_EQ(try_it([](sip::Message& m) { m.set_header("Require", "levitation"); }), 420);
  EXPECT_EQ(try_it([](sip::Message& m) { m.content_type = "text/plain"; }), 415);
  EXPECT_EQ(try_it([](sip::Message& m) { m.body = "v=nonsense"; }), 488);
  EXPECT_EQ(try_it([](sip::Message& m) { m.set_header("Session-Expires", "20"); }), 422);
  EXPECT_EQ(try_it([](sip::Message& m) { m.set_header("Replaces", "x;to-tag=1;from-tag=2"); }), 481);
}

TEST_F(Calls, OfOnePhoneAreBounded) {
  auto& a = world.add("101");
  world.add("102");
  for (std::size_t i = 0; i < Limits{}.calls_of_peer; ++i) a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 180);
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 480);
}

TEST_F(Calls, WithoutAPortAreRefused) {
  auto& a = world.add("101");
  world.add("102");
  world.ports_left = 1;
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 500);
  world.ports_left = 0;
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 503);
}

TEST_F(Calls, UnknownDialogsGet481) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  a.at().remote = "<sip:102@pbx.example.com>;tag=nobody";
  a.send("INFO", world.now);
  world.run(500ms);
  EXPECT_EQ(a.responses.back(), (std::pair{std::string{"INFO"}, 481}));
  a.at().over = true;
}

TEST_F(Calls, CountTheDialogsOfADevice) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  EXPECT_EQ(world.dialogs_of(a), 1u);
  EXPECT_EQ(world.dialogs_of(b), 1u);
  a.hang_up(world.now);
  world.run(500ms);
  EXPECT_EQ(world.dialogs_of(b), 0u);
}

}  // namespace
}  // namespace roamdesk::calls

#include <algorithm>

#include "tests/unit/calls/fixture.hpp"

// Calls that go on in the next process.
namespace roamdesk::calls {
namespace {

// What a lamp, a record and the console know of a call.
std::vector<CallInfo> told_of(World& world) { return world.engine.calls(); }

template <class E>
std::size_t count(const World& world, std::size_t from) {
  return static_cast<std::size_t>(std::count_if(world.events.begin() + static_cast<std::ptrdiff_t>(from),
                                                world.events.end(),
                                                [](const Event& e) { return std::holds_alternative<E>(e); }));
}

TEST_F(Calls, GoOnInTheNextProcess) {
  for (const auto* site : {"local", "branch-1"}) {
    auto &a = world.add("101" + std::string{site}, site), &b = world.add("102" + std::string{site});
    talking(a, b);
    const auto before = told_of(world);
    const auto lamp = world.engine.dialogs(a.user);
    const auto ports = world.ports;
    const auto requests = b.requests.size();
    const auto events = world.events.size();
    ASSERT_EQ(world.restart(), 1u);
    EXPECT_EQ(told_of(world), before);
    EXPECT_EQ(world.engine.dialogs(a.user), lamp) << "the same dialog, under the same names";
    EXPECT_EQ(world.ports, ports);
    EXPECT_EQ(count<DialogConfirmed>(world, events), 2u) << "its BYEs are kept for the process after this one";
    EXPECT_EQ(world.dialogs_of(a), 1u);
    for (std::size_t i = events; i < world.events.size(); ++i)
      if (const auto* changed = std::get_if<CallChanged>(&world.events[i])) {
        EXPECT_FALSE(changed->began);
      }
    EXPECT_TRUE(world.talk(a, b));
    world.run(10s);
    EXPECT_TRUE(world.talk(a, b));
    EXPECT_GT(b.requests.size(), requests) << "it was asked whether it is there";
    b.hang_up(world.now);
    world.run(1s);
    EXPECT_TRUE(a.at().over);
    EXPECT_TRUE(world.engine.calls().empty());
  }
}

TEST_F(Calls, GoOnAfterTwoRestartsInARow) {
  auto &a = world.add("101"), &b = world.add("102");
  a.habits.takes_update = b.habits.takes_update = false;
  talking(a, b);
  for (const auto pause : {0ms, 1ms, 10000ms}) {
    ASSERT_EQ(world.restart(), 1u);
    world.run(pause);
  }
  EXPECT_TRUE(world.talk(a, b));
  a.hang_up(world.now);
  world.run(1s);
  EXPECT_TRUE(b.at().over);
}

TEST_F(Calls, WithAnOfferOnItsWayAreSettling) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  EXPECT_FALSE(world.engine.is_settling());
  a.modify("INVITE", "sendonly", world.now);
  for (int i = 0; i < 100 && !world.engine.is_settling(); ++i) world.run(1ms);
  EXPECT_TRUE(world.engine.is_settling());
  EXPECT_TRUE(world.engine.carried(world.now).empty()) << "neither side knows what holds";
  world.run(500ms);
  EXPECT_FALSE(world.engine.is_settling());
  EXPECT_EQ(world.engine.carried(world.now).size(), 1u);
}

TEST_F(Calls, ThatRingOrTalkToNobodyEndWithTheProcess) {
  auto &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_TRUE(world.engine.carried(world.now).empty());
  b.answer(world.now);
  world.run(500ms);
  EXPECT_EQ(world.engine.carried(world.now).size(), 1u);
  c.dial("*77*", world.now);
  world.run(500ms);
  EXPECT_EQ(world.engine.carried(world.now).size(), 1u);
  b.refer("<sip:104@pbx.example.com>", world.now);  // the party that stays hears it ring
  world.add("104");
  world.run(100ms);
  EXPECT_TRUE(world.engine.carried(world.now).empty());
}

TEST_F(Calls, ThatAreHeldStayHeldAndCanBeTakenBack) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  a.modify("INVITE", "sendonly", world.now);
  world.run(500ms);
  ASSERT_EQ(world.restart(), 1u);
  EXPECT_EQ(state(), CallState::held);
  ASSERT_EQ(world.engine.dialogs("101").size(), 1u);
  EXPECT_TRUE(world.engine.dialogs("101").front().held);
  world.run(8s);
  EXPECT_EQ(state(), CallState::held) << "who was asked whether it is there says what it said before";
  a.modify("INVITE", "sendrecv", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 200);
  EXPECT_EQ(state(), CallState::up);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Calls, OfTheLastProcessCanBeTransferred) {
  auto &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
  talking(a, b);
  ASSERT_EQ(world.restart(), 1u);
  b.refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  c.answer(world.now);
  world.run(1s);
  EXPECT_TRUE(world.talk(a, c));
  EXPECT_EQ(b.sipfrags.back(), "SIP/2.0 200 OK\r\n");
}

TEST_F(Calls, PassInfoOnAfterARestart) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  ASSERT_EQ(world.restart(), 1u);
  a.send("INFO", world.now, [](sip::Message& m) {
    m.content_type = "application/dtmf-relay";
    m.body = "Signal=5\r\nDuration=160\r\n";
  });
  world.run(500ms);
  EXPECT_EQ(a.responses.back(), (std::pair{std::string{"INFO"}, 200}));
  EXPECT_TRUE(last(b, "INFO"));
}

TEST_F(Calls, EndForAPhoneThatHasHungUpMeanwhile) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  // Its BYE is lost with the process that it was meant for.
  b.at().over = true;
  b.send("BYE", world.now);
  world.restart();
  world.run(20s);
  EXPECT_TRUE(a.at().over);
  EXPECT_TRUE(world.engine.calls().empty());
}

TEST_F(Calls, EndForAPhoneThatIsGone) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  b.habits.silent = true;
  ASSERT_EQ(world.restart(), 1u);
  world.run(45s);
  EXPECT_TRUE(a.at().over);
}

TEST_F(Calls, WaitForAConnectionThatWasLostWithTheProcess) {
  for (const bool comes : {true, false}) {
    auto& a = world.add(comes ? "101" : "103");
    auto& b = world.add(comes ? "102" : "104", "local", sip::Transport::tcp);
    talking(a, b);
    world.close_flow(b);
    ASSERT_EQ(world.restart(), 1u);
    world.run(10s);
    EXPECT_FALSE(a.at().over);
    if (comes) {
      b.flow.id = sip::FlowId{900};  // it has connected again
      world.run(5s);
      EXPECT_TRUE(world.talk(a, b));
      a.hang_up(world.now);
      world.run(1s);
      EXPECT_TRUE(b.at().over);
    } else {
      const auto events = world.events.size();
      world.run(75s);
      EXPECT_TRUE(a.at().over);
      EXPECT_EQ(count<DialogUntold>(world, events), 1u) << "its BYE is left to be said when it comes";
      b.at().over = true;
    }
  }
}

TEST_F(Calls, OfTheLastProcessEndWithTheirSessionTimer) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  ASSERT_EQ(world.restart(), 1u);
  world.run(10s);
  b.habits.refers_away = true;  // answers nothing in its dialog
  world.run(40min);
  EXPECT_TRUE(a.at().over);
}

// What stands in a file may be anything.
TEST_F(Calls, ThatDontFitAreNotTaken) {
  using Alter = std::function<void(CarriedCall&)>;
  const std::vector<std::pair<const char*, Alter>> faults{
      {"no name", [](CarriedCall& c) { c.id = CallId{}; }},
      {"answered before it began", [](CarriedCall& c) { c.answered = c.begun + 1s; }},
      {"one leg twice", [](CarriedCall& c) { c.callee = c.caller; }},
      {"leg 0", [](CarriedCall& c) { c.caller.id = LegId{0}; }},
      {"a leg after which no other can be named", [](CarriedCall& c) { c.caller.id = LegId{~std::uint64_t{0}}; }},
      {"the last stream", [](CarriedCall& c) { c.callee.stream = media::StreamId{~std::uint32_t{0}}; }},
      {"one stream for both", [](CarriedCall& c) { c.callee.stream = c.caller.stream; }},
      {"one port for both", [](CarriedCall& c) { c.callee.media = c.caller.media; }},
      {"an odd port", [](CarriedCall& c) { ++c.callee.media.port; }},
      {"no port", [](CarriedCall& c) { c.callee.media.port = 0; }},
      {"no tag", [](CarriedCall& c) { c.callee.dialog.local_tag.clear(); }},
      {"one tag for both", [](CarriedCall& c) { c.callee.dialog.local_tag = c.caller.dialog.local_tag; }},
      {"one alias for both", [](CarriedCall& c) { c.callee.alias = c.caller.alias; }},
      {"no description", [](CarriedCall& c) { c.caller.remote_sdp.clear(); }},
      {"no description of ours", [](CarriedCall& c) { c.caller.local_sdp.clear(); }},
      {"half a description", [](CarriedCall& c) { c.caller.remote_sdp.resize(20); }},
      {"keys that aren't there", [](CarriedCall& c) { c.caller.srtp = Srtp::required; }},
      {"a trunk that is none", [](CarriedCall& c) {
         c.caller.who.manner = std::make_shared<Manner>();
         c.caller.who.peer.reset();
       }}};
  auto &a = world.add("101"), &b = world.add("102");
  for (const auto& [what, alter] : faults) {
    SCOPED_TRACE(what);
    talking(a, b);
    EXPECT_EQ(world.restart([&change = alter](auto& calls) { change(calls.front()); }), 0u);
    EXPECT_TRUE(world.streams.empty());
    EXPECT_TRUE(world.ports.empty());
    EXPECT_TRUE(world.engine.empty());
    a.at().over = b.at().over = true;
  }
}

TEST_F(Calls, AreTakenOnce) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  EXPECT_EQ(world.restart([](auto& calls) { calls.push_back(calls.front()); }), 1u);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Calls, NewOnesAfterARestartHaveNamesOfTheirOwn) {
  auto &a = world.add("101"), &b = world.add("102"), &c = world.add("103"), &d = world.add("104");
  talking(a, b);
  ASSERT_EQ(world.restart(), 1u);
  talking(c, d);
  EXPECT_TRUE(world.talk(a, b));
  EXPECT_EQ(world.engine.calls().size(), 2u);
  EXPECT_EQ(world.streams.size(), 4u);
}

// Keys aren't used beyond the process that has counted their packets.
class SealedAndCarried : public Calls {
 protected:
  std::string key(Phone& phone) {
    const auto* stream = world.stream_at(sim::media_of(phone.at().heard));
    return stream && stream->remote && stream->remote->srtp ? stream->remote->srtp->ours.reveal() : "";
  }
};

TEST_F(SealedAndCarried, GetOtherKeysOnceTheirPhoneIsReached) {
  auto& a = world.add("101", "local", sip::Transport::tls);
  auto& b = world.add("102");
  a.habits.srtp = Srtp::required;
  world.srtp_of["101"] = Srtp::required;
  talking(a, b);
  const auto former = key(a);
  ASSERT_NE(former, "");
  world.close_flow(a);
  ASSERT_EQ(world.restart(), 1u);
  world.run(3s);
  EXPECT_EQ(key(a), "") << "nothing is sealed by a key whose packets nobody has counted";
  a.flow.id = sip::FlowId{900};
  world.run(3s);
  EXPECT_NE(key(a), "");
  EXPECT_NE(key(a), former);
  EXPECT_TRUE(world.talk(a, b));
}

}  // namespace
}  // namespace roamdesk::calls

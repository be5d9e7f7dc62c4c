#include "tests/unit/calls/fixture.hpp"

// A party that is called, or calls, needs no phone: calls know it by its number and ask their surroundings for the
// rest.
namespace roamdesk::calls {
namespace {

class Peers : public Calls {
 protected:
  Peers() { world.others["900"] = far; }

  const PeerId far{std::uint64_t{1} << 48U | 7U};  // no MAC
  Phone &a = world.add("101"), &b = world.add("102"), &gateway = world.add("900", "branch-1", sip::Transport::tcp);
};

TEST_F(Peers, RingAndAreBridgedWithAPhone) {
  a.dial("900", world.now);
  world.run(100ms);
  EXPECT_EQ(a.at().status, 180);
  EXPECT_EQ(world.engine.calls().front().to_peer, far);
  gateway.answer(world.now);
  world.run(100ms);
  EXPECT_TRUE(world.talk(a, gateway));
  gateway.hang_up(world.now);
  world.run(100ms);
  EXPECT_TRUE(a.at().over);
}

TEST_F(Peers, CallPhones) {
  talking(gateway, b);
  EXPECT_EQ(world.engine.calls().front().from_peer, far);
}

TEST_F(Peers, AreTransferredTo) {
  talking(a, b);
  gateway.habits.answers = 100ms;
  a.refer("<sip:900@pbx.example.com>", world.now);
  world.run(1s);
  EXPECT_TRUE(world.talk(b, gateway));
  EXPECT_TRUE(a.at().over || a.sipfrags.back() == "SIP/2.0 200 OK\r\n");
}

TEST_F(Peers, TransferThemselves) {
  auto& c = world.add("103");
  c.habits.answers = 100ms;
  talking(gateway, b);
  gateway.refer("<sip:103@pbx.example.com>", world.now);
  world.run(1s);
  EXPECT_TRUE(world.talk(b, c));
}

TEST_F(Peers, ConsultAndConnect) {
  auto& c = world.add("103");
  c.habits.answers = 100ms;
  talking(gateway, b);
  gateway.dial("103", world.now);
  world.run(1s);
  gateway.refer("<sip:103@pbx.example.com?" + gateway.replaces(1) + ">", world.now, 0);
  world.run(1s);
  EXPECT_TRUE(world.talk(b, c));
}

TEST_F(Peers, AreNotRungForTheirOwnCall) {
  gateway.dial("900", world.now);
  world.run(100ms);
  EXPECT_EQ(gateway.at().status, 486);
}

TEST_F(Peers, HaveNoMoreDialogsThanAPhone) {
  for (std::size_t i = 0; i < Limits{}.calls_of_peer; ++i) gateway.dial("102", world.now);
  world.run(100ms);
  EXPECT_EQ(world.dialogs_of(gateway), Limits{}.calls_of_peer);
  gateway.dial("102", world.now);
  world.run(100ms);
  EXPECT_EQ(gateway.at().status, 480);
  a.dial("900", world.now);
  world.run(100ms);
  EXPECT_EQ(a.at().status, 486);
}

TEST_F(Peers, WhoseNamesSomebodyElseKnowsAreNotHungUpByHim) {
  talking(a, gateway);
  world.arrives(world.elsewhere(gateway, false), within(gateway.at(), "BYE", 99));
  EXPECT_EQ(world.answers.back().status, 401);
  EXPECT_TRUE(world.talk(a, gateway));
}

// The one of two that are neither phones nor each other.
TEST_F(Peers, AreOneForEachNumber) {
  world.others["901"] = PeerId{far.value() + 1};
  auto& second = world.add("901", "branch-1", sip::Transport::tcp);
  second.habits.answers = 100ms;
  gateway.dial("901", world.now);
  world.run(1s);
  EXPECT_TRUE(world.talk(gateway, second));
}

}  // namespace
}  // namespace roamdesk::calls

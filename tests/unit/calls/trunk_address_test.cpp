#include "tests/unit/calls/trunk_fixture.hpp"

// A description that names an address at another IP than the signalling's: whom media is sent to at once.
namespace roamdesk::calls {
namespace {

class TrunkAddress : public TrunkCalls {
 protected:
  static constexpr auto elsewhere = "198.51.100.1";
  // The description of an INVITE or answer.
  static void name_elsewhere(sip::Message& m) {
    m.content_type = "application/sdp";
    m.body = phone::sdp({.address = elsewhere, .port = 7000, .direction = "sendrecv", .codecs = "8 0 101"});
  }
  // Streams that send there before anything was heard from there, of those that were told of it.
  std::string at_once() {
    std::size_t told = 0, now = 0;
    for (const auto& [id, stream] : world.streams)
      if (stream.remote && to_string(stream.remote->rtp.address) == elsewhere) ++told, now += stream.remote->at_once;
    return std::to_string(now) + " of " + std::to_string(told);
  }
};

TEST_F(TrunkAddress, OfACallOutIsSentToAtOnce) {
  dial();
  sip::Message words;
  name_elsewhere(words);
  server.ring(183, words.body);
  world.run(100ms);
  EXPECT_EQ(at_once(), "1 of 1");
  server.answer(name_elsewhere);
  world.run(100ms);
  EXPECT_EQ(at_once(), "1 of 1");
}

TEST_F(TrunkAddress, OfACallOverAConnectionIsSentToAtOnce) {
  for (const auto transport : {sip::Transport::tcp, sip::Transport::tls}) {
    auto& connected = world.add_server("provider", "local", transport);
    phone.habits.early_media = true;
    connected.dial("101", name_elsewhere);
    world.run(200ms);
    EXPECT_EQ(at_once(), "1 of 1");
    connected.cancel();
    world.run(200ms);
  }
}

// Its source address may be forged, and the description name who is to be flooded.
TEST_F(TrunkAddress, OfACallOverUdpIsSentToOnlyWhenItHasToldOurTag) {
  phone.habits.early_media = true;
  server.habits.silent = true;  // what we say doesn't reach who says it is the trunk
  server.dial("101", name_elsewhere);
  world.run(200ms);
  EXPECT_EQ(at_once(), "0 of 1");
  phone.answer(world.now);
  world.run(200ms);
  EXPECT_EQ(at_once(), "0 of 1");
  server.habits.silent = false;  // it does: the next 200 is acknowledged
  world.run(5s);
  EXPECT_TRUE(server.at().up);
  EXPECT_EQ(at_once(), "1 of 1");
}

TEST_F(TrunkAddress, OfACallOverUdpIsSentToFromItsPrackOn) {
  phone.habits.early_media = true;
  server.dial("101", [](sip::Message& m) {
    name_elsewhere(m);
    m.set_header("Require", "100rel");
  });
  world.run(200ms);
  EXPECT_EQ(at_once(), "0 of 1");
  const auto ringing = server.at().responses.back();
  ASSERT_NE(value(ringing, "RSeq"), "");
  server.at().remote = ringing.to;
  server.at().target = ringing.contact.front().uri;
  server.send("PRACK", [&](sip::Message& m) {
    m.set_header("RAck", value(ringing, "RSeq") + " " + std::to_string(server.at().invite.cseq.number) + " INVITE");
  });
  world.run(100ms);
  EXPECT_EQ(at_once(), "1 of 1");
}

TEST_F(TrunkAddress, OfAPhoneIsNeverSentToAtOnce) {
  dial(name_elsewhere);
  server.answer();
  world.run(200ms);
  EXPECT_EQ(at_once(), "0 of 1") << "it calls out";
  phone.send("INVITE", world.now, name_elsewhere);
  world.run(200ms);
  EXPECT_EQ(at_once(), "0 of 1") << "it changes the call";
  phone.hang_up(world.now);
  auto& other = world.add("102");
  phone.dial("102", world.now, name_elsewhere);
  world.run(100ms);
  other.answer(world.now);
  world.run(200ms);
  EXPECT_EQ(at_once(), "0 of 1") << "it calls a phone";
}

}  // namespace
}  // namespace roamdesk::calls

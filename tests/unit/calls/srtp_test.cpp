#include <gmock/gmock.h>

#include "common/sdp/crypto.hpp"
#include "tests/unit/calls/fixture.hpp"

// Keys in descriptions (RFC 4568), each leg by itself.
namespace roamdesk::calls {
namespace {

using testing::HasSubstr;
using testing::Not;

class Sealed : public Calls {
 protected:
  Phone& add(const std::string& user, Srtp set, Srtp phone, const std::string& site = "local",
             sip::Transport transport = sip::Transport::tls) {
    auto& added = world.add(user, site, transport);
    added.habits.srtp = phone;
    world.srtp_of[user] = set;
    return added;
  }
  Phone& add(const std::string& user, Srtp srtp, const std::string& site = "local") {
    return add(user, srtp, srtp, site);
  }

  static std::vector<sdp::Crypto> cryptos(const std::string& text) {
    const auto session = sdp::parse(text);
    return session ? sdp::cryptos_of(session->media.front()) : std::vector<sdp::Crypto>{};
  }
  std::optional<media::Sealing> ordered(Phone& phone) {
    const auto* stream = world.stream_at(sim::media_of(phone.at().heard));
    return stream && stream->remote ? stream->remote->srtp : std::nullopt;
  }
  // The media plane has what the phone was told, and what it told us: "" or what differs.
  std::string sealed(Phone& phone) {
    const auto keys = ordered(phone);
    if (!keys) return "plain RTP";
    const auto find = [&](const std::string& text) -> const sdp::Crypto* {
      static std::vector<sdp::Crypto> lines;
      lines = cryptos(text);
      for (const auto& line : lines)
        if (line.suite == keys->suite) return &line;
      return nullptr;
    };
    const auto* ours = find(phone.at().heard);
    if (!ours || ours->key != keys->ours) return "seals with another key than the phone was told: " + phone.at().heard;
    const auto* theirs = find(phone.at().said);
    if (!theirs || theirs->key != keys->theirs) return "opens with another key than the phone's";
    if (keys->ours == keys->theirs) return "both directions have one key";
    return {};
  }
  // Its SBC is restarted: connections are gone, and so is how far the keys were used.
  void restart_sbc_of(Phone& phone) {
    world.close_flow(phone);
    for (auto& [id, stream] : world.streams)
      if (&stream == world.stream_at(sim::media_of(phone.at().heard))) {
        stream.remote.reset();
        world.engine.handle_media(media::SealLost{media::StreamId{id}}, world.now);
        break;
      }
    world.drain();
  }
  int dial(Phone& a, Phone& b) {
    a.dial(b.user, world.now);
    world.run(500ms);
    b.answer(world.now);
    world.run(500ms);
    return a.at().status;
  }
};

TEST_F(Sealed, AgreesOnKeysOnEachLegByItself) {
  auto &a = add("101", Srtp::required), &b = add("102", Srtp::required, "branch");
  b.habits.key = 'q';
  b.habits.suites = {SrtpSuite::aead_aes_128_gcm};
  talking(a, b);
  EXPECT_EQ(sealed(a), "");
  EXPECT_EQ(sealed(b), "");
  EXPECT_EQ(ordered(a)->suite, SrtpSuite::aes_cm_128_hmac_sha1_80);
  EXPECT_EQ(ordered(b)->suite, SrtpSuite::aead_aes_128_gcm);
  EXPECT_NE(ordered(a)->ours, ordered(b)->ours);
  // Nobody is told the other phone's keys.
  EXPECT_EQ(cryptos(a.at().heard).size(), 1u);
  for (const auto& line : cryptos(b.at().heard)) EXPECT_NE(line.key, ordered(a)->theirs);
}

TEST_F(Sealed, JoinsSrtpAndRtp) {
  auto &a = add("101", Srtp::required), &b = add("102", Srtp::off);
  talking(a, b);
  EXPECT_EQ(sealed(a), "");
  EXPECT_EQ(sealed(b), "plain RTP");
  EXPECT_THAT(b.at().heard, HasSubstr("RTP/AVP "));
  EXPECT_THAT(b.at().heard, Not(HasSubstr("crypto")));
  a.hang_up(world.now);
  world.run(1s);
  talking(b, a);
  EXPECT_EQ(sealed(a), "");
  EXPECT_THAT(a.at().heard, HasSubstr("RTP/SAVP "));
  EXPECT_EQ(sealed(b), "plain RTP");
}

TEST_F(Sealed, OptionalTakesTheBetterOneThatThePhoneCan) {
  auto &a = add("101", Srtp::optional), &b = add("102", Srtp::optional, Srtp::off),
       &c = add("103", Srtp::optional, Srtp::required);
  talking(a, b);
  EXPECT_EQ(sealed(a), "");
  EXPECT_EQ(sealed(b), "plain RTP");
  EXPECT_THAT(b.at().heard, HasSubstr("a=crypto")) << "it is offered";
  EXPECT_THAT(b.at().heard, HasSubstr("RTP/AVP ")) << "in a way that it can pass over";
  a.hang_up(world.now);
  world.run(1s);
  talking(b, c);
  EXPECT_EQ(sealed(b), "plain RTP");
  EXPECT_EQ(sealed(c), "");
}

// RFC 4568 §5.1: some phones write two lines, others who are in the way add one.
TEST_F(Sealed, TakesTheBetterOfTwoLines) {
  for (const bool sealed_first : {true, false})
    for (const auto set : {Srtp::optional, Srtp::required}) {
      const auto name = std::to_string(100 + 2 * sealed_first + 4 * (set == Srtp::required));
      auto &a = add(name, set, Srtp::required), &b = add("9" + name, Srtp::off);
      a.dial(b.user, world.now, [&](sip::Message& m) {
        const auto line = m.body.find("m=audio");
        const auto secure = m.body.substr(line);
        auto plain = secure.substr(0, secure.find("a=crypto"));
        plain.replace(plain.find("RTP/SAVP"), 8, "RTP/AVP");
        plain.replace(plain.find(' ') + 1, 1, "3");  // of its port
        m.body = m.body.substr(0, line) + (sealed_first ? secure + plain : plain + secure);
      });
      world.run(500ms);
      b.answer(world.now);
      world.run(500ms);
      ASSERT_EQ(a.at().status, 200);
      const auto session = sdp::parse(a.at().heard);
      ASSERT_TRUE(session);
      ASSERT_EQ(session->media.size(), 2u);
      const auto& taken = session->media[sealed_first ? 0 : 1];
      EXPECT_EQ(taken.protocol, "RTP/SAVP");
      EXPECT_EQ(sdp::cryptos_of(taken).size(), 1u);
      EXPECT_EQ(session->media[sealed_first ? 1 : 0].port, 0);
      a.hang_up(world.now);
      world.run(1s);
    }
}

// Who is in the way could take the keys out of a description, or put RTP/AVP in.
TEST_F(Sealed, RequiredIsNotTalkedOutOfByEitherSide) {
  auto &plain = add("101", Srtp::required, Srtp::off), &b = add("102", Srtp::required),
       &c = add("103", Srtp::required, Srtp::off);
  plain.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(plain.at().status, 488);
  EXPECT_THAT(plain.warning, HasSubstr("SRTP is required here"));
  EXPECT_EQ(dial(b, c), 488) << "an answer without keys is no call";
  EXPECT_TRUE(world.streams.empty());
}

TEST_F(Sealed, OffRefusesSrtpInWordsAndPassesOverKeys) {
  auto &a = add("101", Srtp::off, Srtp::required), &b = add("102", Srtp::off),
       &c = add("103", Srtp::off, Srtp::optional);
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 488);
  EXPECT_THAT(a.warning, HasSubstr("SRTP is off here"));
  talking(c, b);
  EXPECT_EQ(sealed(c), "plain RTP");
  EXPECT_THAT(c.at().heard, Not(HasSubstr("crypto")));
}

// What is said over UDP is read by everybody in the LAN: keys too.
TEST_F(Sealed, NeverSaysAKeyOverAnythingButTls) {
  for (const auto transport : {sip::Transport::udp, sip::Transport::tcp}) {
    auto& required =
        add("10" + std::to_string(static_cast<int>(transport)), Srtp::required, Srtp::required, "local", transport);
    auto& optional =
        add("20" + std::to_string(static_cast<int>(transport)), Srtp::optional, Srtp::optional, "local", transport);
    auto& other = add("30" + std::to_string(static_cast<int>(transport)), Srtp::optional);
    required.dial(other.user, world.now);
    world.run(500ms);
    EXPECT_EQ(required.at().status, 488);
    EXPECT_THAT(required.warning, HasSubstr("need SIP over TLS"));
    other.dial(required.user, world.now);
    world.run(500ms);
    EXPECT_EQ(other.at().status, 488);
    EXPECT_EQ(last(required, "INVITE"), nullptr);
    talking(other, optional);
    EXPECT_EQ(sealed(other), "");
    EXPECT_EQ(sealed(optional), "plain RTP");
    EXPECT_THAT(optional.at().heard, Not(HasSubstr("crypto")));
    other.hang_up(world.now);
    world.run(1s);
  }
}

TEST_F(Sealed, KeepsItsKeysThroughHoldAndRefreshAndTakesNewOnes) {
  auto &a = add("101", Srtp::required), &b = add("102", Srtp::optional);
  talking(a, b);
  const auto before_a = ordered(a), before_b = ordered(b);
  for (const auto* direction : {"sendonly", "sendrecv"}) {
    a.modify("INVITE", direction, world.now);
    world.run(500ms);
    EXPECT_EQ(a.at().modified, 200);
    EXPECT_EQ(sealed(a), "");
    EXPECT_EQ(sealed(b), "");
    EXPECT_EQ(ordered(a), before_a);
    EXPECT_EQ(ordered(b), before_b);
  }
  a.habits.key = 'n';  // it re-keys
  a.modify("INVITE", "sendrecv", world.now);
  world.run(500ms);
  EXPECT_EQ(sealed(a), "");
  EXPECT_NE(ordered(a)->theirs, before_a->theirs);
  EXPECT_EQ(ordered(b), before_b);
  b.habits.key = 'm';  // in its answer
  a.modify("UPDATE", "sendonly", world.now);
  world.run(500ms);
  EXPECT_EQ(sealed(b), "");
  EXPECT_NE(ordered(b)->theirs, before_b->theirs);
  world.run(31min);  // session timers
  EXPECT_EQ(sealed(a), "");
  EXPECT_EQ(sealed(b), "");
}

TEST_F(Sealed, IsNotDroppedByAReInviteWhereItIsRequired) {
  auto &a = add("101", Srtp::required), &b = add("102", Srtp::required);
  talking(a, b);
  a.habits.srtp = Srtp::off;
  const auto said = a.at().said;
  a.modify("INVITE", "sendrecv", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 488);
  a.at().said = said;
  EXPECT_EQ(sealed(a), "") << "the call goes on as it was";
  EXPECT_EQ(sealed(b), "");
}

TEST_F(Sealed, GetsNewKeysOnceItsPhoneIsBackWhereASbcWasRestarted) {
  for (const bool called : {false, true}) {
    const std::string number = called ? "105" : "101", others = called ? "106" : "102";
    auto &a = add(number, Srtp::required, "branch"), &b = add(others, Srtp::optional);
    a.habits.suites = {SrtpSuite::aes_cm_128_hmac_sha1_80};
    if (called)
      talking(b, a);
    else
      talking(a, b);
    std::vector<Secret> used{ordered(a)->ours};
    const auto before_b = ordered(b);
    for (int restarts = 0; restarts < 3; ++restarts) {
      restart_sbc_of(a);
      world.run(3s);
      EXPECT_EQ(ordered(a), std::nullopt) << "nothing is sealed by what nobody has been told of";
      a.flow = world.elsewhere(a, true);
      world.run(3s);
      EXPECT_EQ(sealed(a), "");
      for (const auto& key : used) EXPECT_NE(ordered(a)->ours, key);
      used.push_back(ordered(a)->ours);
      EXPECT_EQ(ordered(b), before_b);
      EXPECT_TRUE(world.talk(a, b));
    }
    a.modify("INVITE", "sendonly", world.now);
    world.run(31min);
    EXPECT_EQ(sealed(a), "");
    EXPECT_EQ(ordered(a)->ours, used.back());
    a.hang_up(world.now);
    world.run(1s);
  }
}

// It is quicker than we are.
TEST_F(Sealed, TellsNewKeysInAnyAnswerToAPhoneThatComesBack) {
  auto &a = add("101", Srtp::required, "branch"), &b = add("102", Srtp::optional);
  talking(a, b);
  const auto before = ordered(a);
  for (const bool same : {false, true}) {
    restart_sbc_of(a);
    a.flow = world.elsewhere(a, true);
    if (same)
      a.send("INVITE", world.now, [&](sip::Message& m) {
        m.content_type = "application/sdp";
        m.body = a.at().said;
      });
    else
      a.modify("INVITE", "sendrecv", world.now);
    world.run(3s);
    EXPECT_EQ(a.at().modified, 200);
    EXPECT_EQ(sealed(a), "");
    EXPECT_NE(ordered(a)->ours, before->ours);
    EXPECT_TRUE(world.talk(a, b));
  }
}

TEST_F(Sealed, EndsWhereItsPhoneTakesNoNewKeys) {
  for (const auto refuses : {true, false}) {
    auto &a = add(refuses ? "101" : "103", Srtp::required, "branch"), &b = add(refuses ? "102" : "104", Srtp::optional);
    talking(a, b);
    restart_sbc_of(a);
    a.habits.modifies = refuses ? 488 : 0;
    if (!refuses) a.habits.srtp = Srtp::off;  // an answer without keys
    a.flow = world.elsewhere(a, true);
    world.run(5s);
    EXPECT_TRUE(a.at().over);
    EXPECT_TRUE(b.at().over);
  }
}

TEST_F(Sealed, EndsWhereItIsNotUpYet) {
  auto &a = add("101", Srtp::required, "branch"), &b = add("102", Srtp::optional);
  b.habits.early_media = true;
  a.dial("102", world.now);
  world.run(500ms);
  restart_sbc_of(a);
  world.run(1s);
  EXPECT_TRUE(world.streams.empty());
  EXPECT_TRUE(b.at().over);
  a.at().over = true;
}

// RFC 4568 §5.1.2: an answer has one key; our offer had one of each suite.
TEST_F(Sealed, AnswersARefreshWithOneKey) {
  auto &a = add("101", Srtp::required), &b = add("102", Srtp::required);
  talking(a, b);
  EXPECT_GT(cryptos(b.at().heard).size(), 1u);
  b.send("INVITE", world.now, [&](sip::Message& m) {
    m.content_type = "application/sdp";
    m.body = b.at().said;
  });
  world.run(500ms);
  EXPECT_EQ(b.at().modified, 200);
  EXPECT_EQ(cryptos(b.at().heard).size(), 1u);
  EXPECT_EQ(sealed(b), "");
}

TEST_F(Sealed, HoldsForTransfersAndPickUps) {
  auto &a = add("101", Srtp::required), &b = add("102", Srtp::optional), &c = add("103", Srtp::required, "branch");
  c.habits.key = 'c';
  talking(a, b);
  b.refer("sip:103@pbx.example.com", world.now);
  world.run(500ms);
  c.answer(world.now);
  world.run(6s);
  EXPECT_TRUE(world.talk(a, c));
  EXPECT_EQ(sealed(a), "");
  EXPECT_EQ(sealed(c), "");
}

TEST_F(Sealed, VoiceDialogueIsSealedAsWell) {
  auto& a = add("101", Srtp::required);
  a.dial("*77*", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 200);
  EXPECT_EQ(sealed(a), "");
}

// A call for help isn't refused for its media, over whatever its phone signals.
TEST_F(Sealed, EmergencyAnnouncementIsHeardInAnyWay) {
  for (const auto phone : {Srtp::off, Srtp::optional, Srtp::required})
    for (const auto transport : {sip::Transport::udp, sip::Transport::tls}) {
      auto& a = add("1" + std::to_string(static_cast<int>(phone)) + std::to_string(static_cast<int>(transport)),
                    Srtp::required, phone, "local", transport);
      a.dial("112", world.now);
      world.run(500ms);
      EXPECT_THAT(a.at().progress, testing::Contains(183));
      EXPECT_EQ(plays_to(a).size(), 1u);
      a.cancel(world.now);
      world.run(1s);
    }
}

}  // namespace
}  // namespace roamdesk::calls

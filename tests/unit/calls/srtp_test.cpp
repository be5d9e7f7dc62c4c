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

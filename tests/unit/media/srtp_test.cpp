#include <gtest/gtest.h>

#include "common/media/protection.hpp"
#include "common/srtp/srtp.hpp"
#include "tests/unit/media/plane.hpp"
#include "tests/unit/rtp/typist.hpp"

// SRTP at the phone's side of a stream, on real sockets.
namespace roamdesk::media {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Direction = srtp::Context::Direction;

// A phone's own half of SRTP.
class Cipher {
 public:
  explicit Cipher(const Sealing& keys)
      : seal_(Direction::seal, keys.suite, keys.theirs), open_(Direction::open, keys.suite, keys.ours) {}
  Bytes seal(Bytes packet, bool rtcp = false) {
    const auto size = packet.size();
    packet.resize(size + srtp::most_added);
    packet.resize(seal_.seal(rtcp, packet, size).value_or(0));
    return packet;
  }
  // Empty: it isn't ours to open.
  Bytes open(Bytes packet, bool rtcp = false) {
    packet.resize(open_.open(rtcp, packet).value_or(0));
    return packet;
  }

 private:
  srtp::Context seal_, open_;
};

Sealing keys(char fill, SrtpSuite suite = SrtpSuite::aes_cm_128_hmac_sha1_80) {
  return {suite, Secret{std::string(srtp_key_size(suite), fill)},
          Secret{std::string(srtp_key_size(suite), static_cast<char>(fill + 1))}};
}

// Alice talks by SRTP, bob by RTP.
class SealedRelay : public testing::Test {
 protected:
  SealedRelay() {
    prompts.add("beep", std::vector<std::int16_t>(1600, 8000));
    plane.post(OpenStream{StreamId{1}, local_site(), a});
    plane.post(OpenStream{StreamId{2}, local_site(), b});
    remote(StreamId{1}, alice, keys('a'));
    remote(StreamId{2}, bob, std::nullopt);
    plane.post(Connect{StreamId{1}, StreamId{2}});
    plane.settle();
  }
  void remote(StreamId id, const Socket& at, std::optional<Sealing> srtp) {
    plane.post(SetRemote{.stream = id,
                         .rtp = at.local(),
                         .signalling = at.local().address,
                         .codec = Codec::pcma,
                         .event_payload = event_payload,
                         .codec_payload = 8,
                         .srtp = std::move(srtp)});
  }
  std::uint64_t dropped(StreamId id) {
    plane.post(CloseStream{id});
    return plane.heard.next<StreamQuality>().dropped;
  }
  // Bob hears exactly this of alice's packets; the last one is good, so that nothing is waited for.
  void expect_at_bob(const Bytes& packet) { EXPECT_EQ(bob.receive(), packet); }

  const Endpoint a{loopback(1), 20000}, b{loopback(1), 20002};
  PromptLibrary prompts;
  Socket alice{{loopback(2), 4000}}, bob{{loopback(3), 4000}};
  Plane plane{prompts};
  Cipher phone{keys('a')};
};

TEST_F(SealedRelay, CarriesSrtpToRtpAndBack) {
  for (std::uint16_t i = 65530; i != 10; ++i) {
    alice.send(a, phone.seal(rtp(i, tone(440, i))));
    expect_at_bob(rtp(i, tone(440, i)));
    bob.send(b, rtp(i, tone(1000, i)));
    const auto wire = alice.receive();
    EXPECT_NE(wire, rtp(i, tone(1000, i)));
    EXPECT_EQ(phone.open(wire), rtp(i, tone(1000, i)));
  }
  EXPECT_EQ(dropped(StreamId{1}), 0u);
}

TEST_F(SealedRelay, CarriesReportsAsSrtcp) {
  Socket alice_rtcp{{loopback(2), 4001}}, bob_rtcp{{loopback(3), 4001}};
  const Bytes report{0x80, 201, 0, 1, 0, 0, 0, 7};
  alice_rtcp.send({a.address, 20001}, phone.seal(report, true));
  EXPECT_EQ(bob_rtcp.receive(), report);
  bob_rtcp.send({b.address, 20003}, report);
  EXPECT_EQ(phone.open(alice_rtcp.receive(), true), report);
  alice_rtcp.send({a.address, 20001}, report);  // plain
  alice_rtcp.send({a.address, 20001}, phone.seal(report, true));
  EXPECT_EQ(bob_rtcp.receive(), report);
  EXPECT_EQ(dropped(StreamId{1}), 1u);
}

TEST_F(SealedRelay, DropsAndCountsPlainRtpForgeriesAndReplays) {
  const auto good = phone.seal(rtp(1, tone(440, 1)));
  auto forged = phone.seal(rtp(2, tone(440, 2)));
  forged.back() ^= 1;
  Cipher stranger{keys('x')};
  alice.send(a, rtp(3, tone(440, 3)));
  alice.send(a, forged);
  alice.send(a, stranger.seal(rtp(4, tone(440, 4))));
  alice.send(a, good);
  expect_at_bob(rtp(1, tone(440, 1)));
  for (int i = 0; i < 5; ++i) alice.send(a, good);
  alice.send(a, {});
  alice.send(a, Bytes(1501, 0x80));
  alice.send(a, phone.seal(rtp(5, tone(440, 5))));
  expect_at_bob(rtp(5, tone(440, 5)));
  EXPECT_EQ(dropped(StreamId{1}), 3u + 5u + 2u);
}

// Its copy comes first, from another port of the phone's address: what doesn't open moves no latch, and what does is
// taken as RTP would be.
TEST_F(SealedRelay, IsLatchedByNothingThatDoesNotOpen) {
  Socket other_port{{loopback(2), 4400}}, elsewhere{{loopback(9), 4000}};
  other_port.send(a, rtp(1, tone(440, 1)));
  const auto first = phone.seal(rtp(1, tone(440, 1)));
  elsewhere.send(a, first);  // read along, sent on: not used up by it
  alice.send(a, first);
  expect_at_bob(rtp(1, tone(440, 1)));
  bob.send(b, rtp(9, tone(440, 9)));
  EXPECT_FALSE(phone.open(alice.receive()).empty());
  EXPECT_TRUE(other_port.receive(0ms).empty());
}

TEST_F(SealedRelay, PlaysAndListensBehindTheSeal) {
  plane.post(Collect{StreamId{1}});
  plane.post(Play{.stream = StreamId{1}, .prompts = {"beep"}, .repeat = true, .id = PlayId{1}});
  const auto heard = phone.open(alice.receive());
  ASSERT_EQ(heard.size(), 172u);
  const auto wire = phone.seal(rtp(1, {5, 0x0a, 0, 160}, event_payload));
  alice.send(a, wire);
  EXPECT_EQ(plane.heard.next<DigitHeard>().digit, '5');
}

TEST_F(SealedRelay, GoesOnWhenTheSameKeysAreOrderedAgain) {
  // Past 65,535 the receiver has to know how often the sequence number has begun again: a fresh context wouldn't.
  for (std::uint32_t i = 0; i < 3; ++i) {
    for (const unsigned sequence : {30000u, 60000u, 20000u}) {
      bob.send(b, rtp(static_cast<std::uint16_t>(sequence + i), tone(440, 1)));
      EXPECT_FALSE(phone.open(alice.receive()).empty());
      alice.send(a, phone.seal(rtp(static_cast<std::uint16_t>(sequence + i), tone(440, 1))));
      EXPECT_FALSE(bob.receive().empty());
    }
    remote(StreamId{1}, alice, keys('a'));
    plane.settle();
  }
}

TEST_F(SealedRelay, TakesNewKeysAtOnceAndTheFormerOneForAMoment) {
  alice.send(a, phone.seal(rtp(1, tone(440, 1))));
  expect_at_bob(rtp(1, tone(440, 1)));
  const auto late = phone.seal(rtp(2, tone(440, 2))), later = phone.seal(rtp(3, tone(440, 3)));
  remote(StreamId{1}, alice, keys('n'));
  plane.settle();
  Cipher renewed{keys('n')};
  alice.send(a, renewed.seal(rtp(4, tone(440, 4))));
  expect_at_bob(rtp(4, tone(440, 4)));
  alice.send(a, late);
  expect_at_bob(rtp(2, tone(440, 2)));
  bob.send(b, rtp(1, tone(440, 1)));
  const auto wire = alice.receive();
  EXPECT_TRUE(phone.open(wire).empty());
  EXPECT_FALSE(renewed.open(wire).empty());
  std::this_thread::sleep_for(Protection::overlap + 100ms);
  alice.send(a, later);
  alice.send(a, renewed.seal(rtp(5, tone(440, 5))));
  expect_at_bob(rtp(5, tone(440, 5)));
}

// What the new key doesn't open is looked at as it came: AEAD spoils a packet that it can't open.
TEST_F(SealedRelay, TakesTheFormerKeyOfEachSuite) {
  for (const auto suite : {SrtpSuite::aead_aes_256_gcm, SrtpSuite::aead_aes_128_gcm, SrtpSuite::aes_cm_128_hmac_sha1_80,
                           SrtpSuite::aes_cm_128_hmac_sha1_32}) {
    remote(StreamId{1}, alice, keys('f', suite));
    remote(StreamId{1}, alice, keys('h', suite));
    plane.settle();
    Cipher former{keys('f', suite)}, renewed{keys('h', suite)};
    alice.send(a, former.seal(rtp(1, tone(440, 1))));
    expect_at_bob(rtp(1, tone(440, 1)));
    alice.send(a, renewed.seal(rtp(2, tone(440, 2))));
    expect_at_bob(rtp(2, tone(440, 2)));
  }
}

TEST_F(SealedRelay, TakesAnotherSourceOfTheSamePhone) {
  alice.send(a, phone.seal(rtp(1, tone(440, 1))));
  expect_at_bob(rtp(1, tone(440, 1)));
  auto other = rtp(1, tone(440, 1));
  other[11] ^= 0xff;
  alice.send(a, phone.seal(other));
  expect_at_bob(other);
}

// To plain RTP and back under the same key: had the counter begun again, the same keystream would seal two texts.
TEST_F(SealedRelay, NeverUsesAKeystreamTwice) {
  bob.send(b, rtp(1, tone(440, 1)));
  const auto first = alice.receive();
  remote(StreamId{1}, alice, std::nullopt);
  plane.settle();
  bob.send(b, rtp(2, tone(440, 2)));
  EXPECT_EQ(alice.receive(), rtp(2, tone(440, 2)));
  remote(StreamId{1}, alice, keys('a', SrtpSuite::aead_aes_128_gcm));
  remote(StreamId{1}, alice, keys('a'));
  plane.settle();
  bob.send(b, rtp(1, tone(1000, 1)));  // another text at the index that was used
  bob.send(b, rtp(3, tone(440, 3)));
  EXPECT_FALSE(phone.open(first).empty());
  EXPECT_EQ(phone.open(alice.receive()), rtp(3, tone(440, 3)));
}

TEST_F(SealedRelay, CarriesEachSuiteBetweenTwoPhones) {
  for (const auto suite : {SrtpSuite::aead_aes_256_gcm, SrtpSuite::aead_aes_128_gcm, SrtpSuite::aes_cm_128_hmac_sha1_80,
                           SrtpSuite::aes_cm_128_hmac_sha1_32}) {
    remote(StreamId{1}, alice, keys('p', suite));
    remote(StreamId{2}, bob, keys('s', suite));
    plane.settle();
    Cipher one{keys('p', suite)}, two{keys('s', suite)};
    alice.send(a, one.seal(rtp(1, tone(440, 1))));
    EXPECT_EQ(two.open(bob.receive()), rtp(1, tone(440, 1))) << word_of(suite);
    bob.send(b, two.seal(rtp(1, tone(1000, 1))));
    EXPECT_EQ(one.open(alice.receive()), rtp(1, tone(1000, 1))) << word_of(suite);
  }
}

}  // namespace
}  // namespace roamdesk::media

#include "common/media/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/media/plane.hpp"
#include "tests/unit/rtp/typist.hpp"

namespace roamdesk::media {
namespace {

PromptLibrary make_prompts() {
  PromptLibrary prompts;
  std::vector<std::int16_t> samples(1600 + 40);  // 200 ms, and a last frame that isn't full
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<std::int16_t>(8000 * std::sin(2 * std::numbers::pi * 600 * static_cast<double>(i) / 8000));
  prompts.add("beep", samples);
  prompts.add("long", std::vector<std::int16_t>(60 * 8000, 1000));
  return prompts;
}

// Two phones of one network, each with a stream of its own.
class Relay : public testing::Test {
 protected:
  Relay() {
    for (const auto& [id, at, phone] : {std::tuple{StreamId{1}, a, &alice}, {StreamId{2}, b, &bob}}) {
      plane.post(OpenStream{id, local_site(), at});
      plane.post(SetRemote{.stream = id,
                           .rtp = phone->local(),
                           .signalling = phone->local().address,
                           .codec = Codec::pcma,
                           .event_payload = event_payload,
                           .codec_payload = 8});
    }
    plane.post(Connect{StreamId{1}, StreamId{2}});
    plane.settle();
  }
  StreamQuality close(StreamId stream) {
    plane.post(CloseStream{stream});
    return plane.heard.next<StreamQuality>();
  }

  // Returns when the first stream has read all that alice has sent: what she sends last is a key.
  void read_all() {
    plane.post(Collect{StreamId{1}});
    plane.settle();
    alice.send(a, rtp(++key_, {1, 0x0a, 0, 160}, event_payload));
    plane.heard.next<DigitHeard>();
  }

  std::uint16_t key_ = 30000;
  const Endpoint a{loopback(1), 20000}, b{loopback(1), 20002};
  PromptLibrary prompts = make_prompts();
  Socket alice{{loopback(2), 4000}}, bob{{loopback(3), 4000}};
  Plane plane{prompts};
};

TEST_F(Relay, CarriesTheRightToneBothWays) {
  const auto at_bob = talk(alice, a, bob, 440, 100);
  const auto at_alice = talk(bob, b, alice, 1000, 65530);
  EXPECT_GT(share_of(440, at_bob), 0.9);
  EXPECT_LT(share_of(1000, at_bob), 0.05);
  EXPECT_GT(share_of(1000, at_alice), 0.9);
  EXPECT_LT(share_of(440, at_alice), 0.05);
  const auto quality = close(StreamId{1});
  EXPECT_EQ(quality.received, 20u);
  EXPECT_EQ(quality.lost, 0u);
  EXPECT_EQ(quality.dropped, 0u);
}

TEST_F(Relay, MarksItsPacketsAsVoice) {
  alice.send(a, rtp(1, tone(440, 1)));
  ASSERT_FALSE(bob.receive().empty());
  EXPECT_EQ(bob.tos(), 46 << 2);
}

TEST_F(Relay, CarriesRtcpOnThePortBehind) {
  Socket alice_rtcp{{loopback(2), 4001}}, bob_rtcp{{loopback(3), 4001}};
  const std::vector<std::uint8_t> report{0x80, 201, 0, 1, 0, 0, 0, 7};
  alice_rtcp.send({a.address, 20001}, report);
  EXPECT_EQ(bob_rtcp.receive(), report);
  alice_rtcp.send({a.address, 20001}, rtp(1, {}));  // RTP isn't RTCP
  alice_rtcp.send({a.address, 20001}, report);
  EXPECT_EQ(bob_rtcp.receive(), report);
  EXPECT_EQ(close(StreamId{1}).dropped, 1u);
}

TEST_F(Relay, DropsAndCountsStrangersAndWhatIsNoRtp) {
  Socket stranger{{loopback(9), 4000}};
  talk(alice, a, bob, 440, 1, 1);
  stranger.send(a, rtp(1, tone(2000, 1)));
  alice.send(a, {1, 2, 3});
  alice.send(a, std::vector<std::uint8_t>(1501, 0x80));
  talk(alice, a, bob, 440, 2, 1);  // the next that bob hears is alice's
  const auto quality = close(StreamId{1});
  EXPECT_EQ(quality.received, 2u);
  EXPECT_EQ(quality.dropped, 3u);
}

TEST_F(Relay, SendsNothingToAPhoneThatOnlySends) {
  plane.post(SetRemote{.stream = StreamId{2}, .rtp = bob.local(), .signalling = bob.local().address, .send = false});
  plane.settle();
  alice.send(a, rtp(1, tone(440, 1)));
  read_all();
  EXPECT_EQ(close(StreamId{1}).received, 2u);
  EXPECT_TRUE(bob.receive(0ms).empty());
}

TEST_F(Relay, EndsWithItsStream) {
  close(StreamId{2});
  alice.send(a, rtp(1, tone(440, 1)));
  read_all();
  EXPECT_TRUE(bob.receive(0ms).empty());
}

TEST_F(Relay, OfAPortThatIsTakenFails) {
  plane.post(OpenStream{StreamId{3}, local_site(), a});
  const auto failed = plane.heard.next<StreamFailed>();
  EXPECT_EQ(failed.stream, StreamId{3});
  EXPECT_THAT(failed.why, testing::HasSubstr(":20000: Address already in use"));
  plane.post(OpenStream{StreamId{4}, local_site(), {a.address, 20005}});
  EXPECT_THAT(plane.heard.next<StreamFailed>().why, testing::HasSubstr("not an even port"));
  plane.post(OpenStream{StreamId{1}, local_site(), {a.address, 20006}});
  EXPECT_EQ(plane.heard.next<StreamFailed>().why, "opened twice");
}

TEST_F(Relay, PromptComesEveryTwentyMillisecondsInOrder) {
  const auto begun = std::chrono::steady_clock::now();
  plane.post(Play{StreamId{1}, {"beep"}});
  std::vector<std::uint8_t> audio;
  std::optional<std::uint16_t> sequence;
  std::uint32_t timestamp = 0, ssrc = 0;
  for (int i = 0; i < 11; ++i) {
    const auto packet = alice.receive();
    const auto view = parse_rtp(packet);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->payload_type, 8);
    EXPECT_EQ(view->marker, i == 0);
    ASSERT_EQ(view->payload.size(), 160u);
    if (sequence) {
      EXPECT_EQ(view->sequence, static_cast<std::uint16_t>(*sequence + 1));
      EXPECT_EQ(view->timestamp, timestamp + 160);
      EXPECT_EQ(view->ssrc, ssrc);
    }
    sequence = view->sequence;
    timestamp = view->timestamp;
    ssrc = view->ssrc;
    audio.insert(audio.end(), view->payload.begin(), view->payload.end());
  }
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 200ms);
  EXPECT_EQ(plane.heard.next<PlayEnded>().stream, StreamId{1});
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 220ms) << "the last frame was cut short";
  audio.resize(1600);
  EXPECT_GT(share_of(600, audio), 0.9);
}

TEST_F(Relay, PromptGoesBeforeThePeerWhoIsHeardAgainAfterIt) {
  plane.post(Play{StreamId{2}, {"long"}});
  const auto playing = parse_rtp(bob.receive());
  ASSERT_TRUE(playing);
  alice.send(a, rtp(7, tone(440, 7)));
  for (int i = 0; i < 3; ++i) EXPECT_NE(parse_rtp(bob.receive())->ssrc, 4711u);
  plane.post(StopPlaying{StreamId{2}});
  plane.settle();
  while (!bob.receive(0ms).empty()) {
  }
  EXPECT_GT(share_of(440, talk(alice, a, bob, 440, 8, 5)), 0.9);
  EXPECT_EQ(plane.heard.count<PlayEnded>(), 0);
}

TEST_F(Relay, DigitsAreHeardOnceAndStopThePrompt) {
  plane.post(Collect{StreamId{1}});
  plane.post(Play{StreamId{1}, {"long"}, false, PlayId{5}});
  ASSERT_TRUE(parse_rtp(alice.receive()));
  const auto before = std::chrono::steady_clock::now();
  for (const auto& sent : Typist{{}}.type("42#")) {
    auto packet = rtp(sent.view.sequence, sent.bytes, sent.view.payload_type);
    write_rtp_header(std::span{packet}.first<12>(), sent.view);
    alice.send(a, packet);
  }
  for (const char digit : {'4', '2', '#'}) {
    const auto heard = plane.heard.next<DigitHeard>();
    EXPECT_EQ(heard.digit, digit);
    ASSERT_TRUE(heard.at);
    EXPECT_GE(*heard.at, before);
    EXPECT_LE(*heard.at, std::chrono::steady_clock::now());
    if (digit != '4') continue;
    EXPECT_EQ(plane.heard.next<PlayEnded>().id, PlayId{5}) << "the first one stops it";
  }
  while (!alice.receive(0ms).empty()) {
  }
  EXPECT_TRUE(alice.receive(60ms).empty()) << "it still plays";
  EXPECT_EQ(plane.heard.count<DigitHeard>(), 0);
}

TEST_F(Relay, DigitsAreNotReportedUnlessAskedFor) {
  for (const auto& sent : Typist{{}}.type("1")) {
    alice.send(a, rtp(sent.view.sequence, sent.bytes, sent.view.payload_type));
    bob.receive();
  }
  EXPECT_EQ(plane.heard.count<DigitHeard>(), 0);
}

TEST_F(Relay, PromptThatCantBePlayedEndsAtOnce) {
  plane.post(Play{StreamId{1}, {"no such prompt"}});
  EXPECT_EQ(plane.heard.next<PlayEnded>().stream, StreamId{1});
  plane.post(SetRemote{.stream = StreamId{1},
                       .rtp = alice.local(),
                       .signalling = alice.local().address,
                       .codec = Codec::g722,
                       .codec_payload = 9});
  plane.post(Play{StreamId{1}, {"beep"}});
  EXPECT_EQ(plane.heard.next<PlayEnded>().stream, StreamId{1});
  EXPECT_TRUE(alice.receive(0ms).empty());
}

TEST_F(Relay, OrdersForStreamsThatArentThereDoNothing) {
  const StreamId gone{77};
  for (const Order& order : std::initializer_list<Order>{
           SetRemote{.stream = gone}, Connect{gone, StreamId{1}}, Connect{StreamId{1}, StreamId{1}}, Disconnect{gone},
           CloseStream{gone}, Play{gone, {"beep"}}, StopPlaying{gone}, Collect{gone}})
    plane.post(order);
  plane.settle();
  talk(alice, a, bob, 440, 1, 1);  // still connected
}

TEST(MediaThread, TakesOrdersFromManyThreadsWhilePacketsFlow) {
  const PromptLibrary prompts = make_prompts();
  Plane plane{prompts};
  Socket phone{{loopback(2), 4000}};
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::uint32_t round = 0; round < 25; ++round) {
        const StreamId id{1 + t * 1000 + round};
        const Endpoint at{loopback(1), static_cast<std::uint16_t>(21000 + 2 * t)};
        plane.post(OpenStream{id, local_site(), at});
        plane.post(SetRemote{.stream = id,
                             .rtp = phone.local(),
                             .signalling = phone.local().address,
                             .codec = Codec::pcma,
                             .codec_payload = 8});
        plane.post(Play{id, {"long"}, true});
        plane.post(Collect{id});
        plane.post(Connect{id, StreamId{1 + ((t + 1) % 4) * 1000 + round}});
        for (std::uint16_t i = 0; i < 4; ++i) phone.send(at, rtp(i, tone(440, i)));
        plane.post(CloseStream{id});
      }
    });
  for (auto& thread : threads) thread.join();
  for (int i = 0; i < 100; ++i) plane.heard.next<StreamQuality>();
  EXPECT_EQ(plane.heard.count<StreamFailed>(), 0);
}

}  // namespace
}  // namespace roamdesk::media

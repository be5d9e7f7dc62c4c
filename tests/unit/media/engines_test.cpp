#include "common/media/engines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "common/tunnel/link/media_links.hpp"
#include "tests/unit/media/plane.hpp"
#include "tests/unit/rtp/typist.hpp"

// A core with two media threads and a branch on each: joined by the real, sealed media path at one port.
namespace roamdesk::media {
namespace {

using tunnel::link::MediaLink;
using tunnel::link::MediaLinks;
using tunnel::link::MediaPeer;

class TwoThreads : public testing::Test {
 protected:
  TwoThreads() {
    prompts.add("beep", std::vector<std::int16_t>(1600, 8000));
    join(even_link, MediaPeer{0}, 12);
    join(odd_link, MediaPeer{1}, 13);
  }
  void join(MediaLink& branch, MediaPeer peer, std::uint32_t session) {
    const auto keys = tunnel::derive_keys({static_cast<std::uint8_t>(session)}, session, 1);
    auto& link = links[peer.value() % 2];
    link.post_session(peer, {.id = session});
    link.post_keys(peer, 1, keys);
    branch.post_session(MediaPeer{}, {.id = session, .remote = links[0].local_endpoint()});
    branch.post_keys(MediaPeer{}, 1, keys);
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (!(link.stats(peer).udp && branch.stats(MediaPeer{}).udp)) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << "UDP doesn't pass";
      phone.receive(10ms);
    }
  }
  static SetRemote towards(StreamId id, const Socket& at, Codec codec = Codec::pcma) {
    return {.stream = id,
            .rtp = at.local(),
            .signalling = at.local().address,
            .codec = codec,
            .event_payload = event_payload,
            .codec_payload = 8};
  }
  void at_branch(Plane& branch, MediaPeer peer, StreamId id, Endpoint local, const Socket& at) {
    branch.post(OpenStream{id, local_site(), local});
    branch.post(towards(id, at));
    core.post(OpenStream{id, SiteId{"branch"}, local}, peer);
    core.post(towards(id, at));
    branch.settle();
    settle();
  }
  void at_core(StreamId id, Endpoint local, const Socket& at, std::optional<StreamId> beside = std::nullopt) {
    core.post(OpenStream{id, local_site(), local, beside});
    core.post(towards(id, at));
    settle();
  }
  // Returns when every order before it was carried out, on both threads.
  void settle() {
    for (std::uint32_t thread = 0; thread < 2; ++thread) {
      const StreamId barrier{0xfffffff0 + thread};
      core.post(OpenStream{barrier, local_site(), {}}, MediaPeer{4094 + thread});
      core.post(CloseStream{barrier});
      while (heard.next<StreamQuality>().stream != barrier && !HasFailure()) {
      }
    }
  }
  std::uint64_t crossed() const {
    std::uint64_t sum = 0;
    for (const auto& each : core.counts()) sum += each.crossed;
    return sum;
  }

  const Endpoint even_face{loopback(11), 22000}, odd_face{loopback(12), 22000}, core_face{loopback(1), 23000},
      second_core_face{loopback(1), 23002};
  PromptLibrary prompts;
  Socket phone{{loopback(21), 4000}}, far_phone{{loopback(23), 4000}}, core_phone{{loopback(2), 4000}},
      second_core_phone{{loopback(3), 4000}};
  MediaLinks links{{.listen = {{loopback(1), 0}}}, 2};
  MediaLink even_link{tunnel::Side::sbc, {}}, odd_link{tunnel::Side::sbc, {}};
  Heard heard;
  Engines core{looped({}), prompts, links.all(), heard.report()};
  Plane even{prompts, {.home = MediaPeer{}}, &even_link}, odd{prompts, {.home = MediaPeer{}}, &odd_link};
};

TEST_F(TwoThreads, PhonesOfBranchesOnDifferentThreadsHearEachOther) {
  at_branch(even, MediaPeer{0}, StreamId{1}, even_face, phone);
  at_branch(odd, MediaPeer{1}, StreamId{2}, odd_face, far_phone);
  core.post(Connect{StreamId{1}, StreamId{2}});
  settle();
  EXPECT_GT(share_of(440, talk(phone, even_face, far_phone, 440, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(far_phone, odd_face, phone, 1000, 1)), 0.9);
  // What has come so far is told while they talk, of either thread; of what isn't there nothing.
  std::promise<std::vector<StreamQuality>> told;
  core.look({StreamId{1}, StreamId{2}, StreamId{3}}, [&](auto seen) { told.set_value(std::move(seen)); });
  auto seen = told.get_future().get();
  ASSERT_EQ(seen.size(), 2u);
  std::sort(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.stream < b.stream; });
  for (std::uint32_t i = 0; i < 2; ++i) {
    EXPECT_EQ(seen[i].stream, StreamId{i + 1});
    EXPECT_EQ(seen[i].received, 20u);
    EXPECT_EQ(seen[i].lost, 0u);
  }
  core.post(CloseStream{StreamId{1}});
  EXPECT_EQ(heard.next<StreamQuality>().received, 20u);
  settle();
  EXPECT_GE(crossed(), 39u);
}

TEST_F(TwoThreads, WhoIsCalledFromABranchIsOnItsThreadAndNothingCrosses) {
  at_branch(odd, MediaPeer{1}, StreamId{1}, odd_face, far_phone);
  at_core(StreamId{2}, core_face, core_phone, StreamId{1});
  core.post(Connect{StreamId{1}, StreamId{2}});
  settle();
  EXPECT_GT(share_of(440, talk(far_phone, odd_face, core_phone, 440, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(core_phone, core_face, far_phone, 1000, 1)), 0.9);
  settle();
  EXPECT_EQ(crossed(), 0u);
}

TEST_F(TwoThreads, CallGoesOnWithAnotherLegAndTheOldOneIsSilent) {
  at_core(StreamId{1}, core_face, core_phone);  // the emptier: thread 0
  at_branch(odd, MediaPeer{1}, StreamId{2}, odd_face, far_phone);
  core.post(Connect{StreamId{1}, StreamId{2}});
  settle();
  EXPECT_GT(share_of(440, talk(far_phone, odd_face, core_phone, 440, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(core_phone, core_face, far_phone, 1000, 1)), 0.9);
  at_branch(even, MediaPeer{0}, StreamId{3}, even_face, phone);
  core.post(Connect{StreamId{1}, StreamId{3}});
  settle();
  EXPECT_GT(share_of(440, talk(core_phone, core_face, phone, 440, 21)), 0.9);
  far_phone.send(odd_face, rtp(30, tone(440, 30)));
  EXPECT_TRUE(core_phone.receive(200ms).empty()) << "heard by who has left it";
  EXPECT_TRUE(far_phone.receive(10ms).empty());
}

TEST_F(TwoThreads, PromptAndDigitsPassOnEitherThread) {
  at_branch(even, MediaPeer{0}, StreamId{1}, even_face, phone);
  at_branch(odd, MediaPeer{1}, StreamId{2}, odd_face, far_phone);
  for (const auto& [at, face, stream] : {std::tuple{&phone, even_face, 1u}, std::tuple{&far_phone, odd_face, 2u}}) {
    core.post(Collect{StreamId{stream}});
    core.post(Play{StreamId{stream}, {"beep"}});
    ASSERT_TRUE(parse_rtp(at->receive()));
    EXPECT_EQ(heard.next<PlayEnded>().stream, StreamId{stream});
    for (const auto& sent : Typist{{}}.type("7")) {
      auto packet = rtp(0, sent.bytes);
      write_rtp_header(std::span{packet}.first<12>(), sent.view);
      at->send(face, packet);
    }
    EXPECT_EQ(heard.next<DigitHeard>().stream, StreamId{stream});
  }
}

TEST_F(TwoThreads, FaxCrossesOnlyToWhoHasAgreed) {
  const std::vector<std::uint8_t> ifp{0x00, 0x07, 0x01, 0xc2, 0x00, 0x00};
  at_branch(odd, MediaPeer{1}, StreamId{1}, odd_face, far_phone);
  at_core(StreamId{2}, core_face, core_phone);
  core.post(Connect{StreamId{1}, StreamId{2}});
  const auto agree = [&](StreamId id, const Socket& at) {
    core.post(towards(id, at, Codec::image));
    if (id == StreamId{1}) odd.post(towards(id, at, Codec::image));
    odd.settle();
    settle();
  };
  agree(StreamId{1}, far_phone);
  far_phone.send(odd_face, ifp);
  EXPECT_TRUE(core_phone.receive(200ms).empty());
  agree(StreamId{2}, core_phone);
  far_phone.send(odd_face, ifp);
  EXPECT_EQ(core_phone.receive(), ifp);
  core_phone.send(core_face, ifp);
  EXPECT_EQ(far_phone.receive(), ifp);
}

// It names a stream of the other thread's branch: its own thread has none of that number.
TEST_F(TwoThreads, BranchSpeaksForItsOwnStreamsOnlyOnTheOtherThreadToo) {
  at_branch(even, MediaPeer{0}, StreamId{1}, even_face, phone);
  at_core(StreamId{2}, core_face, core_phone, StreamId{1});
  core.post(Connect{StreamId{1}, StreamId{2}});
  odd.post(OpenStream{StreamId{1}, local_site(), odd_face});
  odd.post(towards(StreamId{1}, far_phone));
  odd.settle();
  settle();
  for (std::uint16_t i = 0; i < 5; ++i) far_phone.send(odd_face, rtp(i, tone(440, i)));
  EXPECT_TRUE(core_phone.receive(200ms).empty());
  EXPECT_GT(links[1].stats(MediaPeer{1}).received, 0u);
}

TEST_F(TwoThreads, CallersBesideTheCoreAreSpreadAndEachCallStaysTogether) {
  at_core(StreamId{1}, core_face, core_phone);
  at_core(StreamId{2}, second_core_face, second_core_phone, StreamId{1});
  core.post(Connect{StreamId{1}, StreamId{2}});
  settle();
  EXPECT_GT(share_of(440, talk(core_phone, core_face, second_core_phone, 440, 1)), 0.9);
  at_core(StreamId{3}, {loopback(1), 23004}, phone);
  phone.send({loopback(1), 23004}, rtp(1, tone(440, 1)));
  const auto until = std::chrono::steady_clock::now() + 5s;
  while (core.counts()[1].packets == 0 && std::chrono::steady_clock::now() < until) phone.receive(10ms);
  EXPECT_EQ(core.counts()[0].packets, 20u);
  EXPECT_EQ(core.counts()[1].packets, 1u);
  EXPECT_EQ(crossed(), 0u);
}

TEST_F(TwoThreads, TheNextCallFindsItsSocketsReadyAndHearsNothingOfTheLastOne) {
  const auto call = [&](std::uint32_t first, const Socket& caller, const Socket& called) {
    at_core(StreamId{first}, core_face, caller);
    at_core(StreamId{first + 1}, second_core_face, called, StreamId{first});
    core.post(Connect{StreamId{first}, StreamId{first + 1}});
    settle();
  };
  const auto hang_up = [&](std::uint32_t first) {
    for (const auto id : {first, first + 1}) core.post(CloseStream{StreamId{id}});
    settle();
  };
  const auto opened = [&] { return core.counts()[0].opened + core.counts()[1].opened; };
  call(1, core_phone, second_core_phone);
  EXPECT_GT(share_of(440, talk(core_phone, core_face, second_core_phone, 440, 1)), 0.9);
  hang_up(1);
  EXPECT_EQ(opened(), 2u);
  for (std::uint16_t i = 0; i < 50; ++i) core_phone.send(core_face, rtp(i, tone(440, i)));
  call(11, phone, second_core_phone);
  EXPECT_TRUE(second_core_phone.receive(200ms).empty()) << "it was said to nobody";
  EXPECT_GT(share_of(1000, talk(phone, core_face, second_core_phone, 1000, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(second_core_phone, second_core_face, phone, 1000, 1)), 0.9);
  core_phone.send(core_face, rtp(50, tone(440, 50)));
  EXPECT_TRUE(second_core_phone.receive(200ms).empty()) << "the last call's phone goes on";
  hang_up(11);
  EXPECT_EQ(opened(), 2u);
  EXPECT_EQ(crossed(), 0u);
}

TEST_F(TwoThreads, PortsWhoseSocketsAreKeptAreFreeAtItsEnd) {
  {
    MediaLinks own{{.listen = {{loopback(1), 0}}}, 2};
    Engines other{looped({}), prompts, own.all(), heard.report()};
    other.post(OpenStream{StreamId{1}, local_site(), core_face});
    other.post(CloseStream{StreamId{1}});
    heard.next<StreamQuality>();
    std::string why;
    EXPECT_LT(open_udp(core_face, 0, why), 0) << "it is kept";
  }
  std::string why;
  int fd = open_udp(core_face, 0, why);
  EXPECT_GE(fd, 0) << why;
  close_udp(fd);
}

}  // namespace
}  // namespace roamdesk::media

#include <gtest/gtest.h>

#include "tests/unit/media/plane.hpp"
#include "tests/unit/rtp/typist.hpp"

// A core and two branches joined by the real, sealed media path.
namespace roamdesk::media {
namespace {

using tunnel::link::MediaLink;
using tunnel::link::MediaPeer;

class Trunk : public testing::Test {
 protected:
  Trunk() {
    prompts.add("beep", std::vector<std::int16_t>(1600, 8000));
    std::filesystem::remove_all(recordings);
    std::filesystem::create_directories(recordings);
    join(near_link, MediaPeer{0}, 11);
    join(far_link, MediaPeer{1}, 12);
  }
  ~Trunk() override { std::filesystem::remove_all(recordings); }
  // Keys for both ends, as the control stream would bring them; then waits until probes have gone both ways by UDP.
  void join(MediaLink& branch, MediaPeer peer, std::uint32_t session) {
    const auto keys = tunnel::derive_keys({static_cast<std::uint8_t>(session)}, session, 1);
    core_link.post_session(peer, {.id = session});
    core_link.post_keys(peer, 1, keys);
    branch.post_session(MediaPeer{}, {.id = session, .remote = core_link.local_endpoint()});
    branch.post_keys(MediaPeer{}, 1, keys);
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (!(core_link.stats(peer).udp && branch.stats(MediaPeer{}).udp)) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << "UDP doesn't pass";
      phone.receive(10ms);
    }
  }
  void open(Plane& branch, StreamId id, Endpoint local, const Socket& at, MediaPeer peer = MediaPeer{0}) {
    const SetRemote remote{.stream = id,
                           .rtp = at.local(),
                           .signalling = at.local().address,
                           .codec = Codec::pcma,
                           .event_payload = event_payload,
                           .codec_payload = 8};
    branch.post(OpenStream{id, local_site(), local});
    branch.post(remote);
    core.post(OpenStream{id, SiteId{"branch"}, local}, peer);
    core.post(remote);
    branch.settle();
    core.settle();
  }

  const Endpoint face{loopback(11), 22000}, second_face{loopback(11), 22002}, far_face{loopback(12), 22000},
      core_face{loopback(1), 23000};
  const std::filesystem::path recordings =
      std::filesystem::path{testing::TempDir()} / ("roamdesk_trunk_" + std::to_string(getpid()));
  PromptLibrary prompts;
  Socket phone{{loopback(21), 4000}}, neighbour{{loopback(22), 4000}}, far_phone{{loopback(23), 4000}},
      core_phone{{loopback(2), 4000}};
  MediaLink core_link{tunnel::Side::core, {.listen = {{loopback(1), 0}}}};
  MediaLink near_link{tunnel::Side::sbc, {}}, far_link{tunnel::Side::sbc, {}};
  Plane core{prompts, {.recordings = std::make_shared<RecordingDirectory>(recordings)}, &core_link};
  Plane near{prompts, {.home = MediaPeer{}}, &near_link}, far{prompts, {.home = MediaPeer{}}, &far_link};
};

TEST_F(Trunk, PhoneAtABranchAndPhoneAtTheCoreHearEachOther) {
  open(near, StreamId{1}, face, phone);
  core.post(OpenStream{StreamId{2}, local_site(), core_face});
  core.post(SetRemote{.stream = StreamId{2}, .rtp = core_phone.local(), .signalling = core_phone.local().address});
  core.post(Connect{StreamId{1}, StreamId{2}});
  core.settle();
  EXPECT_GT(share_of(440, talk(phone, face, core_phone, 440, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(core_phone, core_face, phone, 1000, 1)), 0.9);
}

TEST_F(Trunk, PhonesOfTwoBranchesHearEachOtherThroughTheCore) {
  open(near, StreamId{1}, face, phone);
  open(far, StreamId{2}, far_face, far_phone, MediaPeer{1});
  core.post(Connect{StreamId{1}, StreamId{2}});
  core.settle();
  EXPECT_GT(share_of(440, talk(phone, face, far_phone, 440, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(far_phone, far_face, phone, 1000, 1)), 0.9);
}

TEST_F(Trunk, PromptAndDigitsPassIt) {
  open(near, StreamId{1}, face, phone);
  core.post(Collect{StreamId{1}});
  core.post(Play{StreamId{1}, {"beep"}});
  ASSERT_TRUE(parse_rtp(phone.receive()));
  EXPECT_EQ(core.heard.next<PlayEnded>().stream, StreamId{1});
  for (const auto& sent : Typist{{}}.type("7#")) {
    auto packet = rtp(0, sent.bytes);
    write_rtp_header(std::span{packet}.first<12>(), sent.view);
    phone.send(face, packet);
  }
  EXPECT_EQ(core.heard.next<DigitHeard>().digit, '7');
  EXPECT_EQ(core.heard.next<DigitHeard>().digit, '#');
  EXPECT_EQ(near.heard.count<DigitHeard>(), 0);
}

TEST_F(Trunk, RecordingOfAPhoneAtABranchIsWrittenByTheCore) {
  open(near, StreamId{1}, face, phone);
  core.post(Collect{StreamId{1}});
  core.post(Record{StreamId{1}, RecordingId{5}});
  core.settle();
  std::vector<std::int16_t> said;
  for (std::uint16_t i = 1; i < 6; ++i) {
    phone.send(face, rtp(i, tone(440, i)));
    for (const auto code : tone(440, i)) said.push_back(from_alaw(code));
  }
  phone.send(face, rtp(6, {11, 0x0a, 0, 160}, event_payload));
  EXPECT_EQ(core.heard.next<DigitHeard>().digit, '#');
  core.post(StopRecording{StreamId{1}});
  EXPECT_EQ(core.heard.next<RecordingEnded>().duration, 100ms);
  EXPECT_EQ(read_wav(RecordingDirectory{recordings}.path_of(RecordingId{5})), said);
  EXPECT_EQ(near.heard.count<RecordingEnded>(), 0);
}

TEST_F(Trunk, CallBridgedAtTheBranchDoesntTouchTheCoreUntilItIsParted) {
  open(near, StreamId{1}, face, phone);
  open(near, StreamId{2}, second_face, neighbour);
  near.post(Connect{StreamId{1}, StreamId{2}});
  near.settle();
  EXPECT_GT(share_of(440, talk(phone, face, neighbour, 440, 1)), 0.9);
  core.post(Connect{StreamId{1}, StreamId{2}});
  core.settle();
  near.post(Disconnect{StreamId{1}});
  near.settle();
  EXPECT_GT(share_of(440, talk(phone, face, neighbour, 440, 21)), 0.9);  // the long way now
  core.post(CloseStream{StreamId{1}});
  const auto quality = core.heard.next<StreamQuality>();
  EXPECT_EQ(quality.received, 20u) << "the core heard what was bridged at the branch";
}

// T.38: no RTP, so it passes between two streams alone that were both negotiated so.
TEST_F(Trunk, FaxOfABranchPassesAsItIs) {
  const std::vector<std::uint8_t> ifp{0x00, 0x07, 0x01, 0xc2, 0x00, 0x00};
  open(near, StreamId{1}, face, phone);
  core.post(OpenStream{StreamId{2}, local_site(), core_face});
  const auto agree = [&](Codec codec) {
    const SetRemote there{
        .stream = StreamId{1}, .rtp = phone.local(), .signalling = phone.local().address, .codec = codec};
    near.post(there);
    core.post(there);
    core.post(SetRemote{
        .stream = StreamId{2}, .rtp = core_phone.local(), .signalling = core_phone.local().address, .codec = codec});
    near.settle();
    core.settle();
  };
  core.post(Connect{StreamId{1}, StreamId{2}});
  agree(Codec::pcma);
  phone.send(face, ifp);
  EXPECT_TRUE(core_phone.receive(200ms).empty());
  agree(Codec::image);
  phone.send(face, ifp);
  EXPECT_EQ(core_phone.receive(), ifp);
  core_phone.send(core_face, ifp);
  EXPECT_EQ(phone.receive(), ifp);
  neighbour.send(face, ifp);
  EXPECT_TRUE(core_phone.receive(200ms).empty()) << "not its phone's";
}

TEST_F(Trunk, BranchSpeaksForItsOwnStreamsOnly) {
  open(near, StreamId{1}, face, phone);
  open(near, StreamId{2}, second_face, neighbour);
  core.post(Connect{StreamId{1}, StreamId{2}});
  // The other branch opens the same id on its side and sends; the core takes stream 1 from its own branch alone.
  far.post(OpenStream{StreamId{1}, local_site(), far_face});
  far.post(SetRemote{.stream = StreamId{1}, .rtp = far_phone.local(), .signalling = far_phone.local().address});
  far.settle();
  open(far, StreamId{3}, {loopback(12), 22004}, far_phone, MediaPeer{1});
  core.post(Collect{StreamId{3}});
  core.settle();
  far_phone.send(far_face, rtp(666, tone(2000, 1)));
  // A key on stream 3, sent behind it on the same way, shows that it has arrived.
  core.post(SetRemote{.stream = StreamId{3},
                      .rtp = far_phone.local(),
                      .signalling = far_phone.local().address,
                      .event_payload = event_payload});
  core.settle();
  far_phone.send({loopback(12), 22004}, rtp(1, {1, 0x0a, 0, 160}, event_payload));
  core.heard.next<DigitHeard>();
  EXPECT_GT(share_of(440, talk(phone, face, neighbour, 440, 1, 5)), 0.9);  // its first is number 1, not 666
  core.post(CloseStream{StreamId{1}});
  EXPECT_EQ(core.heard.next<StreamQuality>().received, 5u);
}

}  // namespace
}  // namespace roamdesk::media

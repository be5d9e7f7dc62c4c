#include "tests/unit/tunnel_link/fixture.hpp"

namespace roamdesk::tunnel::link {
namespace {

const MediaPeer core_peer{0};

TimePoint now() { return std::chrono::steady_clock::now(); }

class MediaLinkTest : public LinkTest {
 protected:
  void start(bool core_udp, bool branch_udp) {
    start_core(0, core_udp);
    start_branch(make_sbc("branch-1", authority), branch_udp);
    ASSERT_TRUE(connect());
    peer = server->media_peer(site);
  }
  bool on_udp() { return core_media->stats(peer).udp && branch_media->stats(core_peer).udp; }
  MediaPeer peer;
};

TEST_F(MediaLinkTest, CarriesPacketsByUdp) {
  start(true, true);
  ASSERT_TRUE(run_until([&] { return on_udp(); }));
  const auto frames_before = client->status().bytes_sent;
  for (std::uint8_t i = 1; i <= 100; ++i) {
    const crypto::Bytes rtp(172, i);
    ASSERT_TRUE(branch_media->send(core_peer, 11, false, rtp, now()));
    ASSERT_TRUE(core_media->send(peer, 11, i % 2 == 0, rtp, now()));
  }
  ASSERT_TRUE(run_until([&] { return core_sink.packets.size() == 100 && branch_sink.packets.size() == 100; }));
  for (std::size_t i = 0; i < 100; ++i) {
    const std::string bytes(172, static_cast<char>(i + 1));
    EXPECT_EQ(core_sink.packets[i], (Packet{peer, 11, false, bytes}));
    EXPECT_EQ(branch_sink.packets[i], (Packet{core_peer, 11, i % 2 == 1, bytes}));
  }
  EXPECT_LT(client->status().bytes_sent - frames_before, 5000U) << "media went by the stream";
}

TEST_F(MediaLinkTest, PutsManyPacketsIntoADatagramButNotTooMany) {
  start(true, true);
  ASSERT_TRUE(run_until([&] { return on_udp(); }));
  ASSERT_TRUE(run_until([&] { return core_media->stats(peer).received > 0; }));
  const auto before = core_media->stats(peer).received;
  for (int i = 0; i < 700; ++i) branch_media->send(core_peer, 11, false, crypto::Bytes(172, 1), now());
  ASSERT_TRUE(run_until([&] { return core_sink.packets.size() == 700; }));
  ASSERT_TRUE(run_until([&] { return core_media->stats(peer).packets_received == 700; }));
  EXPECT_LE(core_media->stats(peer).received - before, 100U + 20U);  // seven in each, and some probes
}

TEST_F(MediaLinkTest, CarriesTheLongestPacketAndRefusesALonger) {
  start(true, true);
  ASSERT_TRUE(run_until([&] { return on_udp(); }));
  EXPECT_TRUE(branch_media->send(core_peer, 11, false, crypto::Bytes(1500, 1), now()));
  EXPECT_FALSE(branch_media->send(core_peer, 11, false, crypto::Bytes(1501, 1), now()));
  EXPECT_FALSE(branch_media->send(core_peer, 0, false, crypto::Bytes(10, 1), now()));
  ASSERT_TRUE(run_until([&] { return core_sink.packets.size() == 1; }));
  EXPECT_EQ(core_sink.packets[0].bytes.size(), 1500U);
}

TEST_F(MediaLinkTest, TakesTheStreamWhereUdpDoesntPass) {
  start(true, false);
  for (std::uint8_t i = 1; i <= 10; ++i) {
    run_until([&] { return branch_media->send(core_peer, 11, false, crypto::Bytes(172, i), now()); });
    run_until([&] { return core_media->send(peer, 11, false, crypto::Bytes(172, i), now()); });
  }
  ASSERT_TRUE(run_until([&] { return core_sink.packets.size() == 10 && branch_sink.packets.size() == 10; }));
  EXPECT_FALSE(core_media->stats(peer).udp);
}

TEST_F(MediaLinkTest, SurvivesAnotherTcpConnection) {
  start(true, true);
  ASSERT_TRUE(run_until([&] { return on_udp(); }));
  client->drop_connection();
  // Media doesn't wait for the control stream.
  ASSERT_TRUE(branch_media->send(core_peer, 11, false, crypto::as_bytes("during"), now()));
  ASSERT_TRUE(run_until([&] { return core_sink.packets.size() == 1; }));
  ASSERT_TRUE(run_until([&] { return logged(branch.log, "resumed") && logged(core.log, "resumed branch-1"); }));
  ASSERT_TRUE(core_media->send(peer, 11, false, crypto::as_bytes("after"), now()));
  ASSERT_TRUE(branch_media->send(core_peer, 11, false, crypto::as_bytes("after"), now()));
  ASSERT_TRUE(run_until([&] { return core_sink.packets.size() == 2 && branch_sink.packets.size() == 1; }));
  EXPECT_TRUE(core_media->stats(peer).udp);
}

TEST_F(MediaLinkTest, WorksWithoutOffload) {
  start_core();
  MediaLink::Settings plain;
  plain.offload = false;
  branch_media = std::make_unique<MediaLink>(Side::sbc, plain);
  branch_media->set_sink(&branch_sink);
  client = std::make_unique<Client>(io, client_settings(make_sbc("branch-1", authority)), branch, branch_media.get());
  client->start();
  ASSERT_TRUE(connect());
  peer = server->media_peer(site);
  ASSERT_TRUE(run_until([&] { return on_udp(); }));
  for (int i = 0; i < 300; ++i) {
    branch_media->send(core_peer, 11, false, crypto::Bytes(172, 1), now());
    core_media->send(peer, 11, false, crypto::Bytes(172, 1), now());
  }
  EXPECT_TRUE(run_until([&] { return core_sink.packets.size() == 300 && branch_sink.packets.size() == 300; }));
}

TEST_F(MediaLinkTest, SendsNothingWithoutASession) {
  start_core();
  EXPECT_FALSE(core_media->send(MediaPeer{0}, 11, false, crypto::as_bytes("x"), now()));
  EXPECT_FALSE(core_media->send(MediaPeer{99}, 11, false, crypto::as_bytes("x"), now()));
}

}  // namespace
}  // namespace roamdesk::tunnel::link

#include "common/tunnel/link/media_links.hpp"

#include <array>

#include "tests/unit/tunnel_link/fixture.hpp"

namespace roamdesk::tunnel::link {
namespace {

TEST(MediaLinks, ASessionOfAPeerIsOnThePeersThreadAndNever0) {
  for (const std::size_t threads : {1u, 2u, 3u, 16u})
    for (const std::uint32_t from : {0u, 1u, 77u, 0xfffffff5u, 0xffffffffu})
      for (std::uint32_t peer = 0; peer < 40; ++peer) {
        const auto session = own_session(from, MediaPeer{peer}, threads);
        EXPECT_NE(session, 0u);
        EXPECT_EQ(thread_of(session, threads), thread_of(peer, threads));
      }
}

TEST(MediaLinks, APortThatSomebodyElseHasIsNotShared) {
  const MediaLinks first{{.listen = {{IpAddress{0x7f000001}, 0}}}, 2};
  EXPECT_THROW(MediaLinks({.listen = {first[0].local_endpoint()}}, 2), std::system_error);
  EXPECT_THROW(MediaLinks({.listen = {first[0].local_endpoint()}}, 1), std::system_error);
}

TEST(MediaLinks, AllListenAtTheSamePlaces) {
  const IpAddress at{0x7f000001};
  const MediaLinks links{{.listen = {{at, 0}, {IpAddress{0x7f000002}, 0}}}, 3};
  ASSERT_EQ(links.size(), 3u);
  for (const std::size_t i : {0u, 1u})
    for (const auto* link : links.all()) EXPECT_EQ(link->local_endpoint(i), links[0].local_endpoint(i));
  EXPECT_EQ(MediaLinks({.listen = {{at, 0}}}, 1).size(), 1u);
}

// Two branches, by their own connections; the core has a link for each of two threads.
class LinksTest : public LinkTest {
 protected:
  struct Branch : BranchSide {
    Branch(LinksTest& test, const std::string& name) : media(Side::sbc, {}) {
      media.set_sink(&sink);
      client =
          std::make_unique<Client>(test.io, test.client_settings(test.make_sbc(name, test.authority)), *this, &media);
      client->start();
    }
    MediaLink media;
    Sink sink;
    std::unique_ptr<Client> client;
  };
  ~LinksTest() override {
    branches.clear();
    server.reset();
  }
  void start() {
    at_any_port([this] { start_server(); });
    for (const auto* name : {"branch-1", "branch-2", "branch-3"})
      branches.push_back(std::make_unique<Branch>(*this, name));
  }
  void start_server() {
    server.reset();
    links = std::make_unique<MediaLinks>(MediaLink::Settings{.listen = {{core_at, 0}}}, 2);
    for (std::size_t i = 0; i < 2; ++i) (*links)[i].set_sink(&sinks[i]);
    Server::Settings settings;
    settings.listen = {(*links)[0].local_endpoint()};
    settings.identity = authority.make_server({"core.roamdesk"}, crypto::random_bytes(16), wall_now(), 24h);
    settings.handshakes = &handshakes;
    server = std::make_unique<Server>(io, settings, core, links->all());
    server->start();
  }
  bool run_all_until(const std::function<bool()>& done) {
    return run_until([&] {
      for (auto* link : links->all()) turn(link);
      for (auto& each : branches) turn(&each->media);
      return done();
    });
  }
  MediaLink& link_of(const std::string& name) {
    return (*links)[thread_of(server->media_peer(SiteId{name}).value(), 2)];
  }

  std::unique_ptr<MediaLinks> links;
  std::array<Sink, 2> sinks;
  std::vector<std::unique_ptr<Branch>> branches;
};

TEST_F(LinksTest, EachBranchComesToItsThreadByOnePortAndStaysThereOverReconnections) {
  start();
  const auto on_udp = [&](std::size_t i) {
    const auto name = "branch-" + std::to_string(i + 1);
    return link_of(name).stats(server->media_peer(SiteId{name})).udp && branches[i]->media.stats(MediaPeer{}).udp;
  };
  ASSERT_TRUE(run_all_until([&] { return on_udp(0) && on_udp(1) && on_udp(2); }));
  const auto send_all = [&] {
    for (auto& each : branches)
      for (int i = 0; i < 50; ++i)
        ASSERT_TRUE(each->media.send(MediaPeer{}, 11, false, crypto::Bytes(172, 7), std::chrono::steady_clock::now()));
  };
  send_all();
  ASSERT_TRUE(run_all_until([&] { return sinks[0].packets.size() + sinks[1].packets.size() == 150; }));
  EXPECT_EQ(sinks[0].packets.size(), 100u) << "two branches on one thread, one on the other";
  server->disconnect(SiteId{"branch-1"}, Reason::shutting_down, "test");
  ASSERT_TRUE(run_all_until([&] { return logged(core.log, "connected branch-1", 2); }));
  ASSERT_TRUE(run_all_until([&] {
    branches[0]->media.send(MediaPeer{}, 12, false, crypto::Bytes(172, 7), std::chrono::steady_clock::now());
    return sinks[0].packets.size() + sinks[1].packets.size() > 150;
  }));
  for (std::size_t thread = 0; thread < 2; ++thread)
    for (const auto& packet : sinks[thread].packets) EXPECT_EQ(packet.peer.value() % 2, thread);
}

}  // namespace
}  // namespace roamdesk::tunnel::link

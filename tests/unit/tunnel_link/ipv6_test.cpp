#include "common/tunnel/link/dialling.hpp"
#include "tests/unit/tunnel_link/fixture.hpp"

namespace roamdesk::tunnel::link {
namespace {

class OverIpv6 : public LinkTest {
 protected:
  bool media_passes() {
    return run_until(
        [&] { return branch_media->stats(MediaPeer{0}).udp && core_media->stats(server->media_peer(site)).udp; });
  }
};

TEST_F(OverIpv6, AnSbcHasItsTunnelAndItsMedia) {
  core_at = *parse_ip("::1");
  start_core();
  EXPECT_TRUE(core_address().starts_with("[::1]:"));
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  EXPECT_TRUE(server->status(site)->address.starts_with("[::1]:"));
  EXPECT_TRUE(media_passes()) << "by UDP";
  branch_media->send(MediaPeer{0}, 7, false, crypto::as_bytes("voice"), std::chrono::steady_clock::now());
  ASSERT_TRUE(run_until([&] { return !core_sink.packets.empty(); }));
  EXPECT_EQ(core_sink.packets[0].bytes, "voice");
}

TEST_F(OverIpv6, ACoreThatListensOnEveryAddressIsReachedByBothFamilies) {
  core_at = every_address;
  start_core();
  const auto port = server->local_endpoint().port;
  for (const char* host : {"127.0.0.1", "[::1]"}) {
    branch = {};
    core.log.clear();
    auto settings = client_settings(make_sbc("branch-1", authority));
    settings.cores = {host + (":" + std::to_string(port))};
    branch_media = std::make_unique<MediaLink>(Side::sbc, MediaLink::Settings{});
    branch_media->set_sink(&branch_sink);
    client = std::make_unique<Client>(io, settings, branch, branch_media.get());
    client->start();
    ASSERT_TRUE(connect()) << host;
    EXPECT_TRUE(server->status(site)->address.starts_with(host)) << "an IPv4 client is shown as one";
    EXPECT_TRUE(media_passes()) << host;
    client->stop();
    ASSERT_TRUE(run_until([&] {
      return logged(core.log, "disconnected branch-1 " + std::to_string(static_cast<int>(Reason::shutting_down)));
    }));
  }
}

TEST_F(OverIpv6, ACoreOnOneAddressOfItIsNotReachedByIpv4) {
  core_at = *parse_ip("::1");
  start_core();
  auto settings = client_settings(make_sbc("branch-1", authority));
  settings.cores = {"127.0.0.1:" + std::to_string(server->local_endpoint().port)};
  client = std::make_unique<Client>(io, settings, branch, nullptr);
  client->start();
  ASSERT_TRUE(run_until([&] { return !client->status().last_error.empty(); }));
  EXPECT_FALSE(client->status().connected);
}

TEST(CoreAddress, IsANameOrAnAddressOfEitherFamilyWithAPortOrWithout) {
  const std::pair<const char*, const char*> good[] = {{"pbx.example.com:5067", "pbx.example.com:5067"},
                                                      {"pbx.example.com", "pbx.example.com:5090"},
                                                      {"192.0.2.1:5067", "192.0.2.1:5067"},
                                                      {"[2001:db8::1]:5067", "[2001:db8::1]:5067"},
                                                      {"[2001:DB8:0::1]", "[2001:db8::1]:5090"}};
  for (const auto& [text, written] : good) EXPECT_EQ(to_string(parse_core(text)), written) << text;
  for (const auto* bad : {"", ":5090", "2001:db8::1", "2001:db8::1:5090", "[2001:db8::1", "[2001:db8::1]:",
                          "[2001:db8::1]:0", "[2001:db8::1]5067", "[name]:5090", "name:x", "name:70000"})
    EXPECT_THROW(parse_core(bad), std::runtime_error) << bad;
}

}  // namespace
}  // namespace roamdesk::tunnel::link

#include "tests/unit/tunnel_link/fixture.hpp"

namespace roamdesk::tunnel::link {
namespace {

std::string number(Reason reason) { return std::to_string(static_cast<int>(reason)); }

Sip sip(std::uint32_t flow, std::string text) { return Sip{FlowNumber{flow}, std::move(text)}; }

TEST_F(LinkTest, CarriesFramesBothWays) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  const FlowOpen open{FlowNumber{2}, Transport::udp, {IpAddress{1}, 5060}, {IpAddress{2}, 5062}};
  EXPECT_TRUE(client->send(open));
  EXPECT_TRUE(client->send(sip(2, "REGISTER")));
  EXPECT_TRUE(server->send(site, StreamOpen{7, {IpAddress{1}, 20000}}));
  EXPECT_TRUE(server->send(site, sip(2, "200")));
  ASSERT_TRUE(run_until([&] { return core.frames.size() == 2 && branch.frames.size() == 2; }));
  EXPECT_EQ(core.frames, (std::vector<Frame>{open, sip(2, "REGISTER")}));
  EXPECT_EQ(branch.frames, (std::vector<Frame>{StreamOpen{7, {IpAddress{1}, 20000}}, sip(2, "200")}));
}

TEST_F(LinkTest, RefusesFramesThatArentTheSidesToSend) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  EXPECT_FALSE(client->send(StreamOpen{7, {}}));
  EXPECT_FALSE(server->send(site, HttpRequest{}));
  EXPECT_FALSE(server->send(SiteId{"branch-2"}, StreamOpen{7, {}}));
}

TEST_F(LinkTest, ShowsWhatTheSbcSaidOfItself) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  ASSERT_TRUE(run_until([&] { return server->status(site)->rtt > Duration{} && client->status().rtt > Duration{}; }));
  const auto status = *server->status(site);
  EXPECT_TRUE(status.connected);
  EXPECT_EQ(status.software, "sbc test");
  ASSERT_EQ(status.lans.size(), 1U);
  EXPECT_EQ(status.lans[0].rtp.last, 29999);
  EXPECT_GT(status.bytes_received, 0U);
  EXPECT_TRUE(client->status().connected);
}

TEST_F(LinkTest, RefusesAClientOfAnotherAuthority) {
  start_core();
  const auto other = make_authority();
  auto identity = make_sbc("branch-1", other);
  identity.authority = authority.certificate();  // it trusts us; we don't trust it
  start_branch(identity);
  ASSERT_TRUE(run_until([&] { return client->status().last_error.find("enrol again") != std::string::npos; }));
  EXPECT_TRUE(core.log.empty());
}

TEST_F(LinkTest, RefusesACoreOfAnotherAuthority) {
  start_core();
  const auto other = make_authority();
  start_branch(make_sbc("branch-1", other));
  EXPECT_TRUE(run_until([&] {
    return client->status().last_error.find("isn't from the core that enrolled") != std::string::npos;
  })) << client->status().last_error;
  EXPECT_TRUE(core.log.empty());
}

TEST_F(LinkTest, RefusesAServersCertificateAsAClients) {
  start_core();
  start_branch(authority.make_server({"branch-1"}, crypto::random_bytes(16), wall_now(), 24h));
  ASSERT_TRUE(run_until([&] { return !client->status().last_error.empty(); }));
  EXPECT_TRUE(core.log.empty());
}

TEST_F(LinkTest, RefusesAnExpiredCertificate) {
  start_core();
  start_branch(make_sbc("branch-1", authority, -1h));
  ASSERT_TRUE(run_until([&] { return !client->status().last_error.empty(); }));
  EXPECT_TRUE(core.log.empty());
}

TEST_F(LinkTest, TellsARevokedSbcSo) {
  start_core();
  core.allowed = [](const SiteId&, std::string_view) { return false; };
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(run_until([&] { return client->status().last_error == explain(Reason::revoked); }));
  EXPECT_TRUE(core.log.empty());
}

TEST_F(LinkTest, AsksWithTheCertificatesSerial) {
  start_core();
  const auto identity = make_sbc("branch-1", authority);
  std::string asked;
  core.allowed = [&](const SiteId&, std::string_view serial) {
    asked = serial;
    return true;
  };
  start_branch(identity);
  ASSERT_TRUE(connect());
  EXPECT_EQ(asked, crypto::inspect_certificate(identity.certificate)->serial);
}

TEST_F(LinkTest, RevocationEndsTheConnectionAtOnce) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  core.allowed = [](const SiteId&, std::string_view) { return false; };
  server->disconnect(site, Reason::revoked, "deleted");
  ASSERT_TRUE(run_until([&] { return logged(branch.log, "disconnected " + number(Reason::revoked)); }));
  EXPECT_EQ(core.log,
            (std::vector<std::string>{"connected branch-1", "disconnected branch-1 " + number(Reason::revoked),
                                      "expired branch-1"}));
  EXPECT_FALSE(server->send(site, StreamOpen{7, {}}));
}

TEST_F(LinkTest, TheNewestOfTwoWithOneIdentityWins) {
  start_core();
  const auto identity = make_sbc("branch-1", authority);
  start_branch(identity);
  ASSERT_TRUE(connect());
  BranchSide twin;
  Client second{io, client_settings(identity), twin, nullptr};
  second.start();
  ASSERT_TRUE(run_until([&] { return logged(twin.log, "connected") && branch.log.size() == 2; }));
  EXPECT_EQ(branch.log.back(), "disconnected " + number(Reason::superseded));
  EXPECT_EQ(server->status(site)->superseded, 1U);
  EXPECT_TRUE(second.status().connected);
  EXPECT_FALSE(client->status().connected);
}

TEST_F(LinkTest, ResumesAfterTheConnectionIsLostAndLosesNothing) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  ASSERT_TRUE(client->send(sip(2, "before")));
  ASSERT_TRUE(run_until([&] { return core.frames.size() == 1; }));
  client->drop_connection();
  // Both sides go on sending into the gap.
  EXPECT_TRUE(client->send(sip(2, "in the gap")));
  EXPECT_TRUE(server->send(site, StreamOpen{9, {IpAddress{1}, 20002}}));
  ASSERT_TRUE(run_until([&] { return logged(branch.log, "resumed") && logged(core.log, "resumed branch-1"); }));
  ASSERT_TRUE(run_until([&] { return core.frames.size() == 2 && branch.frames.size() == 1; }));
  EXPECT_EQ(core.frames, (std::vector<Frame>{sip(2, "before"), sip(2, "in the gap")}));
  EXPECT_EQ(branch.frames, (std::vector<Frame>{StreamOpen{9, {IpAddress{1}, 20002}}}));
}

TEST_F(LinkTest, BeginsAnewAfterTheCoreRestarted) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  const auto port = server->local_endpoint().port;
  server.reset();
  core_media.reset();
  ASSERT_TRUE(run_until([&] { return logged(branch.log, "disconnected " + number(Reason::shutting_down)); }));
  start_core(port);
  ASSERT_TRUE(run_until([&] { return logged(branch.log, "connected", 2); }));
  EXPECT_FALSE(logged(branch.log, "resumed"));
}

TEST_F(LinkTest, RenewsACertificateThatHasAThirdOfItsLifeLeft) {
  start_core();
  core.renewing = [&](const std::string& request, ServerHandler::Reply reply) {
    Issued issued;
    issued.certificate = *authority.sign_client(request, "branch-1", crypto::random_bytes(16), wall_now(), 24h * 365);
    issued.authority = authority.certificate();
    reply(issued);
  };
  start_branch(make_sbc("branch-1", authority, 1h));  // 25 hours in all, since certificates begin a day early
  ASSERT_TRUE(run_until([&] { return branch.renewed.has_value(); }));
  EXPECT_GT(crypto::inspect_certificate(branch.renewed->certificate)->not_after, wall_now() + 24h * 300);
  // It is good: a new connection uses it.
  client->drop_connection();
  EXPECT_TRUE(run_until([&] { return logged(core.log, "resumed branch-1"); }));
}

TEST_F(LinkTest, TriesTheNextCore) {
  start_core();
  auto settings = client_settings(make_sbc("branch-1", authority));
  settings.cores.insert(settings.cores.begin(), "127.0.0.1:1");
  client = std::make_unique<Client>(io, settings, branch, nullptr);
  client->start();
  EXPECT_TRUE(connect());
}

TEST_F(LinkTest, RefusesUnusableSettings) {
  start_core();
  auto settings = client_settings(make_sbc("branch-1", authority));
  settings.cores = {"nonsense:"};
  EXPECT_THROW((Client{io, settings, branch, nullptr}), std::runtime_error);
  settings = client_settings(make_sbc("branch-1", authority));
  settings.identity.key = crypto::generate_key();
  EXPECT_THROW((Client{io, settings, branch, nullptr}), std::runtime_error);
}

// Upgrades and restarts that follow each other: by doubling, the sixth wait alone would be 2.25 s or more.
TEST_F(LinkTest, ABranchIsBackSoonHoweverOftenTheCoreHasJustSaidThatItGoes) {
  start_core();
  start_branch(make_sbc("branch-1", authority));
  ASSERT_TRUE(connect());
  const auto connections = [&] {
    return std::count(branch.log.begin(), branch.log.end(), "connected") +
           std::count(branch.log.begin(), branch.log.end(), "resumed");
  };
  for (int restart = 1; restart <= 6; ++restart) {
    server->disconnect(site, Reason::shutting_down, "test");
    ASSERT_TRUE(run_until([&] { return connections() == 1 + restart; }, 2s)) << restart;
  }
}

}  // namespace
}  // namespace roamdesk::tunnel::link

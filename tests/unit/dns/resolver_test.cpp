#include "common/dns/resolver.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <optional>

#include "server.hpp"

namespace roamdesk::dns {
namespace {

using namespace std::chrono_literals;
using names::Fault;
using names::Located;
using names::Problem;
using names::Query;
using testing::ElementsAre;
using testing::IsEmpty;

struct Resolving : testing::Test {
  boost::asio::io_context io;
  Server server{io};
  std::unique_ptr<Resolver> resolver = with({.servers = {server.endpoint()}});

  std::unique_ptr<Resolver> with(Resolver::Settings settings) {
    return std::make_unique<Resolver>(io, std::move(settings));
  }
  Located locate(std::string_view name, std::optional<sip::Transport> transport = std::nullopt) {
    std::optional<Located> found;
    resolver->locate(names::parse_server(name, transport).value(), [&](const Located& located) { found = located; });
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!found && std::chrono::steady_clock::now() < end) io.run_one_for(100ms);
    EXPECT_TRUE(found) << name;
    return found.value_or(Located{});
  }
  static std::vector<std::string> tried(const Located& located) {
    std::vector<std::string> all;
    for (const names::Target& target : located.targets)
      all.push_back(std::string{word_of(target.transport)} + ' ' + to_string(target.endpoint));
    return all;
  }
  static std::string words_of(const Located& located) { return located.problem ? to_string(*located.problem) : ""; }
};

TEST_F(Resolving, PointersServicesAndAddressesLeadToTheServers) {
  server.pointer("tel.example.com", 1, "SIP+D2T", "_sip._tcp.tel.example.com");
  server.service("_sip._tcp.tel.example.com", 20, 5070, "b.example.com");
  server.service("_sip._tcp.tel.example.com", 10, 5060, "a.example.com", 300);
  server.address("a.example.com", 0x7f000001);
  server.address("b.example.com", 0x7f000002);
  const Located located = locate("tel.example.com");
  EXPECT_THAT(tried(located), ElementsAre("tcp 127.0.0.1:5060", "tcp 127.0.0.2:5070"));
  EXPECT_EQ(located.ttl, 300s);
  EXPECT_EQ(located.targets[1].host, "b.example.com");
}

TEST_F(Resolving, AliasesOfAddressesAndOfServicesAreFollowedWithTheirTtl) {
  server.alias("_sip._udp.example.com", 33, "_sip._udp.example.com", "_sip._udp.example.net", 120);
  server.add("_sip._udp.example.com", 33, "_sip._udp.example.net", 3600,
             names::Wire{}.u16(1).u16(1).u16(5060).name("a.example.com"));
  server.address("a.example.com", 0x7f000001);
  EXPECT_EQ(locate("example.com", sip::Transport::udp).ttl, 120s);

  server.alias("www.example.com", 1, "www.example.com", "host.example.net", 90);
  server.add("www.example.com", 1, "host.example.net", 3600, names::Wire{}.u32(0x7f000009));
  const Located aliased = locate("www.example.com:5080");
  EXPECT_THAT(tried(aliased), ElementsAre("udp 127.0.0.9:5080"));
  EXPECT_EQ(aliased.ttl, 90s);
}

TEST_F(Resolving, WhatTheServerSaysIsSaidInWords) {
  EXPECT_EQ(words_of(locate("nowhere.example")), "the name nowhere.example doesn't exist (DNS: NXDOMAIN)");
  server.nothing("empty.example", 1);
  EXPECT_EQ(words_of(locate("empty.example:5060")), "the name empty.example exists, but has no address");
  server.code("broken.example", 1, Server::Code::failed);
  EXPECT_EQ(locate("broken.example:5060").problem, (Problem{Fault::server_failed, "broken.example"}));
  server.code("closed.example", 1, Server::Code::refused);
  EXPECT_EQ(locate("closed.example:5060").problem, (Problem{Fault::server_failed, "closed.example"}));
  server.code("_sip._udp.closed.example", 33, Server::Code::refused);
  EXPECT_EQ(locate("closed.example", sip::Transport::udp).problem,
            (Problem{Fault::server_failed, "_sip._udp.closed.example"}));
}

TEST_F(Resolving, AnAnswerThatCantBeReadIsSaidInWords) {
  server.service("_sip._udp.example.com", 1, 5060, "a.example.com");
  server.garbage("_sip._udp.example.com", 33);
  EXPECT_EQ(locate("example.com", sip::Transport::udp).problem, (Problem{Fault::bad_answer, "_sip._udp.example.com"}));
}

TEST_F(Resolving, ASilentServerIsSaidInWordsInTime) {
  server.silent = true;
  const auto begun = std::chrono::steady_clock::now();
  const Located located = locate("example.com", sip::Transport::udp);
  EXPECT_EQ(words_of(located), "no DNS server has answered in time when asked for _sip._udp.example.com");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
}

TEST_F(Resolving, APortWithoutServerIsSaidInWords) {
  boost::asio::ip::udp::socket closed{io, {boost::asio::ip::address_v4::loopback(), 0}};
  const Endpoint nobody{IpAddress{0x7f000001}, closed.local_endpoint().port()};
  closed.close();
  resolver = with({.servers = {nobody}});
  EXPECT_EQ(locate("example.com:5060").problem, (Problem{Fault::server_failed, "example.com"}));
}

TEST_F(Resolving, TheSecondServerIsAskedWhereTheFirstIsSilent) {
  Server silent{io};
  silent.silent = true;
  server.address("a.example.com", 0x7f000001);
  resolver = with({.servers = {silent.endpoint(), server.endpoint()}});
  EXPECT_THAT(tried(locate("a.example.com:5060")), ElementsAre("udp 127.0.0.1:5060"));
}

TEST_F(Resolving, AnAnswerThatDoesntFitIsFetchedByTcp) {
  server.only_by_tcp = true;
  for (unsigned i = 0; i < 12; ++i)
    server.service("_sip._udp.example.com", i, 5060, "a-server-with-a-long-name-" + std::to_string(i) + ".example.com");
  server.address("a-server-with-a-long-name-7.example.com", 0x7f000001);
  EXPECT_THAT(tried(locate("example.com", sip::Transport::udp)), ElementsAre("udp 127.0.0.1:5060"));
  EXPECT_GT(server.asked_by_tcp, 0U);
}

TEST_F(Resolving, WhatIsRememberedIsntAskedAgain) {
  server.address("a.example.com", 0x7f000001);
  locate("a.example.com:5060");
  const unsigned before = server.asked;
  EXPECT_THAT(tried(locate("a.example.com:5060")), ElementsAre("udp 127.0.0.1:5060"));
  EXPECT_EQ(server.asked, before);
}

TEST_F(Resolving, WhoAsksForWhatIsBeingAskedWaitsWithIt) {
  server.address("a.example.com", 0x7f000001);
  const Query query = names::parse_server("a.example.com:5060", std::nullopt).value();
  int answered = 0;
  for (int i = 0; i < 100; ++i)
    resolver->locate(query, [&](const Located& located) { answered += located.problem ? 0 : 1; });
  EXPECT_EQ(answered, 0) << "never from inside";
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (answered < 100 && std::chrono::steady_clock::now() < end) io.run_one_for(100ms);
  EXPECT_EQ(answered, 100);
  EXPECT_EQ(server.asked, 2U) << "once for each kind of address";
}

TEST_F(Resolving, NoMoreQueriesAtOnceThanTheLimit) {
  resolver = with({.servers = {server.endpoint()}, .at_once = 4});
  int busy = 0, others = 0;
  for (int i = 0; i < 10; ++i)
    resolver->locate(names::parse_server("s" + std::to_string(i) + ".example.com:5060", std::nullopt).value(),
                     [&](const Located& located) {
                       ++(located.problem == Problem{Fault::too_many, located.problem->name} ? busy : others);
                     });
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (busy + others < 10 && std::chrono::steady_clock::now() < end) io.run_one_for(100ms);
  EXPECT_EQ(busy, 6);
  EXPECT_EQ(others, 4);
}

TEST_F(Resolving, TimeIsBoundedHoweverSlowTheServersAre) {
  server.silent = true;
  resolver = with({.servers = {server.endpoint()}, .longest = 200ms});
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(locate("example.com").problem, (Problem{Fault::no_answer, "example.com"}));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 900ms);
}

TEST_F(Resolving, TheLastGoodSetStaysWhileTheServerIsSilent) {
  server.address("a.example.com", 0x7f000001, 0);  // 5 s, the shortest
  resolver = with({.servers = {server.endpoint()}, .longest = 200ms});
  EXPECT_EQ(locate("a.example.com:5060").ttl, names::shortest_ttl);
  server.silent = true;
  const auto end = std::chrono::steady_clock::now() + 20s;
  Located located;
  while (!located.stale && std::chrono::steady_clock::now() < end) {
    io.run_for(300ms);
    located = locate("a.example.com:5060");
  }
  EXPECT_TRUE(located.stale);
  EXPECT_THAT(tried(located), ElementsAre("udp 127.0.0.1:5060"));
}

TEST_F(Resolving, NamesOfThisMachineNeedNoServer) {
  server.silent = true;
  const auto found = tried(locate("localhost:5060"));
  EXPECT_THAT(found, testing::Contains("udp 127.0.0.1:5060"));
  EXPECT_THAT(found, testing::Contains("udp [::1]:5060"));
}

TEST_F(Resolving, AResolverThatGoesAwayAnswersNobody) {
  bool answered = false;
  const auto note = [&](const Located&) { answered = true; };
  resolver->locate(names::parse_server("127.0.0.1", std::nullopt).value(), note);
  resolver->locate(names::parse_server("a.example.com", std::nullopt).value(), note);
  resolver.reset();
  io.run_for(100ms);
  EXPECT_FALSE(answered);

  server.silent = true;  // sockets and timers are open
  resolver = with({.servers = {server.endpoint()}});
  resolver->locate(names::parse_server("a.example.com", std::nullopt).value(), note);
  io.run_for(100ms);
  resolver.reset();
  io.run_for(100ms);
  EXPECT_FALSE(answered);
}

TEST_F(Resolving, AddressesOfIpv6AreFoundByName) {
  server.address("six.example.com", *parse_ip("2001:db8::1"), 120);
  const Located located = locate("six.example.com:5060");
  EXPECT_THAT(tried(located), ElementsAre("udp [2001:db8::1]:5060"));
  EXPECT_EQ(located.ttl, 120s);
  server.address("both.example.com", *parse_ip("2001:db8::2"));
  server.address("both.example.com", 0x7f000001);
  EXPECT_THAT(tried(locate("both.example.com:5060")), ElementsAre("udp [2001:db8::2]:5060", "udp 127.0.0.1:5060"));
}

}  // namespace
}  // namespace roamdesk::dns

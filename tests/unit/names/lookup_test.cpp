#include "common/names/lookup.hpp"

#include <gmock/gmock.h>

#include "zone.hpp"

namespace roamdesk::names {
namespace {

using sip::Transport;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

Query query(std::string_view server, std::optional<Transport> transport = std::nullopt) {
  return parse_server(server, transport).value();
}

TEST(Lookup, AnAddressAsksNothing) {
  Zone zone;
  EXPECT_THAT(tried(zone.locate(query("192.0.2.1"))), ElementsAre("udp 192.0.2.1:5060"));
  EXPECT_THAT(tried(zone.locate(query("192.0.2.1", Transport::tls))), ElementsAre("tls 192.0.2.1:5061"));
  EXPECT_THAT(tried(zone.locate(query("192.0.2.1:5080", Transport::tcp))), ElementsAre("tcp 192.0.2.1:5080"));
  EXPECT_THAT(zone.asked, IsEmpty());
}

TEST(Lookup, APortMeansAddressRecordsOnly) {
  Zone zone;
  zone.address("sip.example.com", {"192.0.2.1", "192.0.2.2"})
      .services("_sip._udp.sip.example.com", {server(1, 1, 5070, "other.example.com")})
      .address("other.example.com", {"192.0.2.9"});
  EXPECT_THAT(tried(zone.locate(query("sip.example.com:5080"))),
              ElementsAre("udp 192.0.2.1:5080", "udp 192.0.2.2:5080"));
  EXPECT_THAT(tried(zone.locate(query("sip.example.com:5080", Transport::tls))),
              ElementsAre("tls 192.0.2.1:5080", "tls 192.0.2.2:5080"));
  EXPECT_FALSE(zone.was_asked(RecordType::srv) || zone.was_asked(RecordType::naptr));
}

TEST(Lookup, ATransportMeansItsServicesAndNoPointers) {
  Zone zone;
  zone.address("a.example.com", {"192.0.2.1"})
      .services("_sip._udp.example.com", {server(1, 1, 5060, "a.example.com")})
      .services("_sip._tcp.example.com", {server(1, 1, 5070, "a.example.com")})
      .services("_sips._tcp.example.com", {server(1, 1, 5071, "a.example.com")})
      .pointers("example.com", {pointer(1, 1, "SIP+D2U", "_sip._udp.example.com")});
  EXPECT_THAT(tried(zone.locate(query("example.com", Transport::udp))), ElementsAre("udp 192.0.2.1:5060"));
  EXPECT_THAT(tried(zone.locate(query("example.com", Transport::tcp))), ElementsAre("tcp 192.0.2.1:5070"));
  EXPECT_THAT(tried(zone.locate(query("example.com", Transport::tls))), ElementsAre("tls 192.0.2.1:5071"));
  EXPECT_FALSE(zone.was_asked(RecordType::naptr));
}

TEST(Lookup, ANameWithoutServicesHasItsOwnAddressAndTheDefaultPort) {
  Zone zone;
  zone.address("sip.example.com", {"192.0.2.1"});
  EXPECT_THAT(tried(zone.locate(query("sip.example.com"))), ElementsAre("udp 192.0.2.1:5060"));
  EXPECT_THAT(tried(zone.locate(query("sip.example.com", Transport::tcp))), ElementsAre("tcp 192.0.2.1:5060"));
  EXPECT_THAT(tried(zone.locate(query("sip.example.com", Transport::tls))), ElementsAre("tls 192.0.2.1:5061"));
}

// As tel.t-online.de: no address record at all, everything hangs on NAPTR.
TEST(Lookup, PointersChooseTheTransport) {
  Zone zone;
  zone.pointers("tel.example.com", {pointer(20, 0, "SIP+D2U", "_sip._udp.tel.example.com"),
                                    pointer(10, 0, "SIPS+D2T", "_sips._tcp.tel.example.com"),
                                    pointer(15, 0, "SIP+D2T", "_sip._tcp.tel.example.com")})
      .services("_sips._tcp.tel.example.com",
                {server(10, 0, 5061, "b.example.com"), server(0, 5, 5061, "a.example.com")})
      .services("_sip._udp.tel.example.com", {server(0, 5, 5060, "a.example.com")})
      .address("a.example.com", {"192.0.2.1"})
      .address("b.example.com", {"192.0.2.2"});
  EXPECT_THAT(tried(zone.locate(query("tel.example.com"))), ElementsAre("tls 192.0.2.1:5061", "tls 192.0.2.2:5061"));
}

TEST(Lookup, PointersOfOneOrderGoByPreferenceAndThoseOfAHigherOrderDontCount) {
  Zone zone;
  zone.pointers("example.com",
                {pointer(2, 1, "SIP+D2T", "_sip._tcp.other.example"), pointer(1, 9, "sip+d2u", "_sip._udp.example.com"),
                 pointer(1, 5, "SIP+D2T", "_sip._tcp.example.com")})
      .services("_sip._udp.example.com", {server(1, 1, 5060, "a.example.com")})
      .services("_sip._tcp.other.example", {server(1, 1, 5060, "a.example.com")})
      .address("a.example.com", {"192.0.2.1"});
  // TCP is preferred and has no servers; of the second order nothing is taken.
  EXPECT_THAT(tried(zone.locate(query("example.com"))), ElementsAre("udp 192.0.2.1:5060"));
  zone.services("_sip._tcp.example.com", {server(1, 1, 5065, "a.example.com")});
  EXPECT_THAT(tried(zone.locate(query("example.com"))), ElementsAre("tcp 192.0.2.1:5065"));
}

TEST(Lookup, PointersToWhatWeDontSpeakAreLeftOut) {
  Zone zone;
  PointerRecord rewriting = pointer(0, 0, "SIP+D2U", "_sip._udp.elsewhere.example");
  rewriting.rewrites = true;
  PointerRecord final = pointer(0, 0, "SIP+D2U", "_sip._udp.elsewhere.example");
  final.flags = "u";
  zone.pointers("example.com", {rewriting, final, pointer(0, 0, "SIP+D2S", "_sip._sctp.example.com"),
                                pointer(0, 0, "E2U+sip", "_sip._udp.elsewhere.example"), pointer(0, 0, "SIP+D2T", ""),
                                pointer(3, 0, "SIP+D2T", "_sip._tcp.example.com")})
      .services("_sip._udp.elsewhere.example", {server(1, 1, 5060, "evil.example")})
      .services("_sip._tcp.example.com", {server(1, 1, 5060, "a.example.com")})
      .address("evil.example", {"192.0.2.66"})
      .address("a.example.com", {"192.0.2.1"});
  EXPECT_THAT(tried(zone.locate(query("example.com"))), ElementsAre("tcp 192.0.2.1:5060"));
}

TEST(Lookup, WithoutPointersTheFirstTransportThatHasServersIsTaken) {
  Zone zone;
  zone.address("a.example.com", {"192.0.2.1"}).address("example.com", {"192.0.2.80"});
  zone.services("_sips._tcp.example.com", {server(1, 1, 5061, "a.example.com")});
  EXPECT_THAT(tried(zone.locate(query("example.com"))), ElementsAre("tls 192.0.2.1:5061"));
  zone.services("_sip._tcp.example.com", {server(1, 1, 5060, "a.example.com")});
  EXPECT_THAT(tried(zone.locate(query("example.com"))), ElementsAre("tcp 192.0.2.1:5060"));
  zone.services("_sip._udp.example.com", {server(1, 1, 5060, "a.example.com")});
  EXPECT_THAT(tried(zone.locate(query("example.com"))), ElementsAre("udp 192.0.2.1:5060"));
}

TEST(Lookup, ServersGoByPriorityAndEachAddressOnce) {
  Zone zone;
  zone.services("_sip._udp.example.com", {server(20, 1, 5060, "c.example.com"), server(10, 1, 5060, "a.example.com"),
                                          server(15, 1, 5060, "b.example.com"), server(30, 1, 5061, "a.example.com")})
      .address("a.example.com", {"192.0.2.1", "192.0.2.2"})
      .address("b.example.com", {"192.0.2.2"})
      .address("c.example.com", {"192.0.2.3"});
  EXPECT_THAT(tried(zone.locate(query("example.com", Transport::udp))),
              ElementsAre("udp 192.0.2.1:5060", "udp 192.0.2.2:5060", "udp 192.0.2.3:5060", "udp 192.0.2.1:5061",
                          "udp 192.0.2.2:5061"));
}

TEST(Lookup, ANameThatDoesntExistIsSaidInWords) {
  Zone zone;
  const Located located = zone.locate(query("sip.nowhere.example"));
  EXPECT_THAT(located.targets, IsEmpty());
  EXPECT_EQ(located.problem, (Problem{Fault::no_such_name, "sip.nowhere.example"}));
  EXPECT_EQ(to_string(*located.problem), "the name sip.nowhere.example doesn't exist (DNS: NXDOMAIN)");
  EXPECT_EQ(located.ttl, ask_again_after);
}

TEST(Lookup, ANameWithoutAddressAndABadOneAreSaidInWords) {
  Zone zone;
  zone.address("www.example.com", {});
  EXPECT_EQ(zone.locate(query("www.example.com")).problem, (Problem{Fault::no_address, "www.example.com"}));
  EXPECT_EQ(zone.locate({.host = "no name", .port = 5060, .transport = std::nullopt}).problem,
            (Problem{Fault::not_a_name, "no name"}));
}

TEST(Lookup, ARootAsTargetSaysThatThereIsNoSuchService) {
  Zone zone;
  zone.services("_sip._udp.example.com", {server(0, 0, 0, "")}).address("example.com", {"192.0.2.80"});
  EXPECT_EQ(zone.locate(query("example.com", Transport::udp)).problem, (Problem{Fault::not_offered, "example.com"}));
  EXPECT_EQ(zone.locate(query("example.com")).problem, (Problem{Fault::not_offered, "example.com"}));
  zone.services("_sip._tcp.example.com", {server(0, 0, 5060, "example.com")});
  EXPECT_THAT(tried(zone.locate(query("example.com"))), ElementsAre("tcp 192.0.2.80:5060"));
}

// The name's own address is often a web server: calls must not go there because DNS had a bad moment.
TEST(Lookup, ServicesThatCantBeLookedUpArentTakenForNone) {
  for (const Fault fault : {Fault::no_answer, Fault::server_failed, Fault::bad_answer}) {
    Zone zone;
    zone.fails(RecordType::srv, "_sip._udp.example.com", fault).address("example.com", {"192.0.2.80"});
    const Located located = zone.locate(query("example.com", Transport::udp));
    EXPECT_THAT(located.targets, IsEmpty());
    EXPECT_EQ(located.problem, (Problem{fault, "_sip._udp.example.com"}));
    EXPECT_THAT(zone.locate(query("example.com")).targets, IsEmpty());
  }
}

TEST(Lookup, AServerThatCantTellPointersMayTellServices) {
  Zone zone;
  zone.fails(RecordType::naptr, "example.com", Fault::server_failed)
      .services("_sip._tcp.example.com", {server(1, 1, 5060, "a.example.com")})
      .address("a.example.com", {"192.0.2.1"});
  const Located located = zone.locate(query("example.com"));
  EXPECT_THAT(tried(located), ElementsAre("tcp 192.0.2.1:5060"));
  EXPECT_EQ(located.problem, (Problem{Fault::server_failed, "example.com"}));
  EXPECT_EQ(located.ttl, ask_again_after);
}

TEST(Lookup, OneServerWithoutAddressDoesntCostTheOthers) {
  Zone zone;
  zone.services("_sip._udp.example.com", {server(1, 1, 5060, "gone.example.com"), server(2, 1, 5060, "b.example.com")})
      .address("b.example.com", {"192.0.2.2"});
  const Located located = zone.locate(query("example.com", Transport::udp));
  EXPECT_THAT(tried(located), ElementsAre("udp 192.0.2.2:5060"));
  EXPECT_EQ(located.problem, (Problem{Fault::no_such_name, "gone.example.com"}));
}

TEST(Lookup, WhereNoServerOfATransportHasAnAddressTheNextTransportIsTaken) {
  Zone zone;
  zone.services("_sip._udp.example.com", {server(1, 1, 5060, "gone.example.com")})
      .services("_sip._tcp.example.com", {server(1, 1, 5060, "b.example.com")})
      .address("b.example.com", {"192.0.2.2"})
      .address("example.com", {"192.0.2.80"});
  EXPECT_THAT(tried(zone.locate(query("example.com"))), ElementsAre("tcp 192.0.2.2:5060"));
  // And where none has one, the name's own address isn't taken: it has services.
  zone.address("b.example.com", {});
  EXPECT_THAT(tried(zone.locate(query("example.com"))), IsEmpty());
}

TEST(Lookup, TheTtlIsTheLeastOnTheWay) {
  const auto ttl_with = [](std::chrono::seconds pointers, std::chrono::seconds services, std::chrono::seconds address) {
    Zone zone;
    zone.pointers("example.com", {pointer(1, 1, "SIP+D2U", "_sip._udp.example.com")}, pointers)
        .services("_sip._udp.example.com", {server(1, 1, 5060, "a.example.com")}, services)
        .address("a.example.com", {"192.0.2.1"}, address);
    return zone.locate(query("example.com")).ttl;
  };
  EXPECT_EQ(ttl_with(60s, 3600s, 3600s), 60s);
  EXPECT_EQ(ttl_with(3600s, 60s, 3600s), 60s);
  EXPECT_EQ(ttl_with(3600s, 3600s, 60s), 60s);
  EXPECT_EQ(ttl_with(3600s, 3600s, 0s), shortest_ttl);
  EXPECT_EQ(ttl_with(1000h, 1000h, 1000h), longest_ttl);
}

TEST(Lookup, NoMoreTargetsThanTheLimit) {
  Zone zone;
  std::vector<ServiceRecord> servers;
  for (std::uint16_t i = 0; i < most_records; ++i) {
    const std::string name = "s" + std::to_string(i) + ".example.com";
    servers.push_back(server(i, 0, 5060, name));
    std::vector<std::string> addresses;
    for (int j = 0; j < 16; ++j) addresses.push_back("10.0." + std::to_string(i) + '.' + std::to_string(j));
    zone.address(name, addresses);
  }
  zone.services("_sip._udp.example.com", servers);
  const Located located = zone.locate(query("example.com", Transport::udp));
  EXPECT_EQ(located.targets.size(), most_targets);
  EXPECT_EQ(zone.asked.size(), 1 + 2 * most_records);
}

TEST(Lookup, WhenTimeIsUpWhatWasFoundIsTaken) {
  Lookup lookup{query("example.com", Transport::udp), [](std::uint32_t) { return 0U; }};
  const auto services = lookup.begin();
  ASSERT_EQ(services.ask.size(), 1U);
  const auto addresses = lookup.answered(
      services.ask[0],
      Answer{Records{std::vector{server(1, 1, 5060, "slow.example.com"), server(2, 1, 5060, "b.example.com")}}});
  ASSERT_EQ(addresses.ask.size(), 4U) << "of each name both kinds of addresses";
  const Question b{RecordType::a, "b.example.com"};
  EXPECT_FALSE(lookup.answered(b, Answer{Records{std::vector{AddressRecord{IpAddress{1}, 60s}}}}).located);
  const auto end = lookup.give_up();
  ASSERT_TRUE(end.located);
  EXPECT_THAT(tried(*end.located), ElementsAre("udp 0.0.0.1:5060"));
  EXPECT_EQ(end.located->problem, (Problem{Fault::no_answer, "slow.example.com"}));
}

TEST(Lookup, WhenTimeIsUpWithoutAnAnswerThatIsSaid) {
  for (const auto transport : {std::optional<Transport>{}, std::optional{Transport::tcp}}) {
    Lookup lookup{query("example.com", transport), [](std::uint32_t) { return 0U; }};
    const auto open = lookup.begin();
    const auto end = lookup.give_up();
    ASSERT_TRUE(end.located && end.ask.empty());
    EXPECT_EQ(to_string(end.located->problem.value()), "no DNS server has answered in time when asked for example.com");
    // What comes later changes nothing.
    const auto late = lookup.answered(open.ask[0], Answer{Fault::no_such_name});
    EXPECT_TRUE(late.ask.empty() && !late.located);
    EXPECT_FALSE(lookup.give_up().located);
  }
}

TEST(Lookup, AnswersThatNobodyAskedForChangeNothing) {
  Lookup lookup{query("example.com", Transport::udp), [](std::uint32_t) { return 0U; }};
  lookup.begin();
  const Question other{RecordType::srv, "_sip._udp.other.example"};
  const auto step = lookup.answered(other, Answer{Records{std::vector{server(1, 1, 5060, "evil.example")}}});
  EXPECT_TRUE(step.ask.empty() && !step.located);
}

TEST(Lookup, OfIpv6AnAddressAsksNothing) {
  Zone zone;
  for (const auto* text : {"2001:db8::1", "[2001:db8::1]", "2001:DB8:0::1"})
    EXPECT_THAT(tried(zone.locate(query(text))), ElementsAre("udp [2001:db8::1]:5060")) << text;
  EXPECT_THAT(tried(zone.locate(query("[2001:db8::1]:5080", Transport::tcp))), ElementsAre("tcp [2001:db8::1]:5080"));
  EXPECT_THAT(tried(zone.locate(query("[::ffff:192.0.2.1]:5080"))), ElementsAre("udp 192.0.2.1:5080"));
  EXPECT_EQ(query("[2001:db8::1]:5080").host, "2001:db8::1") << "as a certificate has it";
  EXPECT_THAT(zone.asked, IsEmpty());
  for (const auto* bad : {"2001:db8::1:5080:x", "[2001:db8::1", "[2001:db8::1]:", "[2001:db8::1]:0",
                          "[sip.example.com]:5060", "[192.0.2.1]"})
    EXPECT_FALSE(parse_server(bad, std::nullopt)) << bad;
}

TEST(Lookup, OfANameWithAddressesOfBothKindsTriesIpv6FirstOfEachServer) {
  Zone zone;
  zone.services("_sip._udp.example.com", {server(1, 1, 5060, "a.example.com"), server(2, 1, 5070, "b.example.com")})
      .address("a.example.com", {"192.0.2.1", "2001:db8::1"})
      .address("b.example.com", {"2001:db8::2", "192.0.2.2"});
  EXPECT_THAT(
      tried(zone.locate(query("example.com", Transport::udp))),
      ElementsAre("udp [2001:db8::1]:5060", "udp 192.0.2.1:5060", "udp [2001:db8::2]:5070", "udp 192.0.2.2:5070"));
}

TEST(Lookup, OfANameWithAddressesOfOneKindMissesNothing) {
  Zone zone;
  zone.address("six.example.com", {"2001:db8::1"}).address("four.example.com", {"192.0.2.1"});
  const auto six = zone.locate(query("six.example.com:5060")), four = zone.locate(query("four.example.com:5060"));
  EXPECT_THAT(tried(six), ElementsAre("udp [2001:db8::1]:5060"));
  EXPECT_THAT(tried(four), ElementsAre("udp 192.0.2.1:5060"));
  EXPECT_FALSE(six.problem || four.problem);
}

TEST(Lookup, ServersThatCannotBeAskedForOneKindOfAddressAreBelievedOfTheOther) {
  for (const Fault fault : {Fault::server_failed, Fault::no_answer, Fault::bad_answer, Fault::no_such_name}) {
    Zone zone;
    zone.address("a.example.com", {"192.0.2.1"}).fails(RecordType::aaaa, "a.example.com", fault);
    const auto located = zone.locate(query("a.example.com:5060"));
    EXPECT_THAT(tried(located), ElementsAre("udp 192.0.2.1:5060"));
    EXPECT_FALSE(located.problem);
  }
  Zone zone;
  zone.fails(RecordType::aaaa, "b.example.com", Fault::no_answer).address("b.example.com", {});
  EXPECT_EQ(zone.locate(query("b.example.com:5060")).problem, (Problem{Fault::no_answer, "b.example.com"}))
      << "it may have one that we don't know";
}

}  // namespace
}  // namespace roamdesk::names

#include "exchange/trace/trace.hpp"

#include <gtest/gtest.h>

#include "exchange/trace/pcap.hpp"

namespace roamdesk::trace {
namespace {

sip::Flow flow(const char* site = "local", const char* peer = "10.0.0.2:5060") {
  return {sip::FlowId{1}, {SiteId{site}, sip::Transport::udp, *parse_endpoint("10.0.0.1:5060"), *parse_endpoint(peer)}};
}
std::string invite(const std::string& id) {
  return "INVITE sip:102@x SIP/2.0\r\nCall-ID: " + id + "\r\nCSeq: 1 INVITE\r\n\r\n";
}
std::string ok(const std::string& id) { return "SIP/2.0 200 OK\r\ni: " + id + "\r\nCSeq: 1 INVITE\r\n\r\n"; }
WallTime at(int ms) { return WallTime{std::chrono::milliseconds{ms}}; }

}  // namespace

TEST(Trace, ShowsBothDialogsOfACallInTheirOrder) {
  Trace trace;
  trace.received(flow(), invite("a"), at(1));
  trace.joined("call", "a", flow(), "101");
  trace.joined("call", "b", flow("branch-1", "10.0.0.3:5060"), "102");
  trace.sent(SiteId{"branch-1"}, invite("b"), at(2));
  trace.received(flow("branch-1", "10.0.0.3:5060"), ok("b"), at(3));
  trace.sent(SiteId{"local"}, ok("a"), at(4));
  const auto found = trace.find("call");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->ended);
  ASSERT_EQ(found->parties.size(), 2u);
  EXPECT_EQ(found->parties[1].label, "102");
  EXPECT_EQ(found->parties[1].site, SiteId{"branch-1"});
  ASSERT_EQ(found->messages.size(), 4u);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(found->messages[static_cast<std::size_t>(i)].at, at(i + 1));
  EXPECT_TRUE(found->messages[0].received);
  EXPECT_EQ(found->messages[1].party, 1u);
  EXPECT_FALSE(trace.find("other"));
}

TEST(Trace, KeepsTheDialogsOfTwoBranchesApartWhoseCallIdsAreTheSame) {
  Trace trace;
  for (const char* site : {"branch-1", "branch-2"}) {
    trace.received(flow(site), invite("same"), at(1));
    trace.joined(site, "same", flow(site), "101");
  }
  trace.sent(SiteId{"branch-2"}, ok("same"), at(2));
  EXPECT_EQ(trace.find("branch-1")->messages.size(), 1u);
  EXPECT_EQ(trace.find("branch-2")->messages.size(), 2u);
  EXPECT_EQ(trace.find("branch-1")->messages[0].flow.site, SiteId{"branch-1"});
}

TEST(Trace, KeepsNothingOfWhatIsNoCall) {
  Trace trace;
  trace.received(flow(), "REGISTER sip:x SIP/2.0\r\nCall-ID: r\r\n\r\n", at(1));
  trace.sent(SiteId{"local"}, ok("r"), at(2));
  EXPECT_EQ(trace.bytes(), 0u);
}

TEST(Trace, ForgetsTheOldestCallThatEnded) {
  Trace trace({.ended_calls = 2});
  for (const char* id : {"a", "b", "c"}) {
    trace.received(flow(), invite(id), at(1));
    trace.joined(id, id, flow(), "101");
    trace.ended(id);
  }
  EXPECT_FALSE(trace.find("a"));
  EXPECT_TRUE(trace.find("b"));
  EXPECT_TRUE(trace.find("c")->ended);
}

TEST(Trace, ForgetsACallOfWhichThereIsToBeNothing) {
  Trace trace;
  trace.received(flow(), invite("a"), at(1));
  trace.joined("call", "a", flow(), "101");
  trace.forget("call");
  EXPECT_FALSE(trace.find("call"));
  EXPECT_EQ(trace.bytes(), 0u);
  trace.sent(SiteId{"local"}, ok("a"), at(2));  // what comes after it
  EXPECT_EQ(trace.bytes(), 0u);
  trace.forget("call");
}

TEST(Trace, IsBoundedWhateverComes) {
  Trace trace({.strays = 10, .messages = 5, .message_bytes = 100, .bytes = 2000});
  for (int i = 0; i < 1000; ++i) trace.received(flow(), invite(std::to_string(i)) + std::string(500, 'x'), at(i));
  EXPECT_LE(trace.bytes(), 2000u);
  trace.received(flow(), invite("a"), at(1));
  trace.joined("call", "a", flow(), "101");
  for (int i = 0; i < 10; ++i) trace.sent(SiteId{"local"}, ok("a"), at(i));
  const auto found = trace.find("call");
  EXPECT_EQ(found->messages.size(), 5u);
  EXPECT_EQ(found->dropped, 6u);
  for (int i = 0; i < 100; ++i) trace.ended("call");
  EXPECT_LE(trace.bytes(), 2000u);
}

TEST(Trace, WritesDatagramsThatWiresharkReads) {
  Trace trace;
  trace.received(flow(), invite("a"), at(1'500));
  trace.joined("call", "a", flow(), "101");
  const std::string pcap = to_pcap(*trace.find("call"));
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(pcap.at(i)); };
  EXPECT_EQ(byte(20), 101);  // LINKTYPE_RAW
  EXPECT_EQ(byte(24), 1);    // seconds
  EXPECT_EQ(byte(28) | byte(29) << 8 | byte(30) << 16, 500'000);
  const std::size_t ip = 40, size = invite("a").size();
  EXPECT_EQ(pcap.size(), ip + 28 + size);
  EXPECT_EQ(byte(ip), 0x45);
  EXPECT_EQ(std::size_t{byte(ip + 2)} << 8 | byte(ip + 3), 28 + size);
  unsigned sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) sum += static_cast<unsigned>(byte(ip + i) << 8 | byte(ip + i + 1));
  EXPECT_EQ((sum & 0xffff) + (sum >> 16), 0xffffu);  // RFC 1071: a header with its checksum
  EXPECT_EQ(byte(ip + 12), 10);
  EXPECT_EQ(byte(ip + 15), 2);  // from the phone
  EXPECT_EQ(byte(ip + 20) << 8 | byte(ip + 21), 5060);
  EXPECT_EQ(pcap.substr(ip + 28), invite("a"));
}

TEST(Trace, WritesDatagramsOfIpv6ThatWiresharkReads) {
  for (const std::string id : {"a", "ab"}) {  // of an even and an odd size
    Trace trace;
    auto six = flow();
    six.address.face = *parse_endpoint("[2001:db8::1]:5060");
    six.address.peer = *parse_endpoint("[2001:db8::2]:5062");
    trace.received(six, invite(id), at(1'500));
    trace.joined("call", id, six, "101");
    const std::string pcap = to_pcap(*trace.find("call"));
    const auto byte = [&](std::size_t i) { return i < pcap.size() ? static_cast<unsigned char>(pcap[i]) : 0U; };
    const std::size_t ip = 40, size = 8 + invite(id).size();
    ASSERT_EQ(pcap.size(), ip + 40 + size);
    EXPECT_EQ(byte(ip) >> 4, 6u);
    EXPECT_EQ(byte(ip + 4) << 8 | byte(ip + 5), size);
    EXPECT_EQ(byte(ip + 6), 17u);
    EXPECT_EQ(pcap.substr(ip + 8, 16), std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02", 16))
        << "from the peer";
    EXPECT_EQ(byte(ip + 40) << 8 | byte(ip + 41), 5062u);
    // RFC 8200 §8.1: addresses, length, protocol and the datagram with its checksum add up to 0xffff.
    unsigned sum = static_cast<unsigned>(size) + 17;
    for (std::size_t i = ip + 8; i < pcap.size(); i += 2) sum += byte(i) << 8 | byte(i + 1);
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    EXPECT_EQ(sum, 0xffffu);
    EXPECT_EQ(pcap.substr(ip + 48), invite(id));
  }
}

}  // namespace roamdesk::trace

#include "common/base/ip_address.hpp"

#include <gtest/gtest.h>

#include "common/base/endpoint.hpp"

namespace roamdesk {
namespace {

IpAddress ip(const char* text) { return parse_ip(text).value(); }

TEST(Ipv6, IsReadInEachSpellingAndWrittenInOne) {
  // RFC 5952 §1, §2, §4 and §5.
  const std::pair<const char*, const char*> spellings[] = {
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:0DB8:0:0:0001:0:0:01", "2001:db8::1:0:0:1"},
      {"2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:AAAA::", "2001:db8:aaaa::"},
      {"::", "::"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"fe80::1:2", "fe80::1:2"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::ffff:c000:201", "192.0.2.1"},
      {"0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1"},
  };
  for (const auto& [text, written] : spellings) {
    const auto address = parse_ip(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), written) << text;
    EXPECT_EQ(parse_ip(written), address);
  }
}

TEST(Ipv6, InAnyOtherFormIsRefused) {
  for (const auto* text : {"",
                           ":",
                           ":::",
                           "1:",
                           ":1",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "12345::",
                           "g::",
                           "::1%lo",
                           "[::1]",
                           " ::1",
                           "::1 ",
                           "::192.0.2.256",
                           "192.0.2.1::",
                           "1:192.0.2.1::2",
                           "::192.0.2.1:1",
                           "-1::",
                           "+1::",
                           "0x1::",
                           "1:2:3:4:5:6:7:192.0.2.1",
                           "::1/64"})
    EXPECT_FALSE(parse_ip(text)) << text;
  for (const auto* text : {"[::1", "::1]", "[192.0.2.1]", "[]", "[", "[::1]x"})
    EXPECT_FALSE(parse_ip_host(text)) << text;
}

TEST(Ipv6, StandsInBracketsBeforeAPortAndInUris) {
  EXPECT_EQ(to_string(parse_endpoint("[2001:db8::1]:5067").value()), "[2001:db8::1]:5067");
  EXPECT_EQ(parse_endpoint("[::]:5060")->address, every_address);
  EXPECT_EQ(host_of(ip("2001:db8::1")), "[2001:db8::1]");
  EXPECT_EQ(host_of(ip("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(parse_ip_host("[2001:db8::1]"), ip("2001:db8::1"));
  for (const auto* text : {"2001:db8::1:5067", "[2001:db8::1]", "[2001:db8::1]:", "[2001:db8::1]:0", "[192.0.2.1]:5060",
                           "[2001:db8::1]5060", "[2001:db8::1]:65536"})
    EXPECT_FALSE(parse_endpoint(text)) << text;
}

TEST(MappedAddress, IsTheIpv4AddressItself) {
  EXPECT_EQ(ip("::ffff:10.1.2.3"), ip("10.1.2.3"));
  EXPECT_TRUE(ip("::ffff:127.0.0.1").is_loopback());
  EXPECT_TRUE(ip("::ffff:10.1.2.3").is_v4());
  EXPECT_EQ(IpAddress::from_bytes(ip("10.1.2.3").bytes()), ip("10.1.2.3"));
  EXPECT_NE(ip("::10.1.2.3"), ip("10.1.2.3")) << "that form is another address (RFC 4291 §2.5.5.1)";
  EXPECT_EQ(std::hash<IpAddress>{}(ip("::ffff:10.1.2.3")), std::hash<IpAddress>{}(ip("10.1.2.3")));
}

TEST(Source, IsAnIpv4AddressAndOfIpv6TheNetworkOfOneHost) {
  EXPECT_EQ(ip("192.0.2.1").source(), ip("192.0.2.1"));
  EXPECT_NE(ip("192.0.2.1").source(), ip("192.0.2.2").source());
  EXPECT_EQ(ip("2001:db8:0:1::1").source(), ip("2001:db8:0:1:ffff:ffff:ffff:ffff").source());
  EXPECT_NE(ip("2001:db8:0:1::1").source(), ip("2001:db8:0:2::1").source());
  EXPECT_EQ(ip("::ffff:192.0.2.1").source(), ip("192.0.2.1")) << "not the network of all mapped addresses";
}

TEST(Kind, OfAnAddressIsToldInBothFamilies) {
  for (const auto* text : {"10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1", "fc00::1", "fd12::1",
                           "fe80::1", "febf::1"})
    EXPECT_TRUE(ip(text).is_private()) << text;
  for (const auto* text : {"192.0.2.1", "172.32.0.1", "2001:db8::1", "fec0::1", "ff02::1", "::1"})
    EXPECT_FALSE(ip(text).is_private()) << text;
  for (const auto* text : {"224.0.1.75", "255.255.255.255", "ff02::1"}) EXPECT_TRUE(ip(text).is_group()) << text;
  for (const auto* text : {"223.255.255.255", "fe80::1"}) EXPECT_FALSE(ip(text).is_group()) << text;
  for (const auto* text : {"0.0.0.0", "::"}) EXPECT_TRUE(ip(text).is_unspecified()) << text;
  EXPECT_TRUE(ip("::1").is_loopback() && ip("127.5.0.1").is_loopback() && !ip("::").is_loopback());
}

}  // namespace
}  // namespace roamdesk

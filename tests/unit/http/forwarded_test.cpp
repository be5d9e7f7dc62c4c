#include "common/http/forwarded.hpp"

#include <gtest/gtest.h>

namespace roamdesk::http {
namespace {

const std::vector<IpAddress> proxies{*parse_ipv4("127.0.0.1"), *parse_ipv4("10.0.0.7"), *parse_ip("2001:db8::7")};

// The peer and scheme that a request of `peer` with these fields is taken for.
std::string seen(std::string_view peer, std::vector<Field> fields) {
  Request request;
  request.peer = {*parse_ip(peer), 4000};
  request.fields = std::move(fields);
  see_through(request, proxies);
  return to_string(request.peer.address) + (request.tls ? " tls" : "");
}

TEST(Forwarded, NobodyIsBelievedWhoIsNoProxyOfOurs) {
  for (const char* peer : {"192.0.2.1", "127.0.0.2", "10.0.0.8"}) {
    EXPECT_EQ(seen(peer, {{"X-Forwarded-For", "198.51.100.1"}}), peer);
    EXPECT_EQ(seen(peer, {{"Forwarded", "for=198.51.100.1;proto=https"}}), peer);
    EXPECT_EQ(seen(peer, {{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-Proto", "https"}}), peer);
  }
}

TEST(Forwarded, TheRightMostAddressThatIsNoProxyIsTheClient) {
  const auto listed = [](const char* list) { return seen("127.0.0.1", {{"X-Forwarded-For", list}}); };
  EXPECT_EQ(listed("198.51.100.1"), "198.51.100.1");
  EXPECT_EQ(listed("198.51.100.1:4711"), "198.51.100.1");
  EXPECT_EQ(listed("1.2.3.4, 198.51.100.1"), "198.51.100.1") << "what the client made up stands to the left";
  EXPECT_EQ(listed("127.0.0.1, 198.51.100.1, 10.0.0.7"), "198.51.100.1");
  EXPECT_EQ(listed("1.2.3.4,198.51.100.1 , 10.0.0.7,127.0.0.1"), "198.51.100.1");
  EXPECT_EQ(seen("10.0.0.7", {{"x-forwarded-for", "1.2.3.4"}, {"X-Forwarded-For", "198.51.100.1"}}), "198.51.100.1");
}

TEST(Forwarded, TheStandardsFieldIsReadAsWell) {
  const auto standard = [](const char* value) { return seen("127.0.0.1", {{"Forwarded", value}}); };
  EXPECT_EQ(standard("for=198.51.100.1"), "198.51.100.1");
  EXPECT_EQ(standard("For=\"198.51.100.1:4711\";proto=https;by=203.0.113.43"), "198.51.100.1 tls");
  EXPECT_EQ(standard("for=1.2.3.4, proto=http; FOR=198.51.100.1"), "198.51.100.1");
}

TEST(Forwarded, WhatCannotBeReadIsTheProxysOwn) {
  for (const char* list : {"", "unknown", "_hidden", "[2001:db8::1", "[192.0.2.1]", "[]", "[", "2001:db8::1::2",
                           "1.2.3.4, unknown", "127.0.0.1", "127.0.0.1, 10.0.0.7", "1.2.3.4,", "1.2.3.400"})
    EXPECT_EQ(seen("127.0.0.1", {{"X-Forwarded-For", list}}), "127.0.0.1") << list;
}

TEST(Forwarded, OfTwoFieldsThatDifferNeitherIsBelieved) {
  EXPECT_EQ(seen("127.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}, {"Forwarded", "for=1.2.3.4"}}), "127.0.0.1");
  EXPECT_EQ(seen("127.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}, {"Forwarded", "for=198.51.100.1"}}),
            "198.51.100.1");
}

TEST(Forwarded, TheSchemeIsTheProxysNextToUs) {
  EXPECT_EQ(seen("127.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-Proto", "https"}}),
            "198.51.100.1 tls");
  EXPECT_EQ(seen("127.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-Proto", "https, http"}}),
            "198.51.100.1");
}

TEST(Forwarded, ClientsAndProxiesMayHaveIpv6) {
  const auto listed = [](const char* list) { return seen("2001:db8::7", {{"X-Forwarded-For", list}}); };
  EXPECT_EQ(listed("2001:db8:1::1"), "2001:db8:1::1");
  EXPECT_EQ(listed("[2001:db8:1::1]:4711"), "2001:db8:1::1");
  EXPECT_EQ(listed("1.2.3.4, 2001:db8:1::1, 2001:DB8:0::7"), "2001:db8:1::1")
      << "in any spelling the proxy is the proxy";
  EXPECT_EQ(seen("::ffff:10.0.0.7", {{"X-Forwarded-For", "198.51.100.1"}}), "198.51.100.1") << "a mapped address";
  EXPECT_EQ(seen("2001:db8::8", {{"X-Forwarded-For", "198.51.100.1"}}), "2001:db8::8") << "no proxy of ours";
  // RFC 7239 §6.
  EXPECT_EQ(seen("127.0.0.1", {{"Forwarded", "for=\"[2001:db8:cafe::17]:4711\""}}), "2001:db8:cafe::17");
}

}  // namespace
}  // namespace roamdesk::http

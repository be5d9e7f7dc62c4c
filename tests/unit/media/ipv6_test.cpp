#include <gtest/gtest.h>

#include "tests/unit/media/plane.hpp"

// A phone on IPv4 and a provider on IPv6, and their streams.
namespace roamdesk::media {
namespace {

const IpAddress here = *parse_ip("::1");

// A port of ::1 that nobody has at this moment: all tests of this machine share that address.
Endpoint free_at_loopback() {
  const int fd = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  net::SocketAddress name{{here, 0}};
  EXPECT_EQ(::bind(fd, &name.any, name.size), 0);
  ::getsockname(fd, &name.any, &name.size);
  ::close(fd);
  // Even, with an odd one above it for RTCP.
  return {here, static_cast<std::uint16_t>(name.endpoint().port & ~1U)};
}

class BothFamilies : public testing::Test {
 protected:
  BothFamilies() {
    plane.post(OpenStream{StreamId{1}, local_site(), to_phone});
    plane.post(SetRemote{.stream = StreamId{1}, .rtp = phone.local(), .signalling = phone.local().address});
    plane.post(OpenStream{StreamId{2}, local_site(), to_provider});
    plane.post(SetRemote{.stream = StreamId{2}, .rtp = provider.local(), .signalling = provider.local().address});
    plane.post(Connect{StreamId{1}, StreamId{2}});
    plane.settle();
  }
  PromptLibrary prompts;
  Socket phone{{loopback(21), 4000}}, provider{free_at_loopback()};
  const Endpoint to_phone{loopback(1), 23000}, to_provider = free_at_loopback();
  Plane plane{prompts};
};

TEST_F(BothFamilies, HearEachOther) {
  EXPECT_GT(share_of(440, talk(phone, to_phone, provider, 440, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(provider, to_provider, phone, 1000, 1)), 0.9);
}

TEST_F(BothFamilies, AreHeardFromTheirOwnAddressesAlone) {
  EXPECT_GT(share_of(440, talk(phone, to_phone, provider, 440, 1)), 0.9);
  EXPECT_GT(share_of(1000, talk(provider, to_provider, phone, 1000, 1)), 0.9);
  Socket other{free_at_loopback()};  // another port, while the provider speaks
  other.send(to_provider, rtp(5000, tone(440, 1)));
  EXPECT_TRUE(phone.receive(200ms).empty());
}

TEST_F(BothFamilies, WhereNobodyListensIsToldByTheNetworkInIpv6Too) {
  const Endpoint nobody = free_at_loopback();
  plane.post(SetRemote{.stream = StreamId{2}, .rtp = nobody, .signalling = here});
  plane.settle();
  // For a second of its errors the voice goes to where the peer is heard, at the next one it is there.
  provider.send(to_provider, rtp(1, tone(1000, 1)));
  EXPECT_FALSE(phone.receive().empty());
  const auto end = std::chrono::steady_clock::now() + 5s;
  std::vector<std::uint8_t> heard;
  for (std::uint16_t i = 1; heard.empty() && std::chrono::steady_clock::now() < end; ++i) {
    phone.send(to_phone, rtp(i, tone(440, i)));
    heard = provider.receive(20ms);
  }
  EXPECT_FALSE(heard.empty());
}

}  // namespace
}  // namespace roamdesk::media

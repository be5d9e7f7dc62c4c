#include "exchange/element/peers.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {

TEST(Peers, ArePhonesByTheirMac) {
  for (const char* text : {"000000000000", "001565aabbcc", "ffffffffffff"}) {
    const auto mac = *Mac::parse(text);
    EXPECT_EQ(phone_of(peer_of(mac)), mac) << text;
  }
  EXPECT_NE(peer_of(*Mac::parse("001565aabbcc")), peer_of(*Mac::parse("001565aabbcd")));
}

TEST(Peers, AreAddressesWhereNoPhoneIsRegistered) {
  const Endpoint one{{0xffffffff}, 65535}, other{{0xffffffff}, 65534};
  EXPECT_NE(peer_of(one), peer_of(other));
  for (const auto& address : {one, other, Endpoint{}}) {
    EXPECT_FALSE(phone_of(peer_of(address)));
    EXPECT_FALSE(trunk_of(peer_of(address)));
  }
}

TEST(Peers, AreTrunksAndAccountsByTheirNumberAndNeverOneAnother) {
  for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{2'000}, (std::uint64_t{1} << 48) - 1}) {
    const auto trunk = peer_of(trunks::TrunkNumber{number});
    const auto account = peer_of(upstream::AccountNumber{number});
    EXPECT_EQ(trunk_of(trunk), trunks::TrunkNumber{number});
    EXPECT_EQ(account_of(account), upstream::AccountNumber{number});
    EXPECT_FALSE(trunk_of(account) || account_of(trunk) || phone_of(account));
  }
  EXPECT_FALSE(account_of(std::optional<calls::PeerId>{}) || account_of(peer_of(*Mac::parse("001565aabbcc"))));
}

TEST(Peers, OfEveryOtherKindAreNoPhone) {
  for (const std::uint64_t kind : {1u, 2u, 0xffffu})
    EXPECT_FALSE(phone_of(calls::PeerId{kind << 48U | 0x001565aabbccU}));
  EXPECT_FALSE(phone_of(std::optional<calls::PeerId>{}));
}

TEST(Peers, AreAddressesOfIpv6AsWell) {
  const auto one = *parse_endpoint("[2001:db8::1]:5060"), port = *parse_endpoint("[2001:db8::1]:5061"),
             host = *parse_endpoint("[2001:db8::2]:5060");
  EXPECT_EQ(peer_of(one), peer_of(*parse_endpoint("[2001:DB8:0::1]:5060")));
  EXPECT_NE(peer_of(one), peer_of(port));
  EXPECT_NE(peer_of(one), peer_of(host));
  EXPECT_EQ(peer_of(*parse_endpoint("[::ffff:192.0.2.1]:5060")), peer_of(*parse_endpoint("192.0.2.1:5060")));
  for (const auto& address : {one, port, host}) {
    EXPECT_FALSE(phone_of(peer_of(address)));
    EXPECT_FALSE(trunk_of(peer_of(address)));
  }
}

}  // namespace
}  // namespace roamdesk::element

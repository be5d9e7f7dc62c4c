#include "exchange/element/listening.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {

sip::FlowAddress registered(sip::Transport transport = sip::Transport::tcp) {
  return {SiteId{"branch-1"}, transport, *parse_endpoint("192.168.1.5:5060"), *parse_endpoint("192.168.1.100:41234")};
}

TEST(Listening, IsAtTheContactsPort) {
  for (const auto& [contact, port] : {std::pair{"sip:101@192.168.1.100:5062;transport=tcp", 5062},
                                      {"sip:101@192.168.1.100:5062;Transport=TCP", 5062},
                                      {"sip:101@192.168.1.100:5062", 5062},
                                      {"sip:192.168.1.100", 5060}}) {
    auto expected = registered();
    expected.peer.port = static_cast<std::uint16_t>(port);
    EXPECT_EQ(listening_address(registered(), contact), expected) << contact;
  }
}

TEST(Listening, IsNeverOfAnotherHost) {
  for (const auto* contact :
       {"sip:101@192.168.1.5:5062", "sip:101@127.0.0.1:5062", "sip:101@[::1]:5062", "sip:101@core.example:5062",
        "sip:101@192.168.1.100:5062;maddr=10.0.0.1", "sip:101@192.168.1.100:5062;received=10.0.0.1"}) {
    const auto address = listening_address(registered(), contact);
    ASSERT_TRUE(address) << contact;
    EXPECT_EQ(to_string(address->peer), "192.168.1.100:5062") << contact;
    EXPECT_EQ(address->face, registered().face);
    EXPECT_EQ(address->site, registered().site);
  }
}

TEST(Listening, IsOverTcpOnly) {
  for (const auto* contact : {"sip:101@192.168.1.100;transport=udp", "sip:101@192.168.1.100;transport=tls",
                              "sip:101@192.168.1.100;transport=ws", "sips:101@192.168.1.100", "tel:101", "*", ""})
    EXPECT_FALSE(listening_address(registered(), contact)) << contact;
  for (const auto transport : {sip::Transport::udp, sip::Transport::tls})
    EXPECT_FALSE(listening_address(registered(transport), "sip:101@192.168.1.100:5062;transport=tcp"));
}

}  // namespace
}  // namespace roamdesk::element

#include <gmock/gmock.h>

#include "tests/sim/element/provider.hpp"

// A provider on IPv6 and a phone on IPv4, beside the core.
namespace roamdesk::sim {
namespace {

using testing::HasSubstr;
using testing::Not;

class TrunkOverIpv6 : public testing::Test {
 protected:
  TrunkOverIpv6() {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
    desk = &sim.add_desk(1, local_site());
    sim.log_in(*desk, "101");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(*desk, "101"); }, 60s));
    sim.have(Put<InboundNumber>{{"+4930123456", "+4930123456", ExtensionNumber{"101"}, 0}});
    trunk.name = "provider";
    trunk.site = local_site();
    trunk.domain = "[2001:db8:1::10]";
    trunk.user = "4930123";
    trunk.password = Secret{"secret"};
    trunk.country = "DE";
    sim.names["2001:db8:1::10"] = {{provider.target()}, 300s, std::nullopt, false};
    sim.put_trunk(trunk);
    sim.run_for(2s);
  }
  static void to_number(sip::Message& m) { m.to.uri.user = "+4930123456"; }

  Simulation sim;
  DeskPhone* desk = nullptr;
  Trunk trunk;
  Provider provider{sim, local_site(), "2001:db8:1::10"};
};

TEST_F(TrunkOverIpv6, RegistersAtAnAddressWithAContactThatIsOne) {
  ASSERT_TRUE(provider.contact);
  EXPECT_EQ(provider.contact->host, "[2001:db8::1]");
  const auto& request = *provider.last("REGISTER");
  EXPECT_EQ(to_string(request.request_uri), "sip:[2001:db8:1::10]");
  EXPECT_EQ(request.via.front().host, "[2001:db8::1]");
}

TEST_F(TrunkOverIpv6, EachSideOfACallIsToldOfAnAddressOfItsOwnFamily) {
  ASSERT_EQ(provider.call("+4930123456", to_number), 200);
  const auto& heard = provider.out.at().heard;
  EXPECT_THAT(heard, HasSubstr("c=IN IP6 2001:db8::1\r\n"));
  EXPECT_THAT(heard, Not(HasSubstr("IP4")));
  ASSERT_EQ(desk->calls().size(), 1u);
  EXPECT_THAT(desk->calls().begin()->second.heard, HasSubstr("c=IN IP4 "));
  EXPECT_THAT(desk->calls().begin()->second.heard, Not(HasSubstr("IP6")));
}

TEST_F(TrunkOverIpv6, MediaOfTheOtherFamilyThanTheSignallingIsRefusedInWords) {
  const auto status = provider.call("+4930123456", [](sip::Message& m) {
    to_number(m);
    for (auto at = m.body.find("IN IP6 2001:db8:1::10"); at != std::string::npos;
         at = m.body.find("IN IP6 2001:db8:1::10"))
      m.body.replace(at, 21, "IN IP4 198.51.100.10");
  });
  EXPECT_EQ(status, 488);
  const auto& responses = provider.out.at().responses;
  ASSERT_FALSE(responses.empty());
  ASSERT_TRUE(responses.back().header("Warning"));
  EXPECT_THAT(std::string{*responses.back().header("Warning")}, HasSubstr("another IP family"));
}

}  // namespace
}  // namespace roamdesk::sim

#include "sbc/config.hpp"

#include <vector>

#include "common/tunnel/enrolment.hpp"
#include "support.hpp"

namespace roamdesk::sbc {
namespace {
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* core_line = "core: [\"pbx.example.com:5090\"]\n";

TEST(SbcConfig, TheExampleLoads) {
  const Config config = load_config(EXAMPLES "/sbc.yaml");
  ASSERT_EQ(config.lan.size(), 1u);
  EXPECT_EQ(to_string(config.lan[0].address), "127.0.1.5");
  EXPECT_EQ(config.lan[0].ntp, 1123);
  EXPECT_TRUE(config.lan[0].pnp);
}

TEST(SbcConfig, EveryKeyButCoreAndAddressHasADefault) {
  const TextFile file{std::string{core_line} + "lan: { address: 192.168.1.5 }\n"};
  const Config config = load_config(file.path());
  ASSERT_EQ(config.lan.size(), 1u);
  EXPECT_EQ(config.lan[0].sip, 5060);
  EXPECT_EQ(config.lan[0].sips, 5061);
  EXPECT_EQ(config.lan[0].provisioning, 5000);
  EXPECT_EQ(config.lan[0].https, 5001);
  EXPECT_EQ(config.lan[0].ntp, 123);
  EXPECT_EQ(config.lan[0].rtp, (PortRange{20000, 29999}));
  EXPECT_FALSE(config.enrolment_key);
  EXPECT_EQ(config.core.at(0), (config::HostPort{"pbx.example.com", 5090}));
}

TEST(SbcConfig, TheMediaLoopIsOneOfThreeWords) {
  const auto text = [](const std::string& loop) {
    return std::string{core_line} + "lan: { address: 192.168.1.5 }\nmedia: { loop: " + loop + " }\n";
  };
  for (const auto loop : {media::LoopKind::automatic, media::LoopKind::io_uring, media::LoopKind::epoll})
    EXPECT_EQ(load_config(TextFile{text(std::string{word_of(loop)})}.path()).media_loop, loop);
  EXPECT_THAT(faults_of(text("select"), load_config), ElementsAre(HasSubstr("media.loop")));
}

TEST(SbcConfig, SeveralNetworksAreAList) {
  const TextFile file{std::string{core_line} + "lan:\n  - address: 10.0.0.1\n  - address: 10.0.1.1\n    pnp: false\n"};
  const Config config = load_config(file.path());
  ASSERT_EQ(config.lan.size(), 2u);
  EXPECT_FALSE(config.lan[1].pnp);
}

TEST(SbcConfig, WhatIsMissingOrWrongIsTold) {
  EXPECT_THAT(faults_of("state_dir: /x\n", load_config),
              ElementsAre(HasSubstr("core: missing"), HasSubstr("lan: missing")));
  EXPECT_THAT(faults_of(std::string{core_line} + "lan:\n  - address: 10.0.0.1\n  - address: 10.0.0.1\n  - sip: 70000\n",
                        load_config),
              ElementsAre(HasSubstr("FILE:4:5: lan[1]: the address 10.0.0.1 stands in two networks"),
                          HasSubstr("FILE:5:5: lan[2].address: missing"), HasSubstr("FILE:5:10: lan[2].sip: '70000'")));
  EXPECT_THAT(faults_of(std::string{core_line} + "lan: { address: 0.0.0.0 }\n", load_config),
              ElementsAre(HasSubstr("0.0.0.0 can't be told to a phone")));
  EXPECT_THAT(faults_of(std::string{core_line} + "lan: { address: 10.0.0.1, sip: 5061 }\n", load_config),
              ElementsAre(HasSubstr("sip and sips have the same port")));
  for (const char* port : {"5000", "5060", "5061"})
    EXPECT_THAT(faults_of(std::string{core_line} + "lan: { address: 10.0.0.1, https: " + port + " }\n", load_config),
                ElementsAre(HasSubstr("https has the port " + std::string{port} + " of another listener")));
}

TEST(SbcConfig, TheCoreMayHaveAnAddressOfIpv6AndThePhonesNetworkMayNot) {
  const std::string core = "core: [\"[2001:db8::1]:5067\"]\n";
  EXPECT_EQ(to_string(load_config(TextFile{core + "lan: { address: 10.0.0.1 }\n"}.path()).core.at(0)),
            "[2001:db8::1]:5067");
  EXPECT_THAT(faults_of(core + "lan: { address: \"2001:db8::5\" }\n", load_config),
              ElementsAre(HasSubstr("the phones' networks are IPv4")));
}

TEST(SbcConfig, AWrongEnrolmentKeyIsNotRepeated) {
  EXPECT_THAT(faults_of(std::string{core_line} + "lan: { address: 10.0.0.1 }\nenrolment_key: [hunter2]\n", load_config),
              ElementsAre(testing::AllOf(HasSubstr("enrolment_key"), testing::Not(HasSubstr("hunter2")))));
}

TEST(SbcConfig, AnEnrolmentKeyThatIsNoneOrMistypedIsRefusedInWords) {
  const auto with = [](const std::string& key) {
    return std::string{core_line} + "lan: { address: 10.0.0.1 }\nenrolment_key: " + key + "\n";
  };
  const crypto::Sha256Digest authority{};
  const auto good =
      tunnel::to_text(tunnel::make_enrolment_key(authority, "branch-1", std::vector<std::uint8_t>(16))).reveal();
  EXPECT_EQ(load_config(TextFile{with(good)}.path()).enrolment_key->reveal(), good);
  for (const auto& key :
       {std::string{"abcdef"}, std::string{"rd1_"}, good.substr(0, good.size() - 1), good + "x", good.substr(1)})
    EXPECT_THAT(faults_of(with(key), load_config),
                ElementsAre(testing::AllOf(HasSubstr("FILE:3:16: enrolment_key: "), HasSubstr("the whole line"),
                                           testing::Not(HasSubstr("abcdef")))))
        << key;
}

TEST(SbcConfig, MarksWhatLeavesForPhones) {
  const auto with = [](const std::string& dscp) {
    return std::string{core_line} + "lan: { address: 10.0.0.1 }\n" + dscp + "\n";
  };
  EXPECT_EQ(load_config(TextFile{with("")}.path()).dscp, (Config::Dscp{0, 46}));
  EXPECT_EQ(load_config(TextFile{with("dscp: { sip: 24 }")}.path()).dscp, (Config::Dscp{24, 46}));
  EXPECT_EQ(load_config(TextFile{with("dscp: { sip: 0, rtp: 63 }")}.path()).dscp, (Config::Dscp{0, 63}));
  for (const auto* wrong : {"64", "-1", "EF", "4.6", "[46]", "''"})
    EXPECT_THAT(faults_of(with(std::string{"dscp: { rtp: "} + wrong + " }"), load_config),
                ElementsAre(HasSubstr("expected a number from 0 to 63")))
        << wrong;
}

}  // namespace
}  // namespace roamdesk::sbc

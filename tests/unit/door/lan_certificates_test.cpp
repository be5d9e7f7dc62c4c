#include "pbx-core/door/lan_certificates.hpp"

#include <gmock/gmock.h>

namespace roamdesk::door {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const TimePoint t0{1h};
const SiteId one{"branch-1"}, two{"branch-2"};

std::vector<IpAddress> at(const std::vector<std::string>& texts) {
  std::vector<IpAddress> addresses;
  for (const auto& text : texts) addresses.push_back(*parse_ip(text));
  return addresses;
}

TEST(LanCertificates, AreForTheNetworksOfAnSbc) {
  LanCertificates certificates{at({"192.0.2.1"})};
  EXPECT_FALSE(certificates.refusal(one, at({"192.168.1.5", "10.0.0.1"}), t0));
  EXPECT_FALSE(certificates.refusal(two, at({"192.168.1.5"}), t0)) << "the same numbers at another site";
}

// Phones would take it for the core itself.
TEST(LanCertificates, AreNeverForTheCoresOwnAddress) {
  LanCertificates certificates{at({"192.0.2.1", "2001:db8::1", "0.0.0.0", "127.0.0.1"})};
  for (const char* own : {"192.0.2.1", "2001:db8::1"}) {
    EXPECT_THAT(certificates.refusal(one, at({own}), t0).value_or(""), HasSubstr("the core's own")) << own;
    EXPECT_TRUE(certificates.refusal(one, at({"192.168.1.5", own}), t0)) << "among others";
  }
  EXPECT_FALSE(certificates.refusal(one, at({"127.0.0.1"}), t0)) << "all on one machine: that is nobody's alone";
}

TEST(LanCertificates, AreForMachinesAlone) {
  LanCertificates certificates{{}};
  for (const char* none : {"0.0.0.0", "::", "224.0.1.75", "239.1.2.3", "255.255.255.255", "ff02::1"})
    EXPECT_TRUE(certificates.refusal(one, at({none}), t0)) << none;
  EXPECT_TRUE(certificates.refusal(one, {}, t0));
}

TEST(LanCertificates, ASiteGetsAFewAnHourHoweverOftenItComesBackAndCostsNoOtherOneAny) {
  LanCertificates certificates{{}};
  int given = 0;
  for (int i = 0; i < 1000; ++i) given += !certificates.refusal(one, at({"192.168.1.5"}), t0 + i * 100ms);
  EXPECT_EQ(given, 8);
  EXPECT_THAT(certificates.refusal(one, at({"10.0.0.1"}), t0 + 2min).value_or(""), HasSubstr("eight"))
      << "for other addresses neither";
  EXPECT_FALSE(certificates.refusal(two, at({"192.168.1.5"}), t0 + 2min));
  EXPECT_FALSE(certificates.refusal(one, at({"192.168.1.5"}), t0 + 1h));
  // What is refused for another reason costs nothing.
  for (int i = 0; i < 100; ++i) certificates.refusal(two, at({"0.0.0.0"}), t0 + 3min);
  EXPECT_FALSE(certificates.refusal(two, at({"192.168.1.5"}), t0 + 3min));
}

TEST(LanCertificates, ForOtherAddressesThanBeforeAreNoticed) {
  LanCertificates certificates{{}};
  EXPECT_THAT(certificates.note(one, at({"192.168.1.5"})), IsEmpty());
  EXPECT_THAT(certificates.note(one, at({"192.168.1.5"})), IsEmpty());
  EXPECT_THAT(certificates.note(two, at({"192.168.1.9"})), IsEmpty());
  EXPECT_THAT(certificates.note(one, at({"192.168.1.1"})), ElementsAre(*parse_ip("192.168.1.5")));
}

}  // namespace
}  // namespace roamdesk::door

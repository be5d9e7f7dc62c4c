#include "pbx-core/administration/comings.hpp"

#include <gmock/gmock.h>

namespace roamdesk::test {
namespace {
using administration::Comings;
using testing::ElementsAre;

class ComingsAndGoings : public testing::Test {
 protected:
  void tell(const std::optional<AuditRecord>& record) {
    if (record) told.push_back(record->action + " " + record->subject);
  }
  WallTime at(std::chrono::seconds after) const { return WallTime{} + std::chrono::hours{1000} + after; }

  Comings comings;
  std::vector<std::string> told;
  Mac mac = *Mac::parse("001565aabbcc");
};

TEST_F(ComingsAndGoings, OfAnSbcAreToldOnceEach) {
  using namespace std::chrono_literals;
  tell(comings.sbc("berlin", true, "", at(0s)));
  tell(comings.sbc("berlin", true, "", at(1s)));
  tell(comings.sbc("berlin", false, "timeout", at(60s)));
  tell(comings.sbc("berlin", false, "timeout", at(61s)));
  EXPECT_EQ(comings.sbc_since("berlin"), at(60s));
  tell(comings.sbc("berlin", true, "", at(90s)));
  EXPECT_THAT(told, ElementsAre("sbc.connected berlin", "sbc.disconnected berlin", "sbc.connected berlin"));
  EXPECT_EQ(comings.sbc_since("berlin"), at(90s));
  EXPECT_EQ(comings.sbc_since("hamburg"), std::nullopt);
}

TEST_F(ComingsAndGoings, OfAPhoneAreToldOnceItWasSeen) {
  using namespace std::chrono_literals;
  tell(comings.phone(mac, false, true, at(0s)));  // as the start finds it
  tell(comings.phone(mac, true, true, at(1s)));
  tell(comings.phone(mac, false, true, at(2s)));
  tell(comings.phone(mac, true, true, at(3s)));
  EXPECT_THAT(told, ElementsAre("phone.back 001565aabbcc", "phone.lost 001565aabbcc", "phone.back 001565aabbcc"));
}

TEST_F(ComingsAndGoings, OfPhonesWithTheirBranchAreTheBranchs) {
  using namespace std::chrono_literals;
  tell(comings.phone(mac, true, true, at(0s)));
  tell(comings.phone(mac, false, false, at(1s)));
  tell(comings.phone(mac, true, true, at(2s)));
  EXPECT_TRUE(told.empty());
}

TEST_F(ComingsAndGoings, OfATrunkAreToldFromItsFirstLoss) {
  using namespace std::chrono_literals;
  tell(comings.trunk("provider", true, "", at(0s)));
  tell(comings.trunk("provider", false, "403 Forbidden", at(1s)));
  tell(comings.trunk("provider", false, "no answer", at(2s)));
  tell(comings.trunk("provider", true, "", at(3s)));
  tell(comings.trunk("other", false, "no address", at(4s)));
  EXPECT_THAT(told, ElementsAre("trunk.lost provider", "trunk.back provider", "trunk.lost other"));
}

// Ten thousand times in an hour: the log keeps the first ten, and says more in the next hour.
TEST_F(ComingsAndGoings, WithoutEndFillNoLog) {
  using namespace std::chrono_literals;
  tell(comings.phone(mac, true, true, at(0s)));
  for (int i = 0; i < 10'000; ++i) {
    tell(comings.phone(mac, false, true, at(std::chrono::seconds{i / 4})));
    tell(comings.phone(mac, true, true, at(std::chrono::seconds{i / 4})));
  }
  EXPECT_EQ(told.size(), 2u * Comings::most_an_hour);
  EXPECT_EQ(told.back(), "phone.back 001565aabbcc");
  tell(comings.phone(mac, false, true, at(2h)));
  EXPECT_EQ(told.back(), "phone.lost 001565aabbcc");
}

}  // namespace
}  // namespace roamdesk::test

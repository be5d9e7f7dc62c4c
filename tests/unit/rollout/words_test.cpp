#include "pbx-core/rollout/words.hpp"

#include <gmock/gmock.h>

namespace roamdesk::rollout {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string entry(const std::string& package, const std::string& version, const std::string& architecture) {
  return "Package: " + package + "\nVersion: " + version + "\nArchitecture: " + architecture +
         "\nFilename: ./x.deb\nDescription: x\n Version: 9.9\n\n";
}

TEST(ServedVersions, AreTheNewestOfOursForEachDebianAndArchitecture) {
  EXPECT_THAT(newest_in(entry("roamdesk-core", "3.0~deb12", "amd64") + entry("roamdesk-sbc", "1.9~deb12", "amd64") +
                        entry("roamdesk-sbc", "1.10~deb12", "amd64") + entry("roamdesk-sbc", "1.2~deb12", "amd64") +
                        entry("roamdesk-sbc", "1.2~deb12", "arm64") + entry("roamdesk-sbc", "1.1~deb13", "amd64")),
              ElementsAre("1.10~deb12 amd64", "1.2~deb12 arm64", "1.1~deb13 amd64"));
}

TEST(ServedVersions, DoNotHaveWhatIsNone) {
  EXPECT_THAT(newest_in(""), IsEmpty());
  EXPECT_THAT(newest_in("junk\n\n\x01\n"), IsEmpty());
  EXPECT_THAT(newest_in(entry("roamdesk-sbc", "1;reboot", "amd64") + entry("roamdesk-sbc", "1.0", "../x")), IsEmpty());
  EXPECT_THAT(newest_in("Package: roamdesk-sbc\nVersion: 1.0~deb12\nArchitecture: amd64"),
              ElementsAre("1.0~deb12 amd64"))
      << "without a line's end behind the last one";
}

TEST(ServedVersions, AreChosenForWhatABranchHas) {
  const std::vector<std::string> served = {"1.1~deb12 amd64", "1.2~deb13 amd64"};
  EXPECT_EQ(version_for({"1.0~deb13", "amd64"}, served), "1.2~deb13");
  EXPECT_EQ(version_for({"1.0~deb12+next", "amd64"}, served), "1.1~deb12");
  EXPECT_EQ(version_for({"1.0~deb12", "arm64"}, served), std::nullopt);
  EXPECT_EQ(version_for({"1.0", "amd64"}, served), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::rollout

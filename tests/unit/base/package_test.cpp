#include "common/base/package.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace roamdesk {
namespace {

TEST(PackageVersion, IsDebiansAndNoOptionPathOrCommand) {
  for (const auto& good : std::vector<std::string>{"0.2.0~deb12", "0.1.0~20261129075200.decf45c~deb12+next", "1",
                                                   "1.0-1", std::string(50, '1')})
    EXPECT_TRUE(is_package_version(good)) << good;
  for (const auto& bad : std::vector<std::string>{"", "-o", "a1", "1 2", "1;reboot", "1\n", "../1", "1/2", "1:2", "1$x",
                                                  "1`x`", "1=2", "\xc3\xa4", std::string(51, '1')})
    EXPECT_FALSE(is_package_version(bad)) << bad;
  EXPECT_FALSE(is_package_version(std::string("1\0", 2)));
}

TEST(PackageVersion, IsOrderedAsDpkgDoes) {
  // Each is older than the next; `dpkg --compare-versions` says so too.
  const std::vector<std::string> ordered = {"0.1.0~1~deb12",
                                            "0.1.0~2.abc~deb12",
                                            "0.1.0~10~deb12",
                                            "0.1.0~deb12",
                                            "0.1.0~deb12+next",
                                            "0.1.0~deb13",
                                            "0.1.0",
                                            "0.1.0-1~x",
                                            "0.1.0-1",
                                            "0.1.0+a",
                                            "0.1.1",
                                            "0.9",
                                            "0.10",
                                            "1.0~",
                                            "1.0",
                                            "1.0a",
                                            "1.0+",
                                            "00002"};
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t j = 0; j < ordered.size(); ++j)
      EXPECT_EQ(compare_versions(ordered[i], ordered[j]), i <=> j) << ordered[i] << ' ' << ordered[j];
  EXPECT_EQ(compare_versions("1.01", "1.1"), std::strong_ordering::equal);
}

TEST(PackageVersion, NamesTheDebianThatItIsFor) {
  EXPECT_EQ(debian_of("0.2.0~deb12"), "12");
  EXPECT_EQ(debian_of("0.2.0~deb13+next"), "13");
  for (const auto* none : {"0.2.0", "0.2.0~debian", "0.2.0~deb12x", "0.2.0~deb"})
    EXPECT_EQ(debian_of(none), "") << none;
}

TEST(Software, SaysThePackageAndIsReadBack) {
  const Package package{"0.1.0~20261129075200.decf45c~deb12", "amd64"};
  const auto text = software_text("sbc 0.1.0", package);
  EXPECT_EQ(text, "sbc 0.1.0 (0.1.0~20261129075200.decf45c~deb12 amd64)");
  EXPECT_LE(text.size(), 64u);
  EXPECT_EQ(package_in(text), package);
  EXPECT_EQ(name_in(text), "sbc 0.1.0");
  EXPECT_EQ(software_text("sbc 0.1.0", std::nullopt), "sbc 0.1.0");
  EXPECT_EQ(software_text("sbc 0.1.0", Package{std::string(50, '1'), "amd64"}), "sbc 0.1.0") << "too long for a hello";
}

TEST(Software, OfAnOlderProgramOrOfAJokerHasNone) {
  for (const auto* none : {"sbc 0.1.0", "", "sbc 0.1.0 ()", "sbc 0.1.0 (1.0)", "sbc (-o amd64)", "sbc (1 ;reboot)",
                           "sbc (1.0 amd64", "sbc (1.0  amd64)", "(1.0 amd64)"}) {
    EXPECT_FALSE(package_in(none)) << none;
    EXPECT_EQ(name_in(none), none);
  }
}

TEST(SoftwareText, MayHaveTheMarkOfOneThatIsRunFromTheCore) {
  const std::string marked = "sbc 0.1.0" + std::string{run_mark};
  const auto text = software_text(marked, Package{"0.1.0~deb12", "amd64"});
  EXPECT_TRUE(is_run_from_core(text));
  EXPECT_EQ(name_in(text), "sbc 0.1.0");
  EXPECT_EQ(package_in(text), (Package{"0.1.0~deb12", "amd64"})) << "as a core of before reads it";
  EXPECT_TRUE(is_run_from_core(marked));
  EXPECT_EQ(name_in(marked), "sbc 0.1.0");
  for (const auto* none : {"sbc 0.1.0", "sbc 0.1.0 (0.1.0~deb12 amd64)", "sbc +run 0.1.0", "sbc 0.1.0 (0.1.0 +run)x"})
    EXPECT_FALSE(is_run_from_core(none)) << none;
}

}  // namespace
}  // namespace roamdesk

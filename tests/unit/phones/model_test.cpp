#include "common/phones/model.hpp"

#include <gtest/gtest.h>

namespace roamdesk::phones {
namespace {

Model model(Vendor vendor, const std::string& name, const std::string& firmware = "") {
  Model made;
  made.vendor = vendor;
  made.name = name;
  made.known_good_firmware = firmware;
  return made;
}

TEST(Versions, CompareByTheirNumbers) {
  EXPECT_EQ(compare_versions("86.9", "86.10"), -1);
  EXPECT_EQ(compare_versions("10.1.33.33", "10.1.33.33"), 0);
  EXPECT_EQ(compare_versions("86", "86.0.0"), 0);
  EXPECT_EQ(compare_versions("1.0.11.1", "1.0.9.200"), 1);
  EXPECT_EQ(compare_versions("", ""), 0);
  EXPECT_EQ(compare_versions("99999999999999999999999.1", "1.2"), 1);
}

TEST(Keys, FillAPagesColumnsFromTheLeft) {
  auto t46u = model(Vendor::yealink, "T46U");
  t46u.keys_per_page = 9;
  t46u.key_rows = 5;
  EXPECT_EQ(place_of_key(t46u, 0), (KeyPlace{1, 1, 1}));
  EXPECT_EQ(place_of_key(t46u, 4), (KeyPlace{1, 5, 1}));
  EXPECT_EQ(place_of_key(t46u, 8), (KeyPlace{1, 4, 2}));
  EXPECT_EQ(place_of_key(t46u, 9), (KeyPlace{2, 1, 1}));
  t46u.key_rows = 0;
  EXPECT_EQ(place_of_key(t46u, 9), (KeyPlace{2, std::nullopt, std::nullopt}));
  t46u.keys_per_page = 0;
  EXPECT_EQ(place_of_key(t46u, 9), KeyPlace{});
}

TEST(Keys, BesideTheScreenAreAPageOfTheirOwn) {
  auto gxp2130 = model(Vendor::grandstream, "GXP2130");
  gxp2130.keys = 20;
  gxp2130.physical_keys = 8;
  EXPECT_EQ(place_of_key(gxp2130, 12), KeyPlace{}) << "how the screen's are spread isn't known";
  gxp2130.keys_per_page = 3;
  EXPECT_EQ(place_of_key(gxp2130, 11).page, 4u);
  EXPECT_EQ(place_of_key(gxp2130, 12).page, 5u);
  EXPECT_EQ(place_of_key(gxp2130, 19).page, 5u);
}

TEST(Firmware, IsOkUnlessItIsKnownToBeOlder) {
  const auto d785 = model(Vendor::snom, "D785", "10.1.180.0");
  EXPECT_TRUE(firmware_ok(d785, "10.1.180.0"));
  EXPECT_TRUE(firmware_ok(d785, "10.2.1"));
  EXPECT_FALSE(firmware_ok(d785, "10.1.33.33"));
  EXPECT_TRUE(firmware_ok(d785, ""));
  EXPECT_TRUE(firmware_ok(model(Vendor::snom, "x"), "1.0"));
}

TEST(Firmware, IgnoresTheHardwareGroupOfAYealink) {
  const auto t4 = model(Vendor::yealink, "T46U", "108.86.0.20");
  EXPECT_TRUE(firmware_ok(t4, "66.86.0.20"));
  EXPECT_FALSE(firmware_ok(t4, "108.85.0.90"));
}

TEST(Models, AreFoundByNameAndAlias) {
  auto x6u = model(Vendor::fanvil, "X6U");
  x6u.aliases = {"X6U Pro"};
  const ModelList list({model(Vendor::yealink, "T46U"), model(Vendor::yealink, "generic"), x6u});
  EXPECT_EQ(list.find(Vendor::yealink, "SIP-T46U").name, "T46U");
  EXPECT_EQ(list.find(Vendor::yealink, "t46u").name, "T46U");
  EXPECT_EQ(list.find(Vendor::fanvil, "X6U-Pro").name, "X6U");
  EXPECT_EQ(list.exact(Vendor::snom, "T46U"), nullptr);
  EXPECT_EQ(list.exact(Vendor::yealink, ""), nullptr);
}

TEST(Models, FallBackToTheVendorsGenericOne) {
  auto generic = model(Vendor::yealink, "generic");
  generic.keys = 1;
  const ModelList list({model(Vendor::yealink, "T46U"), generic});
  EXPECT_EQ(list.find(Vendor::yealink, "T99Z").keys, 1u);
  const auto other = list.find(Vendor::snom, "D999");
  EXPECT_EQ(other.vendor, Vendor::snom);
  EXPECT_EQ(other.lines, 1u);
  EXPECT_EQ(other.keys, 0u);
}

}  // namespace
}  // namespace roamdesk::phones

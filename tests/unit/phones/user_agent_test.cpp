#include "common/phones/user_agent.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace roamdesk::phones {
namespace {

UserAgent agent(Vendor vendor, const std::string& model, const std::string& firmware, const std::string& mac = "") {
  UserAgent made;
  made.vendor = vendor;
  made.model = model;
  made.firmware = firmware;
  if (!mac.empty()) made.mac = Mac::parse(mac);
  return made;
}

// Reference §4, word for word.
TEST(UserAgent, ReadsTheSamplesOfTheReference) {
  EXPECT_EQ(parse_user_agent("Yealink SIP-T46G 28.72.0.1 00:15:65:11:22:33"),
            agent(Vendor::yealink, "T46G", "28.72.0.1", "001565112233"));
  EXPECT_EQ(parse_user_agent("Fanvil X6U Pro 0.0.10 0c383e112233"),
            agent(Vendor::fanvil, "X6U Pro", "0.0.10", "0c383e112233"));
  EXPECT_EQ(
      parse_user_agent("Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g 000413112233 SXM:0 UXM:0)"),
      agent(Vendor::snom, "D785", "10.1.33.33", "000413112233"));
  EXPECT_EQ(parse_user_agent("Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad112233"),
            agent(Vendor::grandstream, "GRP2614", "1.0.5.15", "c074ad112233"));
  EXPECT_EQ(parse_user_agent("Grandstream Model HW GXV3240 V1.6B SW 1.0.1.27 DevId 000b82112233"),
            agent(Vendor::grandstream, "GXV3240", "1.0.1.27", "000b82112233"));
  EXPECT_EQ(parse_user_agent("Htek UC903 2.0.4.2 00:1f:c1:11:22:33"),
            agent(Vendor::htek, "UC903", "2.0.4.2", "001fc1112233"));
  EXPECT_EQ(parse_user_agent("FileTransport PolycomVVX-VVX_101-UA/5.4.3.1014 Type/Application"),
            agent(Vendor::poly, "VVX_101", "5.4.3.1014"));
  EXPECT_EQ(parse_user_agent("Cisco-CP-7832-3PCC/11.0.1 (00562b112233)"),
            agent(Vendor::cisco, "7832", "11.0.1", "00562b112233"));
}

TEST(UserAgent, ReadsAndroidModelsOfYealink) {
  EXPECT_EQ(parse_user_agent("Yealink SIP-T58  58.85.0.5 805ec0112233"),
            agent(Vendor::yealink, "T58", "58.85.0.5", "805ec0112233"));
}

TEST(UserAgent, ReadsTheFormsOfSip) {
  EXPECT_EQ(parse_user_agent("Yealink W52P 25.81.0.10"), agent(Vendor::yealink, "W52P", "25.81.0.10"));
  EXPECT_EQ(parse_user_agent("Yealink SIP-T21P 34.72.14.6"), agent(Vendor::yealink, "T21P", "34.72.14.6"));
  EXPECT_EQ(parse_user_agent("snom370/8.7.5.48"), agent(Vendor::snom, "370", "8.7.5.48"));
  EXPECT_EQ(parse_user_agent("Grandstream GRP2612W 1.0.5.67"), agent(Vendor::grandstream, "GRP2612W", "1.0.5.67"));
}

TEST(UserAgent, ReadsFormsOfOldAndNewFirmware) {
  EXPECT_EQ(parse_user_agent("Mozilla/4.0 (compatible; snom720 8.7.5.35)"), agent(Vendor::snom, "720", "8.7.5.35"));
  EXPECT_EQ(parse_user_agent("Mozilla/4.0 (compatible; snom320-SIP 7.3.30)"), agent(Vendor::snom, "320", "7.3.30"));
  EXPECT_EQ(parse_user_agent("Mozilla/4.0 (compatible; snom370/8.7.5.48)"), agent(Vendor::snom, "370", "8.7.5.48"));
  EXPECT_EQ(parse_user_agent("Mozilla/4.0 (compatible; snom300)"), agent(Vendor::snom, "300", ""));
  EXPECT_EQ(parse_user_agent("PolyEdge-Edge_E350-UA/8.1.0.12034"), agent(Vendor::poly, "Edge_E350", "8.1.0.12034"));
  EXPECT_EQ(parse_user_agent("FileTransport PolyEdge-Edge_E220-UA/7.2.1.0044 Type/Application"),
            agent(Vendor::poly, "Edge_E220", "7.2.1.0044"));
  EXPECT_EQ(parse_user_agent("PolycomVVX-VVX_410-UA/5.4.0.10182_0004f2112233"),
            agent(Vendor::poly, "VVX_410", "5.4.0.10182", "0004f2112233"));
}

TEST(UserAgent, ReadsAYealinkThatHidesItsMac) {
  EXPECT_EQ(parse_user_agent("Yealink SIP-T46U 108.86.0.90"), agent(Vendor::yealink, "T46U", "108.86.0.90"));
}

TEST(UserAgent, IsNothingForBrowsersAndRubbish) {
  for (const auto* text : {"", " ", "curl/7.88.1", "Mozilla/5.0 (X11; Linux x86_64)", "Yealink", "snom", "snom/1.2",
                           "Grandstream Model HW", "Cisco-CP-", "PolycomVVX", "Fanvil"})
    EXPECT_EQ(parse_user_agent(text), std::nullopt) << text;
}

TEST(UserAgent, RefusesControlCharactersAndLength) {
  EXPECT_FALSE(parse_user_agent("Yealink SIP-T46G\r\nX: 1 28.72.0.1"));
  EXPECT_FALSE(parse_user_agent("Yealink " + std::string(300, 'a') + " 1.2"));
}

TEST(UserAgent, HoldsNothingUnprintableWhateverComes) {
  EXPECT_TRUE(rc::check("no control characters", [](const std::string& text) {
    for (const auto* vendor : {"Yealink ", "snom", "Fanvil ", "Grandstream Model HW ", "Cisco-CP-", "PolycomVVX-"}) {
      const auto read = parse_user_agent(vendor + text);
      if (!read) continue;
      for (const char c : read->model + read->firmware) RC_ASSERT(c >= 0x20 && c <= 0x7e);
    }
  }));
}

TEST(Vendor, IsKnownByItsOui) {
  EXPECT_EQ(vendor_of(*Mac::parse("001565112233")), Vendor::yealink);
  EXPECT_EQ(vendor_of(*Mac::parse("E434D7112233")), Vendor::yealink);
  EXPECT_EQ(vendor_of(*Mac::parse("000413112233")), Vendor::snom);
  EXPECT_EQ(vendor_of(*Mac::parse("0c383e112233")), Vendor::fanvil);
  EXPECT_EQ(vendor_of(*Mac::parse("c074ad112233")), Vendor::grandstream);
  EXPECT_EQ(vendor_of(*Mac::parse("020000112233")), Vendor::unknown);
}

TEST(Vendor, HasOneSpelling) {
  EXPECT_EQ(parse_vendor("YeaLink"), Vendor::yealink);
  EXPECT_EQ(parse_vendor(""), Vendor::unknown);
  EXPECT_EQ(to_string(Vendor::grandstream), "grandstream");
}

}  // namespace
}  // namespace roamdesk::phones

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

TEST(UserAgent, ReadsAPolyByEachOfItsNames) {
  const std::pair<const char*, UserAgent> forms[] = {
      {"FileTransport PolyEdge-Edge_E450-UA/8.0.0.15602 Type/Application",
       agent(Vendor::poly, "Edge_E450", "8.0.0.15602")},
      {"FileTransport PolyCCX-CCX_600-UA/8.0.2.3267 (SN:482567b5313f) Type/Application",
       agent(Vendor::poly, "CCX_600", "8.0.2.3267", "482567b5313f")},
      {"FileTransport PolycomVVX-VVX_450-UA/6.4.0.1234 (SN:482567b5313f) Type/Application",
       agent(Vendor::poly, "VVX_450", "6.4.0.1234", "482567b5313f")},
      {"FileTransport PolycomVVX-VVX_450-UA/6.4.0.1234 (SN:482567b5313f) Type/Updater",
       agent(Vendor::poly, "VVX_450", "6.4.0.1234", "482567b5313f")},
      {"PolycomVVX-VVX_450-UA/6.4.6.2460_482567b5313f", agent(Vendor::poly, "VVX_450", "6.4.6.2460", "482567b5313f")},
      {"PolyEdge-Edge_E350-UA/8.3.1.0614_f04ea4691c59", agent(Vendor::poly, "Edge_E350", "8.3.1.0614", "f04ea4691c59")},
      {"Poly/CCX_600-UA/7.2.0.1234", agent(Vendor::poly, "CCX_600", "7.2.0.1234")},
      {"FileTransport PolycomSoundStationIP-SSIP_5000-UA/4.0.9.1400", agent(Vendor::poly, "SSIP_5000", "4.0.9.1400")},
  };
  for (const auto& [text, wanted] : forms) EXPECT_EQ(parse_user_agent(text), wanted) << text;
}

TEST(UserAgent, ReadsACiscosMacBehindItsVersion) {
  EXPECT_EQ(parse_user_agent("Cisco-CP-8865-3PCC/12.0.3_dcf719f39350_d4e6994b-60bc-4fba-a490-fe5f8e74ceea_"
                             "dcf719f3-9350-4fba-a490-fe5f8e74ceea"),
            agent(Vendor::cisco, "8865", "12.0.3", "dcf719f39350"));
  EXPECT_EQ(parse_user_agent("Cisco-CP-8841-3PCC/11.3.7_MPP_0001"), agent(Vendor::cisco, "8841", "11.3.7"));
  EXPECT_EQ(parse_user_agent("Cisco-CP-8841-3PCC/11.0 (00562b043615)"),
            agent(Vendor::cisco, "8841", "11.0", "00562b043615"));
}

TEST(UserAgent, ReadsPhonesOfBeforeAndWithOddBrackets) {
  EXPECT_EQ(parse_user_agent("Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0"), agent(Vendor::yealink, "T46G", "28.71.0.81"));
  EXPECT_EQ(parse_user_agent("Yealink SIP VP-T49G 51.80.0.10 00:15:65:9b:5a:44"),
            agent(Vendor::yealink, "VP-T49G", "51.80.0.10", "0015659b5a44"));
  EXPECT_EQ(parse_user_agent("Fanvil X5U-V2 2.12.1 0c3800000000)"),
            agent(Vendor::fanvil, "X5U-V2", "2.12.1", "0c3800000000"));
  EXPECT_EQ(parse_user_agent("Fanvil V62Pro 2.12.1 (0c383e112233)"),
            agent(Vendor::fanvil, "V62Pro", "2.12.1", "0c383e112233"));
  EXPECT_EQ(parse_user_agent("Grandstream Model HW GRP2624 Pro V1.2A SW 1.0.15.19 DevId ec74d7112233"),
            agent(Vendor::grandstream, "GRP2624 Pro", "1.0.15.19", "ec74d7112233"));
  EXPECT_EQ(parse_user_agent("snomD862/10.1.226.13"), agent(Vendor::snom, "D862", "10.1.226.13"));
  // It doesn't name its maker; its MAC does.
  EXPECT_EQ(parse_user_agent("VP530P 23.70.0.40 00:15:65:31:4b:c0"), std::nullopt);
}

TEST(UserAgent, ReadsEveryFormInOneWordAndKeepsItsBounds) {
  EXPECT_TRUE(rc::check("bounded", [] {
    const auto mark = *rc::gen::element<std::string>("Yealink-", "Fanvil (", "FileTransport PolyCCX-", "Poly/",
                                                     "Cisco-CP-8865-3PCC/1_", "Grandstream Model HW ");
    const auto rest = *rc::gen::container<std::string>(rc::gen::element('(', ')', '_', ':', '-', '/', ' ', '0', 'a'));
    const auto text = mark + rest;
    const auto read = parse_user_agent(text);
    if (!read) return;
    RC_ASSERT(!read->model.empty());
    RC_ASSERT(read->model.size() + read->firmware.size() <= text.size());
  }));
}

TEST(UserAgent, ReadsAYealinkThatHidesItsMac) {
  EXPECT_EQ(parse_user_agent("Yealink SIP-T46U 108.86.0.90"), agent(Vendor::yealink, "T46U", "108.86.0.90"));
}

TEST(UserAgent, IsNothingForBrowsersAndRubbish) {
  for (const auto* text :
       {"", " ", "curl/7.88.1", "Mozilla/5.0 (X11; Linux x86_64)", "Yealink", "snom", "snom/1.2",
        "Grandstream Model HW", "Grandstream Model HW V1.2A SW 1.0", "Cisco-CP-", "PolycomVVX", "PolyCCX-UA/", "Poly",
        "Polynesia 1.0", "Yealink-", "YealinkX 1.2", "Fanvil", "Fanvil 2.4.1"})
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
  EXPECT_EQ(vendor_of(*Mac::parse("f04ea4691c59")), Vendor::poly);
  EXPECT_EQ(vendor_of(*Mac::parse("020000112233")), Vendor::unknown);
}

TEST(Vendor, HasOneSpelling) {
  EXPECT_EQ(parse_vendor("YeaLink"), Vendor::yealink);
  EXPECT_EQ(parse_vendor(""), Vendor::unknown);
  EXPECT_EQ(to_string(Vendor::grandstream), "grandstream");
}

}  // namespace
}  // namespace roamdesk::phones

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "exchange/provisioning/text.hpp"
#include "fixture.hpp"
#include "rendered.hpp"
#include "xml.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

// Whole files, so that every change of a template is seen. UPDATE_GOLDEN=1 writes them again; read the diff.
void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string{GOLDEN_DIR} + "/" + name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream{path, std::ios::binary} << text;
  std::ifstream in{path, std::ios::binary};
  ASSERT_TRUE(in) << path;
  EXPECT_EQ(text, (std::string{std::istreambuf_iterator<char>{in}, {}})) << path;
}

TEST(Render, IsTheGoldenFileOfEachVendor) {
  for (const auto vendor : vendors) {
    const std::string name{phones::to_string(vendor)};
    expect_golden(name + "_idle.txt", body(idle_view(vendor)));
    expect_golden(name + "_occupied.txt", body(occupied_view(vendor)));
  }
  // Other dialects, and the models of the simulated phones (tests/support/simphone).
  const std::pair<Vendor, std::string> others[] = {{Vendor::yealink, "T46S"},        {Vendor::fanvil, "X6U"},
                                                   {Vendor::fanvil, "X4"},           {Vendor::grandstream, "GXP1630"},
                                                   {Vendor::grandstream, "GXP1780"}, {Vendor::grandstream, "GRP2614"},
                                                   {Vendor::htek, "UC926"},          {Vendor::cisco, "8851"}};
  for (const auto& [vendor, model] : others)
    expect_golden(std::string{phones::to_string(vendor)} + "_" + model + "_occupied.txt",
                  body(occupied_view(vendor, model)));
  // A key of every type, on the simulated phones.
  const std::pair<Vendor, std::string> strict[] = {
      {Vendor::yealink, "T46S"},        {Vendor::snom, "D785"},  {Vendor::fanvil, "X6U"}, {Vendor::fanvil, "X4"},
      {Vendor::grandstream, "GRP2614"}, {Vendor::htek, "UC926"}, {Vendor::cisco, "8851"}, {Vendor::poly, "VVX450"}};
  for (const auto& [vendor, model] : strict) {
    auto view = occupied_view(vendor, model);
    view.keys = keys_of_every_type();
    // A Poly's registration has one key.
    if (vendor == Vendor::poly) std::erase_if(view.keys, [](const Key& key) { return key.type == KeyType::line; });
    expect_golden(std::string{phones::to_string(vendor)} + "_" + model + "_keys.txt", body(view));
  }
  // A person's keys go on on a board.
  auto board = occupied_view(Vendor::grandstream, "GXP2170");
  board.keys.assign(board.model.keys - 2, {KeyType::blf, "200", "x"});
  board.keys.insert(board.keys.end(),
                    {{KeyType::blf, "301", "Eva"}, {KeyType::none, "", ""}, {KeyType::speed_dial, "0049", "Taxi"}});
  expect_golden("grandstream_GXP2170_board.txt", body(board));
}

TEST(Render, GivesTheSameBytesForTheSameView) {
  for (const auto vendor : vendors) EXPECT_EQ(body(occupied_view(vendor)), body(occupied_view(vendor)));
}

TEST(Render, IsWellFormedXmlForEveryModel) {
  for (const auto& model : provisioner().models().all()) {
    if (!writes_xml(model.vendor)) continue;
    for (auto view : {idle_view(model.vendor, model.name), occupied_view(model.vendor, model.name)}) {
      EXPECT_EQ(view.model.name, model.name);
      parsed(body(view));
    }
  }
}

TEST(Render, StartsAYealinkFileWithItsExactFirstLine) {
  for (const auto& model : provisioner().models().all())
    if (model.vendor == Vendor::yealink) {
      const auto text = body(occupied_view(Vendor::yealink, model.name));
      EXPECT_TRUE(text.starts_with("#!version:1.0.0.1\n")) << model.name;
      yealink_settings(text);
    }
}

TEST(Render, LeavesNoTemplateMarkBehind) {
  for (const auto vendor : vendors) {
    EXPECT_EQ(body(occupied_view(vendor)).find("{{"), std::string::npos);
    EXPECT_EQ(body(occupied_view(vendor)).find("}}"), std::string::npos);
  }
}

TEST(Render, ConfiguresAYealinkAccountAsTheReferenceSays) {
  auto s = yealink_settings(body(occupied_view(Vendor::yealink)));
  EXPECT_EQ(s["account.1.enable"], "1");
  EXPECT_EQ(s["account.1.user_name"], "101");
  EXPECT_EQ(s["account.1.auth_name"], "s-4f2a");
  EXPECT_EQ(s["account.1.password"], "fedcba9876543210fedcba9876543210");
  EXPECT_EQ(s["account.1.display_name"], "O'Brien <&\"> äöü");
  EXPECT_EQ(s["account.1.sip_server.1.address"], "pbx.example.com");
  EXPECT_EQ(s["account.1.outbound_proxy_enable"], "1");
  EXPECT_EQ(s["account.1.outbound_proxy.1.address"], "192.168.1.5");
  EXPECT_EQ(s["account.1.outbound_proxy.1.port"], "5060");
  EXPECT_EQ(s["account.1.sip_server.1.expires"], "60");
  EXPECT_EQ(s["account.1.dtmf.type"], "1");
  EXPECT_EQ(s["account.1.subscribe_mwi"], "1");
  EXPECT_EQ(s["voice_mail.number.1"], "*98");
  EXPECT_EQ(s["account.2.enable"], "0");
  EXPECT_EQ(s["account.2.password"], "%NULL%");
  EXPECT_EQ(s["sip.notify_reboot_enable"], "0");
  EXPECT_EQ(s["sip.trust_ctrl"], "1");
  EXPECT_EQ(s["static.auto_provision.custom.protect"], "0");
  EXPECT_EQ(s["static.auto_provision.pnp_enable"], "0");
  EXPECT_EQ(s["static.auto_provision.repeat.minutes"], "60");
  EXPECT_EQ(s["static.auto_provision.server.url"], "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  EXPECT_EQ(s["features.save_call_history"], "0");
  EXPECT_EQ(s["local_time.ntp_server1"], "192.168.1.5");
  EXPECT_EQ(s["local_time.time_zone"], "+1");
  EXPECT_EQ(s["local_time.start_time"], "3/5/7/2");
}

TEST(Render, MovesAYealinksLineKeyBehindLogInAndLogOut) {
  auto idle = yealink_settings(body(idle_view(Vendor::yealink, "T46U")));
  EXPECT_EQ(idle["linekey.1.type"], "13");
  EXPECT_EQ(idle["linekey.1.value"], "*77*");
  EXPECT_EQ(idle["linekey.1.label"], "Log in");
  EXPECT_EQ(idle["linekey.2.type"], "15");
  for (int key = 3; key <= 27; ++key) {
    const auto name = "linekey." + std::to_string(key);
    EXPECT_EQ(idle[name + ".type"], "0");
    EXPECT_EQ(idle[name + ".value"], "%NULL%");
    EXPECT_EQ(idle[name + ".label"], "%NULL%");
  }
  EXPECT_FALSE(idle.contains("linekey.28.type"));

  auto busy = yealink_settings(body(occupied_view(Vendor::yealink, "T46U")));
  EXPECT_EQ(busy["linekey.1.value"], "*77*5*");
  EXPECT_EQ(busy["linekey.1.label"], "Log out");
  EXPECT_EQ(busy["linekey.2.type"], "15");
  EXPECT_EQ(busy["linekey.3.type"], "16");
  EXPECT_EQ(busy["linekey.3.value"], "102");
  EXPECT_EQ(busy["linekey.4.type"], "0");
  EXPECT_EQ(busy["linekey.5.type"], "13");
  EXPECT_EQ(busy["linekey.6.label"], "103");
}

TEST(Render, TellsOnTheLabelHowToLogInWhereThereAreNoKeys) {
  auto s = yealink_settings(body(idle_view(Vendor::yealink, "T30P")));
  EXPECT_EQ(s["account.1.label"], "HD0001 *77*");
  EXPECT_EQ(yealink_settings(body(occupied_view(Vendor::yealink, "T30P")))["account.1.label"], "101");
  EXPECT_EQ(yealink_settings(body(idle_view(Vendor::yealink)))["account.1.label"], "HD0001");
}

TEST(Render, BlanksAYealinksOwnStarCodes) {
  auto s = yealink_settings(body(idle_view(Vendor::yealink)));
  for (const auto* name :
       {"features.dnd.on_code", "features.dnd.off_code", "forward.always.on_code", "forward.busy.on_code",
        "forward.no_answer.on_code", "features.pickup.direct_pickup_code", "features.pickup.group_pickup_code",
        "dialplan.block_out.number.1", "dialplan.replace.prefix.1", "dialplan.area_code.code"})
    EXPECT_EQ(s[name], "%NULL%") << name;
  EXPECT_EQ(s["phone_setting.emergency.number"], "112,911");
}

TEST(Render, ConfiguresASnom) {
  const auto root = parsed(body(occupied_view(Vendor::snom)));
  const auto& s = *root.child("phone-settings");
  EXPECT_EQ(s.child_text("user_name", "idx", "1"), "101");
  EXPECT_EQ(s.child_text("user_pname", "idx", "1"), "s-4f2a");
  EXPECT_EQ(s.child_text("user_realname", "idx", "1"), "O'Brien <&\"> äöü");
  EXPECT_EQ(s.child_text("user_host", "idx", "1"), "pbx.example.com");
  EXPECT_EQ(s.child_text("user_outbound", "idx", "1"), "192.168.1.5:5060;transport=udp");
  EXPECT_EQ(s.child_text("user_expiry", "idx", "1"), "60");
  EXPECT_EQ(s.child_text("user_mailbox", "idx", "1"), "*98");
  EXPECT_EQ(s.child_text("user_active", "idx", "2"), "off");
  EXPECT_EQ(s.child_text("user_pass", "idx", "12"), "");
  EXPECT_EQ(s.child_text("setting_server"),
            "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/snomD785-000413ABCDEF.htm");
  EXPECT_EQ(s.child_text("pnp_config"), "off");
  EXPECT_EQ(s.child_text("dst"), "3600 03.05.07 02:00:00 10.05.07 03:00:00");
  const auto& keys = *root.child("functionKeys");
  EXPECT_EQ(s.child_text("timezone"), "GER+1");
  EXPECT_EQ(s.child_text("utc_offset"), "3600");
  ASSERT_EQ(keys.children.size(), 24u + 54u);  // with those of expansion modules
  EXPECT_EQ(keys.children[77].attribute("idx"), "77");
  EXPECT_EQ(keys.children[77].text, "none");
  EXPECT_EQ(keys.children[0].text, "speed *77*5*");
  EXPECT_EQ(keys.children[0].attribute("idx"), "0");
  EXPECT_EQ(keys.children[0].attribute("label"), "Log out");
  EXPECT_EQ(keys.children[1].text, "blf 102");
  EXPECT_EQ(keys.children[1].attribute("label"), "Bob & Söhne");
  EXPECT_EQ(keys.children[2].text, "none");
  EXPECT_EQ(keys.children[3].attribute("label"), "<Taxi>");
  EXPECT_EQ(keys.children[5].text, "none");
}

TEST(Render, NamesASnomsTimeZoneByACountryWhoseClocksChangeAlike) {
  const auto zone = [](int minutes, std::optional<ClockChanges> changes) {
    auto view = idle_view(Vendor::snom);
    view.utc_offset_minutes = minutes;
    view.clock_changes = changes;
    return parsed(body(view)).child("phone-settings")->child_text("timezone");
  };
  const ClockChanges america{{3, 2, 7, 2}, {11, 1, 7, 2}, 60};
  EXPECT_EQ(zone(0, ClockChanges{{3, 5, 7, 1}, {10, 5, 7, 2}, 60}), "GBR-0");
  EXPECT_EQ(zone(-60, ClockChanges{{3, 5, 7, 0}, {10, 5, 7, 1}, 60}), "PRT-1");
  EXPECT_EQ(zone(120, ClockChanges{{3, 5, 7, 3}, {10, 5, 7, 4}, 60}), "FIN+2");
  EXPECT_EQ(zone(-300, america), "USA-5");
  EXPECT_EQ(zone(-420, std::nullopt), "USA2-7");
  EXPECT_EQ(zone(330, std::nullopt), "IND+5.5");
  // Nothing rather than the clock of somebody else: Lagos, Cairo, Sydney, Berlin with America's rule.
  EXPECT_EQ(zone(60, std::nullopt), "");
  EXPECT_EQ(zone(120, ClockChanges{{4, 5, 5, 0}, {10, 5, 5, 0}, 60}), "");
  EXPECT_EQ(zone(600, ClockChanges{{10, 1, 7, 2}, {4, 1, 7, 3}, 60}), "");
  EXPECT_EQ(zone(60, america), "");
}

TEST(Render, LetsNothingBreakOutOfItsGrammar) {
  const std::vector<std::string> attacks = {"x\nstatic.security.user_password = admin:own3d",
                                            "x\r\nlinekey.1.value = 0900",
                                            "</user_realname><evil>",
                                            "\"/><evil a=\"",
                                            "x\xc2\x85next",
                                            "x\xe2\x80\xa8next",
                                            "{{PASSWORD}}",
                                            "&#10;",
                                            "]]>",
                                            "%NULL%",
                                            std::string("nul\0nul", 7),
                                            "\xff\xfe broken \xc3",
                                            "<!--",
                                            "@1/f",
                                            "|*20*",
                                            "<?php"};
  for (const auto vendor : vendors) {
    const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
    const auto usual = occupied_view(vendor);
    for (const auto& attack : attacks) {
      auto view = usual;
      view.account.label = view.account.display_name = view.desk_name = view.voicemail = attack;
      view.account.user = view.account.digest_user = attack;
      view.ring_tone = view.backlight = view.language = attack;
      view.codecs = {attack};
      view.emergency_numbers = {attack};
      for (auto& key : view.keys) key.value = key.label = attack;
      auto harmless = view;
      harmless.account.label = harmless.account.display_name = harmless.desk_name = harmless.voicemail = "x";
      harmless.account.user = harmless.account.digest_user = "x";
      harmless.ring_tone = harmless.backlight = harmless.language = "x";
      harmless.codecs = {"x"};
      harmless.emergency_numbers = {"x"};
      // A key with nothing to dial is an empty one.
      for (auto& key : harmless.keys) {
        key.value = clean_number(attack).empty() ? "" : "x";
        key.label = "x";
      }
      const auto text = body(view);
      // As many lines, and as many settings, as with a harmless word. (A value of nothing but signs may be empty.)
      EXPECT_LE(std::abs(lines(text) - lines(body(harmless))), 4) << attack;
      EXPECT_EQ(text.find('\r'), std::string::npos);
      EXPECT_EQ(text.find('\0'), std::string::npos);
      if (!writes_xml(vendor)) {
        const auto settings = yealink_settings(text);
        EXPECT_NE(settings.at("linekey.1.value"), "0900");
        EXPECT_FALSE(settings.contains("static.security.user_password")) << attack;
      } else {
        EXPECT_EQ(text.find("<evil"), std::string::npos);
        parsed(text);
      }
    }
  }
}

TEST(Render, KeepsSettingsThatAreNotOursOutOfTheRedirect) {
  auto view = occupied_view(Vendor::yealink);
  EXPECT_EQ(provisioner().render_redirect(view).body,
            "#!version:1.0.0.1\n"
            "static.auto_provision.server.url = http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/\n"
            "static.auto_provision.repeat.enable = 1\n"
            "static.auto_provision.repeat.minutes = 60\n");
  for (const auto vendor : vendors) {
    const auto text = provisioner().render_redirect(occupied_view(vendor)).body;
    EXPECT_NE(text.find("192.168.1.5:5000/provision/TOKENtokenTOKENtoken"), std::string::npos);
    for (const auto* secret : {"fedcba98", "s-4f2a", "Brien", "*77*", "pbx.example.com"})
      EXPECT_EQ(text.find(secret), std::string::npos) << secret;
    if (writes_xml(vendor)) parsed(text);
  }
}

TEST(Render, GivesEmptyFilesThatAreValid) {
  EXPECT_EQ(provisioner().render_empty(Vendor::yealink).body, "#!version:1.0.0.1\n");
  for (const auto vendor : vendors)
    if (writes_xml(vendor)) parsed(provisioner().render_empty(vendor).body);
}

TEST(Render, SaysTransportAndCodecsInEachVendorsWords) {
  auto view = idle_view(Vendor::yealink);
  view.transport = sip::Transport::tls;
  view.codecs = {"opus", "g722", "opus", "nonsense"};
  auto s = yealink_settings(body(view));
  EXPECT_EQ(s["account.1.sip_server.1.transport_type"], "2");
  EXPECT_EQ(s["account.1.srtp_encryption"], "0");  // a phone that had it switched on loses it
  EXPECT_EQ(s["account.1.codec.opus.priority"], "1");
  EXPECT_EQ(s["account.1.codec.g722.priority"], "2");
  EXPECT_EQ(s["account.1.codec.pcma.enable"], "0");
}

TEST(Render, SaysSrtpInEachVendorsWords) {
  const auto says = [](Vendor vendor, Srtp srtp, const char* model = "") {
    auto view = idle_view(vendor, model);
    view.transport = sip::Transport::tls;
    view.srtp = srtp;
    return body(view);
  };
  const auto number = [](Srtp srtp) { return std::to_string(static_cast<int>(srtp)); };
  for (const auto srtp : {Srtp::off, Srtp::optional, Srtp::required}) {
    EXPECT_EQ(yealink_settings(says(Vendor::yealink, srtp))["account.1.srtp_encryption"], number(srtp));
    EXPECT_THAT(says(Vendor::fanvil, srtp), testing::HasSubstr("<MediaCrypto>" + number(srtp) + "</MediaCrypto>"));
    EXPECT_THAT(says(Vendor::htek, srtp), testing::HasSubstr("<P183>" + number(srtp) + "</P183>"));
    EXPECT_THAT(says(Vendor::poly, srtp),
                testing::HasSubstr("sec.srtp.require=\"" + std::string{srtp == Srtp::required ? "1" : "0"} + "\""));
    EXPECT_THAT(says(Vendor::cisco, srtp),
                testing::HasSubstr("<Secure_Call_Serv>" + std::string{srtp == Srtp::off ? "No" : "Yes"} + "<"));
  }
  const std::tuple<Srtp, const char*, const char*, const char*> spelled[] = {
      {Srtp::off, "off", "off", "Disabled"},
      {Srtp::optional, "on", "optional", "EnabledButNotForced"},
      {Srtp::required, "on", "mandatory", "EnabledAndForced"}};
  for (const auto& [srtp, on, savp, mode] : spelled) {
    const auto snom = says(Vendor::snom, srtp);
    EXPECT_THAT(snom, testing::HasSubstr(std::string{"<user_srtp idx=\"1\" perm=\"R\">"} + on + "</user_srtp>"));
    EXPECT_THAT(snom, testing::HasSubstr(std::string{"<user_savp idx=\"1\" perm=\"R\">"} + savp + "</user_savp>"));
    EXPECT_THAT(says(Vendor::grandstream, srtp), testing::HasSubstr(std::string{"srtpMode\">"} + mode + "</item>"));
  }
}

TEST(Render, TakesCodecsAsAnAdministratorWritesThem) {
  auto view = idle_view(Vendor::yealink);
  view.codecs = {"PCMU", "opus", "PCMA"};
  auto s = yealink_settings(body(view));
  EXPECT_EQ(s["account.1.codec.pcmu.priority"], "1");
  EXPECT_EQ(s["account.1.codec.opus.priority"], "2");
  EXPECT_EQ(s["account.1.codec.pcma.priority"], "3");
  EXPECT_EQ(s["account.1.codec.g722.enable"], "0");
}

TEST(Render, KeepsADedicatedPhoneRegisteredLongerAndWithItsLog) {
  auto view = occupied_view(Vendor::yealink, "T46U");
  view.occupancy = Occupancy::dedicated;
  auto s = yealink_settings(body(view));
  EXPECT_EQ(s["account.1.sip_server.1.expires"], "300");
  EXPECT_EQ(s["features.save_call_history"], "1");
  EXPECT_EQ(s["linekey.1.type"], "15");
  EXPECT_EQ(s["linekey.2.value"], "102");
}

TEST(PnpUrl, IsADirectoryButForSnom) {
  EXPECT_EQ(pnp_url(idle_view(Vendor::yealink)), "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  EXPECT_EQ(pnp_url(idle_view(Vendor::grandstream)), "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  EXPECT_EQ(pnp_url(idle_view(Vendor::snom)),
            "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/snomD785-000413ABCDEF.htm");
}

}  // namespace
}  // namespace roamdesk::provisioning

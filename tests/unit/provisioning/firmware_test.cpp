#include <gmock/gmock.h>

#include "common/phones/firmware.hpp"
#include "service_fixture.hpp"
#include "xml.hpp"

// How each vendor's phones are told of firmware, and who is given it.
namespace roamdesk::provisioning {
namespace {
using testing::HasSubstr;
using testing::Not;

std::string file_of(Vendor vendor) {
  return "Firmware-1.2.3.4" + std::string{phones::grammar_of(vendor).firmware.endings->front()};
}

class Firmware : public Provisioning {
 protected:
  // The vendor's phone is in its turn.
  void in_turn(Vendor vendor) {
    for (auto& phone : phones.all)
      if (phone.vendor == vendor)
        phone.firmware = {{.sha256 = std::string(64, 'b'),
                           .name = file_of(vendor),
                           .vendor = vendor,
                           .version = "1.2.3.4",
                           .models = {},
                           .bytes = 4096}};
  }
  static std::string folder(Vendor vendor) {
    return "/provision/token-" + std::string{phones::to_string(vendor)} + "/";
  }
};

PhoneView view_in_turn(Vendor vendor, const std::string& model = "") {
  auto view = idle_view(vendor, model);
  view.firmware_file = file_of(vendor);
  view.firmware_version = "1.2.3.4";
  return view;
}

TEST(FirmwareWords, AreTheVendorsOwn) {
  const std::string folder = "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/";
  const auto body = [](Vendor vendor, const std::string& model = "") {
    return provisioner().render(view_in_turn(vendor, model)).body;
  };
  EXPECT_THAT(body(Vendor::yealink), HasSubstr("static.firmware.url = " + folder + "Firmware-1.2.3.4.rom\n"));
  EXPECT_THAT(body(Vendor::snom), HasSubstr(">auto_update</update_policy>"));
  EXPECT_THAT(body(Vendor::snom), HasSubstr(">" + folder + "snomD785-firmware.xml</firmware_status>"));
  EXPECT_THAT(body(Vendor::fanvil), HasSubstr("<UpgradeServer1>" + folder + "</UpgradeServer1>"));
  EXPECT_THAT(body(Vendor::fanvil), HasSubstr("<Auto_Image_URL>" + folder + "Firmware-1.2.3.4.z</Auto_Image_URL>"));
  EXPECT_THAT(body(Vendor::fanvil, "X4"), HasSubstr("<Enable_Auto_Upgrade>1</Enable_Auto_Upgrade>"));
  EXPECT_THAT(body(Vendor::grandstream), HasSubstr("checkCondition\">AlwaysCheck</item>"));
  EXPECT_THAT(body(Vendor::grandstream),
              HasSubstr("firmware.serverPath\">192.168.1.5:5000/provision/TOKENtokenTOKENtoken</item>"));
  EXPECT_THAT(body(Vendor::grandstream, "GXP1630"), HasSubstr("<P238>0</P238>"));
  EXPECT_THAT(body(Vendor::grandstream, "GXP1630"),
              HasSubstr("<P192>192.168.1.5:5000/provision/TOKENtokenTOKENtoken</P192>"));
  EXPECT_THAT(body(Vendor::htek), HasSubstr("<P192>" + folder + "</P192>"));
  EXPECT_THAT(body(Vendor::cisco), HasSubstr("<Upgrade_Enable>Yes</Upgrade_Enable>"));
  EXPECT_THAT(body(Vendor::cisco), HasSubstr("<Upgrade_Rule>" + folder + "Firmware-1.2.3.4.loads</Upgrade_Rule>"));
  EXPECT_THAT(provisioner().render_index(Vendor::poly, mac_of(Vendor::poly), "Firmware-1.2.3.4.ld").body,
              HasSubstr("APP_FILE_PATH=\"Firmware-1.2.3.4.ld\""));
}

TEST(FirmwareWords, AreOfNoneWhereItIsntThePhonesTurn) {
  for (const auto vendor : vendors) {
    const auto body = provisioner().render(idle_view(vendor)).body;
    EXPECT_THAT(body, Not(HasSubstr("Firmware-"))) << phones::to_string(vendor);
    EXPECT_FALSE(provisioner().render_firmware_note(idle_view(vendor)));
  }
  const auto idle = [](Vendor vendor) { return provisioner().render(idle_view(vendor)).body; };
  EXPECT_THAT(idle(Vendor::yealink), HasSubstr("static.firmware.url = %NULL%\n"));
  EXPECT_THAT(idle(Vendor::snom), HasSubstr(">settings_only</update_policy>"));
  EXPECT_THAT(idle(Vendor::snom), HasSubstr("<firmware_status perm=\"R\"></firmware_status>"));
  EXPECT_THAT(idle(Vendor::fanvil), HasSubstr("<EnableAutoUpgrade>0</EnableAutoUpgrade>"));
  EXPECT_THAT(idle(Vendor::grandstream), HasSubstr("checkCondition\">SkipCheck</item>"));
  EXPECT_THAT(idle(Vendor::cisco), HasSubstr("<Upgrade_Enable>No</Upgrade_Enable>"));
  EXPECT_THAT(provisioner().render_index(Vendor::poly, mac_of(Vendor::poly), "").body,
              HasSubstr("APP_FILE_PATH=\"sip.ld\""));
}

TEST(FirmwareNotes, NameTheFileAsTheVendorWrites) {
  const auto snom = provisioner().render_firmware_note(view_in_turn(Vendor::snom));
  ASSERT_TRUE(snom);
  xml::Reader reader{snom->body};
  const auto root = reader.read();
  EXPECT_EQ(root.name, "firmware-settings");
  ASSERT_NE(root.child("firmware"), nullptr);
  EXPECT_THAT(root.child("firmware")->text, testing::EndsWith("/Firmware-1.2.3.4.bin"));
  const auto fanvil = provisioner().render_firmware_note(view_in_turn(Vendor::fanvil));
  ASSERT_TRUE(fanvil);
  EXPECT_EQ(fanvil->content_type, "text/plain; charset=utf-8");
  EXPECT_THAT(fanvil->body, testing::StartsWith("Version=1.2.3.4\nFirmware=http://"));
  for (const auto vendor : {Vendor::yealink, Vendor::grandstream, Vendor::htek, Vendor::cisco, Vendor::poly})
    EXPECT_FALSE(provisioner().render_firmware_note(view_in_turn(vendor)));
}

TEST_F(Firmware, IsGivenToAPhoneInItsTurn) {
  for (const auto vendor : vendors) {
    const std::string path = folder(vendor) + file_of(vendor);
    EXPECT_EQ(get(path).answer.status, 404) << phones::to_string(vendor);
    in_turn(vendor);
    const auto outcome = get(path);
    EXPECT_EQ(outcome.answer.status, 200) << phones::to_string(vendor);
    ASSERT_TRUE(outcome.answer.content);
    EXPECT_EQ(outcome.answer.content->sha256, std::string(64, 'b'));
    EXPECT_EQ(outcome.answer.content->bytes, 4096u);
    ASSERT_EQ(outcome.events.size(), 1u);
    EXPECT_EQ(std::get<FirmwareFetched>(outcome.events[0]).mac, mac_of(vendor));
  }
}

TEST_F(Firmware, IsGivenToNoOtherPhoneSiteAddressOrName) {
  const auto vendor = Vendor::yealink;
  in_turn(vendor);
  const std::string name = file_of(vendor);
  const auto refused = [](const HttpOutcome& outcome) { return outcome.answer == HttpAnswer{}; };
  EXPECT_TRUE(refused(get("/provision/token-snom/" + name))) << "by another phone's token";
  EXPECT_TRUE(refused(get(folder(vendor) + name, "", t0, "branch-2"))) << "at another site";
  EXPECT_TRUE(refused(get("/provision/" + name))) << "without a token";
  EXPECT_TRUE(refused(get(folder(vendor) + name, "Yealink SIP-T33G 124.86.0.40 80:5e:c0:99:99:99"))) << "as another";
  for (auto& phone : phones.all) phone.window_until.reset();
  EXPECT_EQ(suspicion(get(folder(vendor) + name)), Suspicion::foreign_address) << "from where it isn't";
  for (auto& phone : phones.all) phone.registered_at = phone_at;
  EXPECT_EQ(get(folder(vendor) + name).answer.status, 200);
  for (const char* path : {"../Firmware-1.2.3.4.rom", "%2e%2e/Firmware-1.2.3.4.rom", "Firmware-1.2.3.4.rom/x",
                           "Firmware-1.2.3.4.rom%00", "Firmware-1.2.3.5.rom", "%2fetc%2fpasswd", "firmware",
                           "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"})
    EXPECT_TRUE(refused(get(folder(vendor) + path))) << path;
}

TEST_F(Firmware, WaitsForTheEndOfACall) {
  in_turn(Vendor::yealink);
  in_turn(Vendor::snom);
  for (auto& phone : phones.all) phone.in_call = true;
  EXPECT_EQ(get(folder(Vendor::yealink) + file_of(Vendor::yealink)).answer.status, 503);
  EXPECT_EQ(get(folder(Vendor::snom) + "snomD785-firmware.xml").answer.status, 503);
}

TEST_F(Firmware, LooksAtNothingForAHead) {
  in_turn(Vendor::yealink);
  HttpRequest head;
  head.site = SiteId{"branch-1"};
  head.method = "HEAD";
  head.face = *parse_endpoint("192.168.1.5:5000");
  head.peer = *parse_endpoint("192.168.1.77:40000");
  head.path = folder(Vendor::yealink) + file_of(Vendor::yealink);
  const auto outcome = service.handle(head, t0);
  EXPECT_EQ(outcome.answer.status, 200);
  EXPECT_TRUE(outcome.events.empty());
}

TEST(FirmwareNames, AreOfTheVendorsKind) {
  using phones::is_firmware_name;
  EXPECT_TRUE(is_firmware_name(Vendor::yealink, "T46U-108.86.0.90.rom"));
  EXPECT_TRUE(is_firmware_name(Vendor::yealink, "T46U-108.86.0.90.ROM"));
  EXPECT_TRUE(is_firmware_name(Vendor::grandstream, "grp2614fw.bin"));
  EXPECT_TRUE(is_firmware_name(Vendor::poly, "3111-48450-001.sip.ld"));
  EXPECT_TRUE(is_firmware_name(Vendor::cisco, "rootfs88xx.12-0-7MPP0001-245.sbn"));
  for (const char* bad : {"", ".rom", "..rom", "a/b.rom", "a b.rom", "../x.rom", "x.rom\n", "x.cfg", "805ec0112233.cfg",
                          "\xc3\xa4.rom", "x.rom/..", "x%2f.rom"})
    EXPECT_FALSE(is_firmware_name(Vendor::yealink, bad)) << bad;
  EXPECT_FALSE(is_firmware_name(Vendor::yealink, std::string(97, 'a') + ".rom"));
  EXPECT_FALSE(is_firmware_name(Vendor::snom, "T46U-108.86.0.90.rom"));
  EXPECT_FALSE(is_firmware_name(Vendor::unknown, "x.rom"));
}

TEST(FirmwareNames, SayWhichFileOfSeveralIsNamed) {
  EXPECT_TRUE(phones::is_main_firmware(Vendor::cisco, "sip88xx.12-0-7MPP0001-245.loads"));
  EXPECT_FALSE(phones::is_main_firmware(Vendor::cisco, "rootfs88xx.12-0-7MPP0001-245.sbn"));
}

TEST(FirmwareVersions, OfAnotherHardwareAreKnown) {
  const auto model = provisioner().models().find(Vendor::yealink, "T46U");
  EXPECT_FALSE(phones::firmware_mismatch(model, "108.86.0.90"));
  EXPECT_EQ(phones::firmware_mismatch(model, "96.86.0.90"), "firmware of T46U begins with 108.");
  EXPECT_FALSE(phones::firmware_mismatch(provisioner().models().find(Vendor::snom, "D785"), "10.1.184.15"));
}

TEST(FirmwareVersions, ThatPublicTextsNameFitTheirModels) {
  std::size_t known = 0;
  for (const auto& model : provisioner().models().all()) {
    if (model.current_firmware.empty()) continue;
    ++known;
    EXPECT_TRUE(phones::is_firmware_version(model.current_firmware)) << model.name;
    EXPECT_TRUE(phones::firmware_ok(model, model.current_firmware)) << model.name;
    EXPECT_FALSE(phones::firmware_mismatch(model, model.current_firmware)) << model.name;
  }
  EXPECT_GT(known, 50u);
}

}  // namespace
}  // namespace roamdesk::provisioning

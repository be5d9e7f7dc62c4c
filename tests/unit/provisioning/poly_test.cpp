#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "exchange/provisioning/file_names.hpp"
#include "service_fixture.hpp"
#include "xml.hpp"

// Poly: two files, settings as attributes, keys that point into lists.
namespace roamdesk::provisioning {
namespace {

using Attributes = std::map<std::string, std::string>;

Attributes attributes_of(const std::string& body) {
  xml::Reader reader{body};
  const auto root = reader.read();
  EXPECT_EQ(reader.fault(), "");
  EXPECT_TRUE(root.children.empty());
  Attributes found;
  for (const auto& [name, value] : root.attributes) EXPECT_TRUE(found.emplace(name, value).second) << "twice: " << name;
  return found;
}
Attributes file_of_poly(const PhoneView& view) { return attributes_of(provisioner().render(view).body); }

TEST(Poly, RegistersItsFirstLine) {
  auto file = file_of_poly(occupied_view(Vendor::poly));
  EXPECT_EQ(file["reg.1.address"], "101");
  EXPECT_EQ(file["reg.1.auth.userId"], "s-4f2a");
  EXPECT_EQ(file["reg.1.displayName"], "O'Brien <&\"> äöü");
  EXPECT_EQ(file["reg.1.server.1.address"], "pbx.example.com");
  EXPECT_EQ(file["reg.1.server.1.transport"], "UDPOnly");
  EXPECT_EQ(file["reg.1.server.1.expires"], "60");
  EXPECT_EQ(file["reg.1.outboundProxy.address"], "192.168.1.5");
  EXPECT_EQ(file["reg.1.outboundProxy.port"], "5060");
  EXPECT_EQ(file["msg.mwi.1.subscribe"], "101");
  EXPECT_EQ(file["msg.mwi.1.callBack"], "*98");
  EXPECT_EQ(file.at("reg.34.address"), "");
  EXPECT_FALSE(file.contains("reg.35.address"));
  EXPECT_EQ(file["device.prov.serverName"], "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
}

TEST(Poly, PointsItsKeysIntoListsThatCountByThemselves) {
  auto view = occupied_view(Vendor::poly, "VVX450");
  view.keys = {{KeyType::blf, "102", "Bob"},
               {KeyType::speed_dial, "0049123", "Taxi"},
               {KeyType::none, "", ""},
               {KeyType::blf, "103", ""}};
  auto file = file_of_poly(view);
  const auto key = [&](int n) {
    const auto at = "lineKey." + std::to_string(n);
    return file[at + ".category"] + " " + file[at + ".index"];
  };
  EXPECT_EQ(key(1), "EFK 1");
  EXPECT_EQ(file["efk.efklist.1.action.string"], "*77*5*$Tinvite$");
  EXPECT_EQ(file["efk.efklist.1.label"], "Log out");
  EXPECT_EQ(key(2), "Line 1");
  EXPECT_EQ(key(3), "BLF 1");
  EXPECT_EQ(file["attendant.resourceList.1.address"], "102");
  EXPECT_EQ(key(4), "EFK 2");
  EXPECT_EQ(file["efk.efklist.2.action.string"], "0049123$Tinvite$");
  EXPECT_EQ(key(5), "Unassigned 0");
  EXPECT_EQ(key(6), "BLF 2");
  EXPECT_EQ(file["attendant.resourceList.2.label"], "103");
  EXPECT_EQ(key(12), "Unassigned 0");
  EXPECT_FALSE(file.contains("lineKey.13.category"));
  EXPECT_FALSE(file.contains("attendant.resourceList.3.address"));
}

TEST(Poly, TakesWhatADeviceParameterSaysOnlyBesideItsSet) {
  auto view = occupied_view(Vendor::poly);
  view.admin_password = Secret{"k3Jx9Qm2Zr7Tw5Yb"};
  for (const auto& file :
       {file_of_poly(view), attributes_of(provisioner().render_redirect(occupied_view(Vendor::poly)).body)}) {
    EXPECT_EQ(file.at("device.set"), "1");
    for (const auto& [name, value] : file) {
      const bool of_device = name.starts_with("device.") && !name.ends_with("set");
      EXPECT_TRUE(!of_device || file.at(name + ".set") == "1") << name;
    }
    // Where DHCP names the directory without a token, it doesn't go there any more.
    EXPECT_EQ(file.at("device.dhcp.bootSrvUseOpt"), "Static");
  }
}

TEST(Poly, SwitchesOffOnAHotDeskWhatThePersonBeforeMayHaveLeftInIt) {
  auto view = occupied_view(Vendor::poly);
  for (const auto* name : {"feature.callList.enabled", "feature.directory.enabled", "feature.forward.enable",
                           "feature.doNotDisturb.enable"}) {
    view.occupancy = Occupancy::occupied_desk;
    EXPECT_EQ(file_of_poly(view).at(name), "0") << name;
    view.occupancy = Occupancy::dedicated;
    EXPECT_EQ(file_of_poly(view).at(name), "1") << name;
  }
}

TEST(Poly, NamesTheWeekInWhichClocksChangeByItsFirstDay) {
  const auto stop = [](int minutes, ClockChanges changes) {
    auto view = idle_view(Vendor::poly);
    view.utc_offset_minutes = minutes;
    view.clock_changes = changes;
    auto file = file_of_poly(view);
    std::string told = file["tcpIpApp.sntp.gmtOffset"];
    for (const auto* name : {"month", "date", "dayOfWeek", "dayOfWeek.lastInMonth", "time"})
      told += "/" + file[std::string{"tcpIpApp.sntp.daylightSavings.stop."} + name];
    return told;
  };
  EXPECT_EQ(stop(60, {{3, 5, 7, 2}, {10, 5, 7, 3}, 60}), "3600/10/1/1/1/3");
  EXPECT_EQ(stop(-300, {{3, 2, 7, 2}, {11, 1, 7, 2}, 60}), "-18000/11/1/1/0/2");
  EXPECT_EQ(stop(120, {{4, 5, 5, 0}, {10, 4, 5, 0}, 60}), "7200/10/22/6/0/0");
}

TEST(Poly, AsksForAnIndexAndThenForWhatThatNames) {
  const auto mac = Mac::parse("64167f112233");
  EXPECT_EQ(resolve(Vendor::poly, "64167f112233.cfg"), (FileName{FileKind::index, mac}));
  EXPECT_EQ(resolve(Vendor::poly, "64167F112233-settings.cfg"), (FileName{FileKind::device_config, mac}));
  for (const auto* name :
       {"64167f112233-phone.cfg", "64167f112233-web.cfg", "64167f112233-license.cfg", "64167f112233-directory.xml"})
    EXPECT_EQ(resolve(Vendor::poly, name), (FileName{FileKind::device_probe, mac})) << name;
  for (const auto* name : {"000000000000.cfg", "000000000000-directory.xml", "000000000000-settings.cfg"})
    EXPECT_EQ(resolve(Vendor::poly, name), (FileName{FileKind::other, {}})) << name;
  EXPECT_EQ(resolve(Vendor::poly, "3111-48450-001.sip.ld").kind, FileKind::firmware);
}

constexpr const char* index_text =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<APPLICATION APP_FILE_PATH=\"sip.ld\" CONFIG_FILES=\"64167f112233-settings.cfg\" MISC_FILES=\"\" "
    "LOG_FILE_DIRECTORY=\"\" OVERRIDES_DIRECTORY=\"\" CONTACTS_DIRECTORY=\"\" LICENSE_DIRECTORY=\"\"/>\n";

TEST_F(Provisioning, GivesAPolyItsIndexAndThenItsSettings) {
  // By its MAC, in the window: what the index names is a file that sets nothing but the address.
  const auto index = get("/provision/64167f112233.cfg");
  EXPECT_EQ(index.answer.body, index_text);
  EXPECT_TRUE(index.events.empty());
  const auto settings = get("/provision/64167f112233-settings.cfg");
  EXPECT_NE(settings.answer.body.find("device.prov.serverName=\"http://192.168.1.5:5000/provision/token-poly/\""),
            std::string::npos);
  EXPECT_EQ(settings.answer.body.find("101"), std::string::npos);
  EXPECT_TRUE(std::holds_alternative<RedirectFetched>(settings.events.at(0)));
  // By its token.
  EXPECT_EQ(get("/provision/token-poly/64167f112233.cfg").answer.body, index_text);
  const auto own = get("/provision/token-poly/64167f112233-settings.cfg");
  EXPECT_TRUE(std::holds_alternative<Fetched>(own.events.at(0)));
  EXPECT_NE(own.answer.body.find("reg.1.auth.password=\"fedcba98"), std::string::npos);
  for (const auto* missing : {"64167f112233-phone.cfg", "64167f112233-directory.xml", "000000000000.cfg", "sip.ld"})
    EXPECT_EQ(get(std::string{"/provision/token-poly/"} + missing).answer, HttpAnswer{}) << missing;
}

TEST_F(Provisioning, GivesAPolysIndexToNobodyElse) {
  EXPECT_EQ(suspicion(get("/provision/64167f112233.cfg", "", t0 + 11min)), Suspicion::outside_window);
  EXPECT_EQ(suspicion(get("/provision/64167f112233.cfg", "", t0, "local")), Suspicion::wrong_site);
  EXPECT_EQ(suspicion(get("/provision/token-poly/64167f999999.cfg")), Suspicion::foreign_file);
  EXPECT_EQ(suspicion(get("/provision/token-poly/64167f112233.cfg",
                          "FileTransport PolycomVVX-VVX_450-UA/6.4.0.1234 (SN:64167f999999) Type/Application")),
            Suspicion::foreign_device);
  EXPECT_EQ(get("/provision/64167f999999.cfg").answer, HttpAnswer{});
}

}  // namespace
}  // namespace roamdesk::provisioning

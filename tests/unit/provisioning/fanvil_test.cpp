#include <gmock/gmock.h>

#include <set>

#include "fixture.hpp"
#include "xml.hpp"

// Fanvil: two kinds of files, and keys in places of their own.
namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

xml::Element read_xml(const std::string& text) {
  xml::Reader reader{text};
  auto root = reader.read();
  EXPECT_EQ(reader.fault(), "");
  return root;
}
xml::Element file_of(const PhoneView& view) { return read_xml(provisioner().render(view).body); }
// A person with so many keys that each place has one of its own.
PhoneView full_view(const std::string& model) {
  auto view = occupied_view(Vendor::fanvil, model);
  view.keys.clear();
  for (int i = 0; i < 300; ++i) view.keys.push_back({KeyType::blf, std::to_string(200 + i), ""});
  return view;
}
std::vector<std::string> values_in(const xml::Element* place) {
  std::vector<std::string> values;
  if (place != nullptr)
    for (const auto& key : place->children) values.push_back(key.attribute("index") + ":" + key.child_text("Value"));
  return values;
}
const xml::Element& entry(const xml::Element& list, std::string_view id) {
  for (const auto& each : list.children)
    if (each.child_text("ID") == id) return each;
  ADD_FAILURE() << "no entry " << id;
  return list;
}

TEST(Fanvil, IsGivenItsAccount) {
  const auto root = file_of(occupied_view(Vendor::fanvil, "V65"));
  EXPECT_EQ(root.name, "sysConf");
  const auto& line = *root.child("sip")->child("line", "index", "1");
  EXPECT_EQ(line.child_text("PhoneNumber"), "101");
  EXPECT_EQ(line.child_text("RegisterUser"), "s-4f2a");
  EXPECT_EQ(line.child_text("RegisterAddr"), "pbx.example.com");
  EXPECT_EQ(line.child_text("ProxyAddr"), "192.168.1.5");
  EXPECT_EQ(line.child_text("RegisterTTL"), "60");
  EXPECT_EQ(line.child_text("DTMFMode"), "1");
  EXPECT_EQ(line.child_text("DNDOnSvcCode"), "");
  const auto& ap = *root.child("ap");
  EXPECT_EQ(ap.child_text("FlashServerIP"), "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  EXPECT_EQ(ap.child_text("FlashMode"), "1");
  EXPECT_EQ(root.child("ota")->child_text("FDPSEnable"), "0");
}

TEST(Fanvil, HasEachOfItsAccountsClearedButTheFirst) {
  for (const auto& model : provisioner().models().all()) {
    if (model.vendor != Vendor::fanvil) continue;
    const auto root = file_of(idle_view(Vendor::fanvil, model.name));
    for (std::size_t line = 2; line <= model.lines; ++line) {
      const auto number = std::to_string(line);
      if (model.dialect.empty()) {
        const auto& each = *root.child("sip")->child("line", "index", number);
        EXPECT_EQ(each.child_text("EnableReg"), "0") << model.name;
        EXPECT_EQ(each.child_text("RegisterPswd"), "") << model.name;
      } else {
        const auto& each = entry(*root.child("SIP_CONFIG_MODULE")->child("SIP_Line_List"), "SIP" + number);
        EXPECT_EQ(each.child_text("Enable_Reg"), "0") << model.name;
        EXPECT_EQ(each.child_text("Register_Pswd"), "") << model.name;
      }
    }
  }
}

TEST(Fanvil, HasAPersonsKeysBesideTheScreenFirstAndThenOnItsPages) {
  const auto root = file_of(full_view("X6U"));
  const auto& keys = *root.child("dsskey");
  EXPECT_EQ(keys.child_text("SideKeyPageNum"), "1");
  EXPECT_EQ(keys.child_text("FuncKeyPageNum"), "5");
  EXPECT_THAT(values_in(keys.child("dssSide", "index", "1")),
              testing::ElementsAre("1:*77*5*@1/f", "2:200@1/ba", "3:201@1/ba", "4:202@1/ba", "5:203@1/ba"));
  EXPECT_EQ(values_in(keys.child("internal", "index", "1")).front(), "1:204@1/ba");
  EXPECT_EQ(values_in(keys.child("internal", "index", "2")).front(), "1:216@1/ba");
  EXPECT_EQ(values_in(keys.child("internal", "index", "5")).back(), "12:263@1/ba");
  EXPECT_EQ(keys.child("internal", "index", "6"), nullptr);
}

TEST(Fanvil, HasItsKeysWhereItsModelLooksForThem) {
  const auto keys_of = [](const char* model) { return *file_of(full_view(model)).child("dsskey"); };
  const auto x210 = keys_of("X210i");
  EXPECT_EQ(values_in(x210.child("dssSide", "index", "1")).size(), 10u);
  EXPECT_EQ(values_in(x210.child("internal", "index", "1")).front(), "1:209@1/ba");
  EXPECT_EQ(values_in(x210.child("internal", "index", "3")).back(), "32:304@1/ba");
  // Its keys are numbered on from page to page.
  const auto x7c = keys_of("X7C");
  EXPECT_EQ(x7c.child_text("SideKeyPageNum"), "5");
  EXPECT_EQ(x7c.child("internal"), nullptr);
  EXPECT_EQ(values_in(x7c.child("dssSide", "index", "1")).front(), "1:*77*5*@1/f");
  EXPECT_EQ(values_in(x7c.child("dssSide", "index", "2")).front(), "13:211@1/ba");
  EXPECT_EQ(values_in(x7c.child("dssSide", "index", "5")).back(), "60:258@1/ba");
  // Firmware isn't of one mind: under both names the same.
  const auto v65 = keys_of("V65");
  for (const auto* page : {"1", "5"}) {
    EXPECT_EQ(values_in(v65.child("dssSide", "index", page)), values_in(v65.child("internal", "index", page)));
    EXPECT_EQ(values_in(v65.child("dssSide", "index", page)).size(), 9u);
  }
  const auto x3u = keys_of("X3U Pro");
  EXPECT_EQ(values_in(x3u.child("dssSide", "index", "1")), values_in(x3u.child("internal", "index", "1")));
  EXPECT_EQ(x3u.child("SidekeyConfig1", "index", "1")->child_text("Value"), "*77*5*@1/f");
  EXPECT_EQ(x3u.child("SidekeyConfig1", "index", "3")->child_text("Value"), "201@1/ba");
}

TEST(Fanvil, HasKeysThatNotEveryPhoneOfAModelShowsCleared) {
  const auto keys = *file_of(full_view("X7")).child("dsskey");
  const auto& side = *keys.child("dssSide", "index", "1");
  ASSERT_EQ(side.children.size(), 8u);
  EXPECT_EQ(side.children[0].child_text("Value"), "*77*5*@1/f");
  for (std::size_t key = 1; key < 8; ++key) EXPECT_EQ(side.children[key].child_text("Type"), "0");
  EXPECT_EQ(values_in(keys.child("internal", "index", "1")).front(), "1:200@1/ba");
  EXPECT_EQ(keys.child("internal", "index", "1")->children[28].child_text("Type"), "0");
}

TEST(Fanvil, HasItsSoftKeysCleared) {
  const auto keys = *file_of(full_view("X4U")).child("dsskey");
  for (int key = 1; key <= 10; ++key)
    EXPECT_EQ(keys.child("dssSoft", "index", std::to_string(key))->child_text("Type"), "0") << key;
}

// The phone takes a file only if its number is higher, or if it differs; which, is a setting of its own.
TEST(Fanvil, IsGivenANumberThatGrowsWithEachOccupancy) {
  for (const auto* model : {"X6U", "X4"}) {
    std::string before;
    for (const std::uint64_t generation : {0ull, 1ull, 9ull, 10ull, 12345ull, 999999ull}) {
      auto view = idle_view(Vendor::fanvil, model);
      view.generation = generation;
      const auto root = file_of(view);
      const auto number = root.child_text(root.name == "sysConf" ? "Version" : "version");
      EXPECT_EQ(number.size(), 12u) << number;
      EXPECT_LT(before, number);
      EXPECT_LT(before.empty() ? -1 : std::stod(before), std::stod(number));
      before = number;
    }
  }
}

TEST(Fanvil, IsToldTheTimeByTheNamesOfOldAndNewFirmware) {
  auto view = idle_view(Vendor::fanvil, "X3U");
  auto date = *file_of(view).child("phone")->child("date");
  EXPECT_EQ(date.child_text("TimeZone"), "4");
  EXPECT_EQ(date.child_text("TimeZoneName"), "UTC+1");
  for (const auto* name : {"DSTType", "DSTRuleMode", "EnableDST", "DSTFixedType"})
    EXPECT_EQ(date.child_text(name), "2") << name;
  EXPECT_EQ(date.child_text("DSTStartWeek"), "5");
  view.clock_changes.reset();
  view.utc_offset_minutes = -300;
  date = *file_of(view).child("phone")->child("date");
  EXPECT_EQ(date.child_text("TimeZone"), "-20");
  EXPECT_EQ(date.child_text("TimeZoneName"), "UTC-5");
  for (const auto* name : {"DSTType", "DSTRuleMode", "EnableDST", "DSTFixedType"})
    EXPECT_EQ(date.child_text(name), "0") << name;
}

TEST(Fanvil, OfBeforeIsGivenItsOwnKindOfFile) {
  for (const auto* model : {"X2P", "X2C", "X3S", "X3SP", "X3G", "X4", "X4G"})
    EXPECT_EQ(file_of(idle_view(Vendor::fanvil, model)).name, "VOIP_CONFIG_FILE") << model;
  for (const auto* model : {"X3SG", "X3S Pro", "X3S Lite", "X3SW", "X3U", "X4SG", "X4U", "X5S", "X6", "X305", "V62G"})
    EXPECT_EQ(file_of(idle_view(Vendor::fanvil, model)).name, "sysConf") << model;

  auto view = full_view("X4");
  view.transport = sip::Transport::tls;
  view.codecs = {"opus", "g722", "pcma"};
  view.language = "de";
  const auto root = file_of(view);
  const auto& lines = *root.child("SIP_CONFIG_MODULE")->child("SIP_Line_List");
  const auto& line = entry(lines, "SIP1");
  EXPECT_EQ(line.child_text("Phone_Number"), "101");
  EXPECT_EQ(line.child_text("Register_User"), "s-4f2a");
  EXPECT_EQ(line.child_text("Proxy_Addr"), "192.168.1.5");
  EXPECT_EQ(line.child_text("Transport"), "2");
  EXPECT_EQ(line.child_text("VoiceCodecMap"), "G722,G711A");
  EXPECT_EQ(root.child("GLOBAL_CONFIG_MODULE")->child_text("Language"), "16");
  EXPECT_EQ(root.child("GLOBAL_CONFIG_MODULE")->child_text("DST_Start_Week"), "5");
  const auto& phone = *root.child("PHONE_CONFIG_MODULE");
  EXPECT_EQ(phone.child_text("Emergency_Call"), "112,911");
  const auto& keys = *phone.child("Function_Key");
  EXPECT_EQ(entry(keys, "Fkey1").child_text("Value"), "*77*5*@1/f");
  EXPECT_EQ(entry(keys, "Fkey30").child_text("Value"), "228@1/ba");
  EXPECT_EQ(entry(*phone.child("Soft_Dss_Key"), "SoftFkey12").child_text("Type"), "0");
  const auto& update = *root.child("AUTOUPDATE_CONFIG_MODULE");
  EXPECT_EQ(update.child_text("Download_Server_IP"), "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  EXPECT_EQ(update.child_text("Download_Protocol"), "2");
  EXPECT_EQ(update.child_text("FDPS_Enable"), "0");
}

TEST(Fanvil, OfBeforeIsLedToItsUrlInItsOwnKindOfFileToo) {
  const auto root = read_xml(provisioner().render_redirect(idle_view(Vendor::fanvil, "X4")).body);
  EXPECT_EQ(root.name, "VOIP_CONFIG_FILE");
  EXPECT_EQ(root.child("AUTOUPDATE_CONFIG_MODULE")->child_text("Download_Server_IP"),
            "http://192.168.1.5:5000/provision/TOKENtokenTOKENtoken/");
  EXPECT_EQ(root.children.size(), 2u) << "it sets nothing else";
}

// An administrator's own model needn't know of groups.
TEST(Fanvil, OfWhichTheDataNameNoPlaceHasItsKeysOnTheScreensPages) {
  auto view = full_view("X6U");
  view.model.groups.clear();
  view.model.keys = 14;
  view.model.keys_per_page = 7;
  const auto keys = *file_of(view).child("dsskey");
  EXPECT_EQ(keys.child_text("FuncKeyPageNum"), "2");
  EXPECT_EQ(values_in(keys.child("internal", "index", "2")).back(), "7:212@1/ba");
}

}  // namespace
}  // namespace roamdesk::provisioning

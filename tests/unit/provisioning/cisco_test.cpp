#include <gtest/gtest.h>

#include <optional>
#include <set>

#include "common/phones/user_agent.hpp"
#include "exchange/provisioning/file_names.hpp"
#include "service_fixture.hpp"
#include "xml.hpp"

// Cisco: star codes of its own, keys as functions, and a first file under its model's name.
namespace roamdesk::provisioning {
namespace {

xml::Element file_of_cisco(const PhoneView& view) {
  const auto body = provisioner().render(view).body;
  xml::Reader reader{body};
  auto root = reader.read();
  EXPECT_EQ(reader.fault(), "");
  std::set<std::string> seen;
  for (const auto& e : root.children) EXPECT_TRUE(seen.insert(e.name).second) << "twice: " << e.name;
  return root;
}

TEST(Cisco, LeavesNoStarCodeToThePhone) {
  const auto file = file_of_cisco(occupied_view(Vendor::cisco));
  std::size_t codes = 0;
  for (const auto& e : file.children) {
    if (!e.name.ends_with("_Code") && !e.name.ends_with("_Codes")) continue;
    EXPECT_EQ(e.text, "") << e.name;
    ++codes;
  }
  EXPECT_EQ(codes, 47u);
  EXPECT_EQ(file.child_text("Block_ANC_Act_Code"), "");  // *77 by default
  EXPECT_EQ(file.child_text("Dial_Plan_1_"), "([0-9*].)");
}

TEST(Cisco, SaysWhatAKeyDoes) {
  auto view = occupied_view(Vendor::cisco);
  view.keys[0].label = "Bob; fnc=sd $PROXY & Co";
  auto file = file_of_cisco(view);
  EXPECT_EQ(file.child_text("Extended_Function_1_"), "fnc=sd;ext=*77*5*@$PROXY;vid=1;nme=Log out");
  EXPECT_EQ(file.child_text("Extension_1_"), "Disabled");
  EXPECT_EQ(file.child_text("Extension_2_"), "1");
  EXPECT_EQ(file.child_text("Short_Name_2_"), "101");
  EXPECT_EQ(file.child_text("Extended_Function_2_"), "");
  EXPECT_EQ(file.child_text("Extended_Function_3_"),
            "fnc=sd+blf;sub=102@$PROXY;ext=102@$PROXY;vid=1;nme=Bob fnc=sd PROXY & Co");
  EXPECT_EQ(file.child_text("Extended_Function_4_"), "");
  EXPECT_EQ(file.child_text("Extension_10_"), "Disabled");
  EXPECT_EQ(file.child_text("Extension_11_"), "(none)");
  view.pickup_code = "*20*";
  file = file_of_cisco(view);
  EXPECT_TRUE(file.child_text("Extended_Function_3_").starts_with("fnc=sd+blf+cp;sub=102@"));
  EXPECT_EQ(file.child_text("Call_Pickup_Code"), "*20*");
}

TEST(Cisco, ClearsEachLineKeyAndModuleOfEveryModel) {
  for (const auto& model : provisioner().models().all()) {
    if (model.vendor != Vendor::cisco) continue;
    const auto file = file_of_cisco(idle_view(Vendor::cisco, model.name));
    std::size_t lines = 0, keys = 0, on_modules = 0;
    for (const auto& e : file.children) {
      lines += e.name.starts_with("Line_Enable_") ? 1 : 0;
      keys += e.name.starts_with("Extended_Function_") ? 1 : 0;
      on_modules += e.name.starts_with("Unit_") ? 1 : 0;
    }
    EXPECT_EQ(lines, model.lines) << model.name;
    EXPECT_EQ(keys, model.keys) << model.name;
    EXPECT_EQ(on_modules, model.modules * (model.module_keys + model.module_spare)) << model.name;
    // Where it is 0, as older firmware has it, a module stays dark.
    EXPECT_EQ(file.child_text("Number_of_Units"), model.modules == 0 ? "(none)" : std::to_string(model.modules))
        << model.name;
  }
}

TEST(Cisco, IsToldItsZoneAndTheRuleByWhichClocksChange) {
  const auto zone = [](int minutes, std::optional<ClockChanges> changes) {
    auto view = idle_view(Vendor::cisco);
    view.utc_offset_minutes = minutes;
    view.clock_changes = changes;
    const auto file = file_of_cisco(view);
    return file.child_text("Time_Zone") + " " + file.child_text("Daylight_Saving_Time_Rule");
  };
  EXPECT_EQ(zone(60, ClockChanges{{3, 5, 7, 2}, {10, 5, 7, 3}, 60}),
            "GMT+01:00 start=3/-1/7/2:0:0;end=10/-1/7/3:0:0;save=1:0:0");
  EXPECT_EQ(zone(-300, ClockChanges{{3, 2, 7, 2}, {11, 1, 7, 2}, 60}),
            "GMT-05:00 start=3/8/7/2:0:0;end=11/1/7/2:0:0;save=1:0:0");
  // Lord Howe changes by half an hour; its own half hour isn't in the list.
  EXPECT_EQ(zone(630, ClockChanges{{10, 1, 7, 2}, {4, 1, 7, 2}, 30}),
            "GMT+10:00 start=10/1/7/2:0:0;end=4/1/7/2:0:0;save=0:30:0");
  EXPECT_EQ(zone(0, std::nullopt), "GMT ");
  EXPECT_EQ(zone(345, std::nullopt), "GMT+05:45 ");
  EXPECT_EQ(zone(-210, std::nullopt), "GMT-03:30 ");
}

TEST(Cisco, AsksUnderItsModelsNameAtFirst) {
  for (const auto* name : {"8841-3PCC.xml", "CP-8841-3PCC.xml", "7811-3pcc.xml", "DP-9861.xml"})
    EXPECT_EQ(resolve(Vendor::cisco, name), (FileName{FileKind::first_contact, {}})) << name;
  for (const auto* name : {"spa.cfg", "8841.xml", "x.xml"})
    EXPECT_EQ(resolve(Vendor::cisco, name).kind, FileKind::other) << name;
  EXPECT_EQ(phones::parse_user_agent("Cisco-DP-9861/3.1.1 (00562b043615)")->model, "9861");
  EXPECT_FALSE(phones::parse_user_agent("Cisco-ATA191/1.0"));
}

constexpr const char* cisco_agent = "Cisco-CP-8841-3PCC/11.0 (00562b112233)";

TEST_F(Provisioning, LeadsACiscoByWhatItSaysOfItselfToItsOwnFile) {
  const auto outcome = get("/provision/8841-3PCC.xml", cisco_agent);
  EXPECT_EQ(outcome.answer.status, 200);
  EXPECT_EQ(
      outcome.answer.body,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<flat-profile>\n"
      " <Profile_Rule>http://192.168.1.5:5000/provision/token-cisco/$MA.xml</Profile_Rule>\n"
      " <Profile_Rule_B>http://192.168.1.5:5000/provision/token-cisco/$MA.xml</Profile_Rule_B>\n</flat-profile>\n");
  ASSERT_EQ(outcome.events.size(), 1u);
  EXPECT_EQ(std::get<RedirectFetched>(outcome.events[0]).mac.text(), "00562b112233");
  EXPECT_EQ(get("/provision/token-cisco/00562b112233.xml", cisco_agent).answer.status, 200);
  // Its DHCP option may name the file of its MAC at once.
  EXPECT_NE(get("/provision/00562b112233.xml", cisco_agent).answer.body.find("token-cisco"), std::string::npos);
}

TEST_F(Provisioning, GivesUnderAModelsNameNothingToAnybodyElse) {
  // Outside of its window, at another site, without a MAC, with another one's.
  EXPECT_EQ(suspicion(get("/provision/8841-3PCC.xml", cisco_agent, t0 + 11min)), Suspicion::outside_window);
  EXPECT_EQ(suspicion(get("/provision/8841-3PCC.xml", cisco_agent, t0, "local")), Suspicion::wrong_site);
  for (const auto* other : {"", "Cisco-CP-8841-3PCC/11.0", "curl/8.0", "Yealink SIP-T46U 108.86.0.90 00:56:2b:11:22:33",
                            "Cisco-CP-8841-3PCC/11.0 (805ec0112233)", "Cisco-CP-8841-3PCC/11.0 (000413abcdef)"}) {
    const auto outcome = get("/provision/8841-3PCC.xml", other);
    EXPECT_EQ(outcome.answer, HttpAnswer{}) << other;
    EXPECT_TRUE(outcome.events.empty()) << other;
  }
  // A phone that nobody has assigned is told of, and gets nothing.
  const auto unknown = get("/provision/8841-3PCC.xml", "Cisco-CP-8841-3PCC/11.0 (00562b999999)");
  EXPECT_EQ(unknown.answer, HttpAnswer{});
  EXPECT_EQ(std::get<UnassignedAsked>(unknown.events.at(0)).mac.text(), "00562b999999");
}

}  // namespace
}  // namespace roamdesk::provisioning

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fixture.hpp"
#include "parameters.hpp"

// A person's keys that the phone has no place for stand on its expansion modules, in each vendor's words.
namespace roamdesk::provisioning {
namespace {

using phones::Vendor;
using testing::HasSubstr;
using testing::Not;

// As many keys as fill the phone, then a lamp, an empty place and a speed dial.
std::string body_with_modules(Vendor vendor, const std::string& model, Occupancy occupancy = Occupancy::occupied_desk) {
  auto view = occupied_view(vendor, model);
  view.occupancy = occupancy;
  view.pickup_code = "*20*";
  view.keys.assign(view.model.keys - 2, {KeyType::blf, "200", "x"});
  view.keys.insert(view.keys.end(),
                   {{KeyType::blf, "301", "Eva"}, {KeyType::none, "", ""}, {KeyType::speed_dial, "0049", "Taxi"}});
  EXPECT_TRUE(lay_out_keys(view).not_shown.empty());
  return provisioner().render(view).body;
}

TEST(ModuleKeys, OfAnHtekHaveNumbersOfTheirOwn) {
  const auto body = body_with_modules(Vendor::htek, "UC926");
  for (const auto* line : {"<P60000>3</P60000>", "<P60001>301</P60001>", "<P60002>Eva</P60002>", "<P60003>0</P60003>",
                           "<P60004>*20*</P60004>", "<P60005>0</P60005>", "<P60006></P60006>", "<P60010>2</P60010>",
                           "<P60011>0049</P60011>", "<P60014></P60014>", "<P61000>0</P61000>"})
    EXPECT_THAT(body, HasSubstr(line));
  const auto idle = body_with_modules(Vendor::htek, "UC926", Occupancy::idle_desk);
  EXPECT_THAT(idle, HasSubstr("<P60000>0</P60000>"));
  EXPECT_THAT(idle, HasSubstr("<P60001></P60001>"));
}

TEST(ModuleKeys, OfACiscoAreUnits) {
  const auto body = body_with_modules(Vendor::cisco, "8851");
  for (const auto* line :
       {"<Unit_1_Key_1_>fnc=sd+blf+cp;sub=301@$PROXY;ext=301@$PROXY;vid=1;nme=Eva</Unit_1_Key_1_>",
        "<Unit_1_Key_2_></Unit_1_Key_2_>", "<Unit_1_Key_3_>fnc=sd;ext=0049@$PROXY;vid=1;nme=Taxi</Unit_1_Key_3_>",
        "<Unit_2_Key_1_></Unit_2_Key_1_>"})
    EXPECT_THAT(body, HasSubstr(line));
}

// Two kinds of module have 28 keys, one has 36: a person's are where each kind has some.
TEST(ModuleKeys, OfACiscoAreThoseThatEachKindOfModuleHas) {
  auto view = occupied_view(Vendor::cisco, "8851");
  view.keys.assign(8 + 29, {KeyType::speed_dial, "0049", "Taxi"});
  EXPECT_TRUE(lay_out_keys(view).not_shown.empty());
  const auto body = provisioner().render(view).body;
  for (const auto* line :
       {"<Unit_1_Key_28_>fnc=sd;ext=0049", "<Unit_1_Key_29_></Unit_1_Key_29_>", "<Unit_1_Key_36_></Unit_1_Key_36_>",
        "<Unit_2_Key_1_>fnc=sd;ext=0049", "<Unit_2_Key_36_></Unit_2_Key_36_>"})
    EXPECT_THAT(body, HasSubstr(line));
}

TEST(ModuleKeys, OfAPolyGoOnWhereItsOwnEnd) {
  const auto body = body_with_modules(Vendor::poly, "VVX401");
  for (const auto* line : {"lineKey.13.category=\"BLF\"", "lineKey.13.index=\"11\"",
                           "attendant.resourceList.11.address=\"301\"", "lineKey.14.category=\"Unassigned\"",
                           "lineKey.15.category=\"EFK\"", "lineKey.15.index=\"2\"", "efk.efklist.2.mname=\"key15\"",
                           "efk.efklist.2.action.string=\"0049$Tinvite$\"", "lineKey.96.category=\"Unassigned\""})
    EXPECT_THAT(body, HasSubstr(line));
  // Of the paper kind there are 40.
  auto view = occupied_view(Vendor::poly, "VVX401");
  view.keys.assign(12 - 2 + 41, {KeyType::speed_dial, "0049", "Taxi"});
  EXPECT_EQ(lay_out_keys(view).not_shown.size(), 1u);
}

TEST(ModuleKeys, OfAYealinkAreCountedForEachModule) {
  const auto body = body_with_modules(Vendor::yealink, "T46S");
  for (const auto* line :
       {"expansion_module.1.key.1.type = 16\n", "expansion_module.1.key.1.line = 1\n",
        "expansion_module.1.key.1.value = 301\n", "expansion_module.1.key.1.label = Eva\n",
        "expansion_module.1.key.1.extension = *20*301\n", "expansion_module.1.key.1.pickup_value = *20*\n",
        "expansion_module.1.key.2.type = 0\n", "expansion_module.1.key.3.type = 13\n",
        "expansion_module.1.key.3.value = 0049\n", "expansion_module.1.key.3.pickup_value = %NULL%\n",
        "expansion_module.1.key.4.type = 0\n", "expansion_module.6.key.40.type = 0\n"})
    EXPECT_THAT(body, HasSubstr(line));
  EXPECT_THAT(body_with_modules(Vendor::yealink, "T46S", Occupancy::idle_desk),
              HasSubstr("expansion_module.1.key.1.type = 0\n"));
}

TEST(ModuleKeys, OfASnomGoOnWhereItsOwnEnd) {
  auto view = occupied_view(Vendor::snom, "D785");
  view.pickup_code = "*20*";
  view.keys.assign(view.model.keys - 1, {KeyType::none, "", ""});
  view.keys.push_back({KeyType::blf, "301", "Eva"});
  view.keys.push_back({KeyType::speed_dial, "0049", "Taxi"});
  const auto body = provisioner().render(view).body;
  EXPECT_THAT(body,
              HasSubstr(R"(<fkey idx="24" context="1" short_label="Eva" label="Eva" perm="R">blf 301|*20*</fkey>)"));
  EXPECT_THAT(body,
              HasSubstr(R"(<fkey idx="25" context="1" short_label="Taxi" label="Taxi" perm="R">speed 0049</fkey>)"));
  EXPECT_THAT(body, HasSubstr(R"(<fkey idx="77" context="active" short_label="" label="" perm="R">none</fkey>)"));
}

TEST(ModuleKeys, OfASnomWhoseSourcesDontAgreeAreEmptiedWhereverTheyAre) {
  const std::pair<const char*, std::vector<int>> models[] = {
      {"D345", {48, 101}}, {"D335", {32, 85, 132, 185}}, {"D385", {48, 101, 174, 227}}};
  for (const auto& [model, emptied] : models) {
    auto view = occupied_view(Vendor::snom, model);
    view.keys.assign(view.model.keys, {KeyType::blf, "301", "Eva"});
    EXPECT_EQ(lay_out_keys(view).not_shown.size(), 1u) << model;
    const auto body = provisioner().render(view).body;
    for (const int key : emptied)
      EXPECT_THAT(body, HasSubstr(fmt::format(
                            R"(<fkey idx="{}" context="active" short_label="" label="" perm="R">none</fkey>)", key)));
    EXPECT_THAT(body, Not(HasSubstr(fmt::format(R"(idx="{}")", emptied.back() + 1)))) << model;
  }
}

// Its kind of module has 48 keys, whose numbers go by how many the phone has (the module's own manual).
TEST(ModuleKeys, OfASnomD717GoOnOnTheKeysThatAreCertain) {
  auto view = occupied_view(Vendor::snom, "D717");
  view.keys.assign(18 - 1 + 40, {KeyType::blf, "301", "Eva"});
  EXPECT_TRUE(lay_out_keys(view).not_shown.empty());
  EXPECT_THAT(provisioner().render(view).body, HasSubstr(R"(<fkey idx="57" context="1" short_label="Eva")"));
  view.keys.push_back({KeyType::blf, "302", "Uwe"});
  EXPECT_EQ(lay_out_keys(view).not_shown.size(), 1u);
}

TEST(ModuleKeys, OfAGrandstreamAreThoseOfItsBoards) {
  const auto body = body_with_modules(Vendor::grandstream, "GXP2170");
  for (const auto* line :
       {R"("pks.ext.1.keyMode">BLF<)", R"("pks.ext.1.account">Account1<)", R"("pks.ext.1.description">Eva<)",
        R"("pks.ext.1.value">301<)", R"("pks.ext.2.keyMode">None<)", R"("pks.ext.2.value"><)",
        R"("pks.ext.3.keyMode">SpeedDial<)", R"("pks.ext.3.value">0049<)", R"("pks.ext.160.keyMode">None<)"})
    EXPECT_THAT(body, HasSubstr(line));
}

TEST(ModuleKeys, AreInTheTablesOfParameters) {
  const std::pair<Vendor, const char*> filled[] = {{Vendor::yealink, "T46S"},
                                                   {Vendor::grandstream, "GXP2170"},
                                                   {Vendor::htek, "UC926"},
                                                   {Vendor::cisco, "8851"},
                                                   {Vendor::poly, "VVX401"}};
  for (const auto& [vendor, model] : filled) {
    Parameters known{vendor};
    for (const auto& setting : settings_of(vendor, body_with_modules(vendor, model)))
      EXPECT_EQ(known.fault(setting), "") << model;
  }
}

}  // namespace
}  // namespace roamdesk::provisioning

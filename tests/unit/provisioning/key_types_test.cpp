#include <fmt/format.h>
#include <gmock/gmock.h>

#include "exchange/provisioning/key_layout.hpp"
#include "fixture.hpp"
#include "rendered.hpp"

// What each vendor's phones have for each type of a person's keys, and what of it stays for the next person.
namespace roamdesk::provisioning {
namespace {

using phones::Vendor;
using testing::HasSubstr;
using testing::Not;

// A desk of somebody with this key alone; what its file says of it stands in `says`, and in no file without it.
void expect_key(Vendor vendor, const std::string& model, const Key& key, const std::string& says) {
  auto view = occupied_view(vendor, model);
  view.keys = {};
  EXPECT_THAT(body(view), Not(HasSubstr(says))) << model;
  view.keys = {key};
  EXPECT_THAT(body(view), HasSubstr(says)) << model << " " << word_of(key.type);
  EXPECT_TRUE(lay_out_keys(view).not_shown.empty()) << model << " " << word_of(key.type);
}

// Its place is empty, and it is named as not shown.
void expect_none(Vendor vendor, const std::string& model, const Key& key) {
  auto view = occupied_view(vendor, model);
  view.keys = {};
  const auto without = body(view);
  view.keys = {key};
  EXPECT_EQ(body(view), without) << model << " " << word_of(key.type);
  EXPECT_EQ(lay_out_keys(view).not_shown, std::vector<Key>{key}) << model << " " << word_of(key.type);
}

TEST(KeyTypes, OfAYealinkAreTheVendorsNumbers) {
  expect_key(Vendor::yealink, "T46S", {KeyType::dnd, "", "Quiet"},
             "linekey.3.type = 5\nlinekey.3.line = 1\nlinekey.3.value = %NULL%\nlinekey.3.label = Quiet\n");
  expect_key(Vendor::yealink, "T46S", {KeyType::hold, "", ""}, "linekey.3.type = 4\n");
  expect_key(Vendor::yealink, "T46S", {KeyType::transfer, "", ""}, "linekey.3.type = 3\n");
  expect_key(Vendor::yealink, "T46S", {KeyType::forward, "0049", ""},
             "linekey.3.type = 2\nlinekey.3.line = 1\nlinekey.3.value = 0049\n");
  expect_key(Vendor::yealink, "T46S", {KeyType::forward, "", ""},
             "linekey.3.type = 2\nlinekey.3.line = 1\nlinekey.3.value = %NULL%\n");
  expect_key(Vendor::yealink, "T46S", {KeyType::voicemail, "*98", ""},
             "linekey.3.type = 12\nlinekey.3.line = 1\nlinekey.3.value = *98\n");
}

// Its registration has as many line keys as are lines, counted on.
TEST(KeyTypes, OfAPolyAreFurtherLinesOfItsOneRegistration) {
  auto view = occupied_view(Vendor::poly, "VVX450");
  view.keys = {{KeyType::line, "", ""}, {KeyType::blf, "102", "Bob"}, {KeyType::line, "", ""}};
  const auto file = body(view);
  for (const auto* says : {" reg.1.lineKeys=\"3\"\n", " lineKey.2.category=\"Line\"\n lineKey.2.index=\"1\"\n",
                           " lineKey.3.category=\"Line\"\n lineKey.3.index=\"2\"\n",
                           " lineKey.5.category=\"Line\"\n lineKey.5.index=\"3\"\n"})
    EXPECT_THAT(file, HasSubstr(says));
  view.keys = {};
  EXPECT_THAT(body(view), HasSubstr(" reg.1.lineKeys=\"1\"\n"));
}

TEST(KeyTypes, OfASnomAreEventsOfItsKeys) {
  expect_key(Vendor::snom, "D785", {KeyType::dnd, "", ""}, ">keyevent F_DND<");
  expect_key(Vendor::snom, "D785", {KeyType::hold, "", ""}, ">keyevent F_HOLD<");
  expect_key(Vendor::snom, "D785", {KeyType::transfer, "", ""}, ">keyevent F_TRANSFER<");
  expect_key(Vendor::snom, "D785", {KeyType::forward, "0049", ""}, ">redirect 0049<");
  expect_key(Vendor::snom, "D785", {KeyType::forward, "", ""}, ">keyevent F_REDIRECT<");
  expect_key(Vendor::snom, "D785", {KeyType::voicemail, "*98", ""}, ">speed *98<");
}

TEST(KeyTypes, OfAFanvilAreMemoryKeysAndEvents) {
  expect_key(Vendor::fanvil, "X6U", {KeyType::dnd, "", ""}, "<Value>F_DND</Value>");
  expect_key(Vendor::fanvil, "X6U", {KeyType::hold, "", ""}, "<Value>F_HOLD</Value>");
  expect_key(Vendor::fanvil, "X6U", {KeyType::transfer, "", ""}, "<Value>F_TRANSFER</Value>");
  for (const auto* model : {"X6U", "X4"}) {
    expect_key(Vendor::fanvil, model, {KeyType::voicemail, "*98", ""}, "<Value>*98@1/m</Value>");
    expect_none(Vendor::fanvil, model, {KeyType::forward, "0049", ""});
  }
  for (const auto type : {KeyType::dnd, KeyType::hold, KeyType::transfer})
    expect_none(Vendor::fanvil, "X4", {type, "", ""});
}

TEST(KeyTypes, OfAnHtekAreTheVendorsNumbers) {
  expect_key(Vendor::htek, "UC926", {KeyType::hold, "", ""}, "<P41202>20</P41202>");
  expect_key(Vendor::htek, "UC926", {KeyType::transfer, "", ""}, "<P41202>19</P41202>");
  expect_key(Vendor::htek, "UC926", {KeyType::forward, "0049", ""}, "<P41202>18</P41202>");
  expect_key(Vendor::htek, "UC926", {KeyType::voicemail, "*98", ""}, "<P41302>*98</P41302>");
  expect_none(Vendor::htek, "UC926", {KeyType::dnd, "", ""});  // older firmware has no switch by which a login ends it
}

TEST(KeyTypes, OfACiscoAreExtendedFunctions) {
  expect_key(Vendor::cisco, "8851", {KeyType::dnd, "", ""}, "<Extended_Function_3_>fnc=dnd</Extended_Function_3_>");
  expect_key(Vendor::cisco, "8851", {KeyType::voicemail, "*98", "Mail"},
             "fnc=mwi+sd;ext=*98@$PROXY;sub=101@$PROXY;vid=1;nme=Mail<");
  for (const auto type : {KeyType::hold, KeyType::transfer, KeyType::forward})
    expect_none(Vendor::cisco, "8851", {type, "", ""});
}

TEST(KeyTypes, ThatNoTextOfTheVendorsHasAreNotWritten) {
  const std::pair<Vendor, const char*> without[] = {
      {Vendor::grandstream, "GRP2614"}, {Vendor::grandstream, "GXP1780"}, {Vendor::poly, "VVX450"}};
  for (const auto& [vendor, model] : without)
    for (const auto type : {KeyType::dnd, KeyType::hold, KeyType::transfer, KeyType::forward})
      expect_none(vendor, model, {type, "", ""});
  expect_key(Vendor::grandstream, "GRP2614", {KeyType::voicemail, "*98", ""}, "pks.vpk.3.value\">*98<");
  expect_key(Vendor::poly, "VVX450", {KeyType::voicemail, "*98", ""}, "\"*98$Tinvite$\"");
}

// A park place's lamp may say that somebody rings there: it is no person's call that could be picked up.
TEST(KeyTypes, OfTheExchangeAreLampsWithoutAPickUp) {
  for (const auto vendor : vendors) {
    auto view = occupied_view(vendor);
    view.pickup_code = "*20*";
    view.keys = {{KeyType::blf, "8501", "x"}};
    const auto lamp = body(view);
    view.keys = {{KeyType::pickup, "8501", "x"}};
    EXPECT_EQ(body(view), lamp) << phones::to_string(vendor);
    view.pickup_code.clear();
    for (const auto type : {KeyType::park, KeyType::group_login, KeyType::night_switch}) {
      view.keys = {{KeyType::blf, "8501", "x"}};
      const auto plain = body(view);
      view.keys = {{type, "8501", "x"}};
      EXPECT_EQ(body(view), plain) << phones::to_string(vendor) << " " << word_of(type);
    }
  }
  auto view = occupied_view(Vendor::snom, "D785");
  view.pickup_code = "*20*";
  view.keys = {{KeyType::park, "8501", "Park"}, {KeyType::blf, "102", "Bob"}};
  EXPECT_THAT(body(view), HasSubstr(">blf 8501<"));
  EXPECT_THAT(body(view), HasSubstr(">blf 102|*20*<"));
}

TEST(KeyTypes, OfAModelAreThoseThatItsKeysCanBe) {
  const auto types = [](Vendor vendor, const char* model) {
    std::string text;
    for (const auto type : key_types_of(provisioner().models().find(vendor, model)))
      text += (text.empty() ? "" : " ") + std::string{word_of(type)};
    return text;
  };
  const std::string exchange = " voicemail pickup park group_login night_switch", dials = "blf speed_dial line";
  EXPECT_EQ(types(Vendor::yealink, "T46U"), dials + " dnd hold transfer forward" + exchange);
  EXPECT_EQ(types(Vendor::fanvil, "X6U"), dials + " dnd hold transfer" + exchange);
  EXPECT_EQ(types(Vendor::fanvil, "X4"), dials + exchange);
  EXPECT_EQ(types(Vendor::htek, "UC926"), dials + " hold transfer forward" + exchange);
  EXPECT_EQ(types(Vendor::cisco, "8851"), dials + " dnd" + exchange);
  EXPECT_EQ(types(Vendor::poly, "VVX450"), dials + exchange);
  EXPECT_EQ(types(Vendor::grandstream, "GXP1610"), dials + " voicemail park group_login night_switch");
  EXPECT_EQ(types(Vendor::yealink, "T30P"), "") << "it has no keys";
}

TEST(KeyTypes, ThatPickUpAreNotAtKeysWithoutLamps) {
  auto view = occupied_view(Vendor::grandstream, "GXP1630");
  view.keys = {{KeyType::pickup, "102", "Bob"}, {KeyType::pickup, "103", "Eva"}};
  const auto layout = lay_out_keys(view);
  EXPECT_EQ(layout.not_shown, (std::vector<Key>{{KeyType::pickup, "102", "Bob"}})) << "the third line key";
  EXPECT_EQ(layout.keys[3].value, "103") << "the first one beside them";
}

// What a key switches on is ended by every file of another person's, and by none of the same one's.
TEST(WhatAPersonLeavesOn, IsEndedForTheNextPersonAndStaysTheirsBefore) {
  const std::pair<Vendor, std::vector<std::string>> ends[] = {
      {Vendor::yealink,
       {"\nfeatures.dnd.enable = 0\n", "\nforward.always.enable = 0\n", "\naccount.1.dnd.enable = 0\n"}},
      {Vendor::snom, {"<dnd_mode perm=\"RW\">off<", "<redirect_event perm=\"RW\">none<"}},
      {Vendor::fanvil, {"<DNDMode>0<", "<AlwaysFWD>0<", "<EnableDND>0<"}},
      {Vendor::htek, {"<DND_Enable>0<", "<P53100>0<", "<P53101><"}},
      {Vendor::cisco, {"<DND_Setting>No<", "<Cfwd_All_Dest><"}},
      {Vendor::grandstream, {"callForwardUnconditionallyTarget\"><"}}};
  for (const auto& [vendor, lines] : ends)
    for (auto view : {idle_view(vendor), occupied_view(vendor)}) {
      const auto fresh = body(view);
      view.keeps_state = true;
      const auto again = body(view);
      for (const auto& line : lines) {
        EXPECT_THAT(fresh, HasSubstr(line)) << phones::to_string(vendor);
        EXPECT_THAT(again, Not(HasSubstr(line))) << phones::to_string(vendor);
      }
    }
}

TEST(WhatAPersonLeavesOn, IsEndedOnTheOlderFanvilsToo) {
  auto view = occupied_view(Vendor::fanvil, "X4");
  EXPECT_THAT(body(view), HasSubstr("<Always_FWD>0<"));
  view.keeps_state = true;
  for (const auto* line : {"<Always_FWD>", "<Enable_DND>", "<Always_FWD_Num>"})
    EXPECT_THAT(body(view), Not(HasSubstr(line))) << line;
}

// An administrator's own template may be of before: what it can't write isn't offered, rather than left as it was.
TEST(KeyTypes, ThatAnOlderTemplateHasNoSectionForAreNotOffered) {
  auto templates = load_templates(CONFIG_DIR "/templates", "");
  auto& text = templates.at("yealink");
  for (std::size_t at = 0; (at = text.find("{{#DND}}", at)) != std::string::npos;) {
    const auto end = text.find("{{/DND}}", at) + 8;
    text.erase(at, end - at);
  }
  const Provisioner older{load_models(CONFIG_DIR "/models"), templates};
  auto view = occupied_view(Vendor::yealink, "T46S");
  view.model = older.models().find(Vendor::yealink, "T46S");
  view.keys = {{KeyType::dnd, "", ""}, {KeyType::hold, "", ""}};
  EXPECT_EQ(lay_out_keys(view).not_shown.size(), 1u);
  EXPECT_THAT(older.render(view).body, HasSubstr("linekey.3.type = 0\n"));
  EXPECT_THAT(older.render(view).body, HasSubstr("linekey.4.type = 4\n"));
}

}  // namespace
}  // namespace roamdesk::provisioning

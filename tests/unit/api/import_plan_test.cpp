#include "pbx-core/api/import_plan.hpp"

#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

namespace roamdesk::api {
namespace {
using testing::HasSubstr;

ExtensionView person(const std::string& number, const std::string& name, std::vector<Key> keys = {}) {
  ExtensionView view;
  view.record = {ExtensionNumber{number}, name, "scrypt$x", true, std::move(keys)};
  return view;
}
std::vector<SheetRow> sheet(std::string_view text) {
  auto rows = read_people(text);
  EXPECT_TRUE(rows) << rows.error().detail;
  return rows ? *rows : std::vector<SheetRow>{};
}
std::string problem_of(std::string_view text) {
  const auto rows = read_people(text);
  return rows ? "" : rows.error().detail;
}

TEST(PeopleSheet, ReadsWhatASpreadsheetWrites) {
  const auto rows = sheet(
      "\xEF\xBB\xBFNumber;Name;hot_desking;voicemail_pin;keys\r\n101;M\xC3\xBCller;WAHR;8265;blf:102:Bob\r\n;;;;"
      "\r\n102;'=x;;;\r\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].number, "101");
  EXPECT_EQ(rows[0].hot_desking, true);
  EXPECT_EQ(rows[0].pin, Secret{"8265"});
  EXPECT_EQ(rows[0].keys, (std::vector<Key>{{KeyType::blf, "102", "Bob"}}));
  EXPECT_EQ(rows[1].line, 4u);
  EXPECT_EQ(rows[1].name, "=x");
  EXPECT_FALSE(rows[1].hot_desking);
  EXPECT_FALSE(rows[1].pin);
  EXPECT_EQ(rows[1].keys, std::vector<Key>{});
  EXPECT_FALSE(rows[1].problem);
  EXPECT_FALSE(sheet("number\n101\n")[0].name);
}

TEST(PeopleSheet, RefusesASheetThatItCantRead) {
  EXPECT_THAT(problem_of(""), HasSubstr("empty"));
  EXPECT_THAT(problem_of("name\nx\n"), HasSubstr("number"));
  EXPECT_THAT(problem_of("number,colour\n1,2\n"), HasSubstr("column 2"));
  EXPECT_THAT(problem_of("number,number\n1,2\n"), HasSubstr("twice"));
  EXPECT_THAT(problem_of("number\n\"1\n"), HasSubstr("Line 2"));
}

TEST(PeopleSheet, NamesWhatIsWrongInARow) {
  const auto rows = sheet(
      "number,name,hot_desking,voicemail_pin,keys\n10a,x,,,\n101,x,maybe,,\n102,x,,1234,\n103,x,,,blink:1\n104,x,,,,,"
      "y\n105,a\tb,,,\n");
  const char* wrong[] = {"number", "hot_desking", "voicemail_pin", "keys[0]", "cells", "name"};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_THAT(rows.at(i).problem.value_or(""), HasSubstr(wrong[i])) << i;
  EXPECT_THAT(*rows[2].problem, testing::Not(HasSubstr("\"1234\"")));
}

TEST(PeopleSheet, ShowsKeysInOneCell) {
  const std::vector<Key> keys{
      {KeyType::blf, "102", "Bob: | \\ desk"}, {KeyType::none, "", ""}, {KeyType::line, "", "Mine"},
      {KeyType::speed_dial, "*9", ""},         {KeyType::dnd, "", ""},  {KeyType::park, "*8501", "Park 1"}};
  EXPECT_EQ(write_keys(keys), "blf:102:Bob: \\| \\\\ desk|none|line::Mine|speed_dial:*9|dnd|park:*8501:Park 1");
  EXPECT_EQ(*read_keys(write_keys(keys)), keys);
  EXPECT_TRUE(read_keys(" ")->empty());
  EXPECT_THAT(*read_keys("blf:102|lamp:1").error(),
              HasSubstr("[1] has an unknown type; expected one of none, blf, speed_dial, line, dnd, hold"));
}

TEST(ImportPlan, TellsNewChangedAndUnchangedRows) {
  const std::vector<ExtensionView> existing{person("101", "Alice"), person("102", "Bob")};
  const ImportPlan plan =
      plan_import(sheet("number,name,voicemail_pin\n101,Alice,\n102,Robert,8265\n103,Carol,\n104,,8265\n"), existing,
                  routing::codes_of({}));
  EXPECT_EQ(plan.unchanged, 1u);
  EXPECT_EQ(plan.update, 1u);
  EXPECT_EQ(plan.create, 2u);
  const std::string text = boost::json::serialize(to_json(plan));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"({"line":3,"number":"102","action":"update","changes":[{"field":"name","from":"Bob","to":"Robert"},{"field":"voicemail_pin","from":null,"to":"given"}]})"));
  EXPECT_THAT(text, HasSubstr(R"({"field":"voicemail_pin","from":null,"to":"random"})"));
  EXPECT_THAT(text, testing::Not(HasSubstr("8265")));
}

TEST(ImportPlan, RefusesNumbersTwiceAndThoseThatShadowACode) {
  const ImportPlan plan = plan_import(sheet("number\n101\n101\n112\n5\n"), {}, routing::codes_of({}));
  EXPECT_EQ(plan.errors, 3u);
  EXPECT_THAT(*plan.rows[1].row.problem, HasSubstr("line 2"));
}

TEST(ImportPlan, FindsItsOwnExportUnchanged) {
  const std::vector<ExtensionView> existing{
      person("101", "=HYPERLINK(\"x\")"), person("102", "'+1"), person("103", " spaced; \"quoted\" "),
      person("104", "Alice",
             {{KeyType::blf, "102", "Bob|x"}, {KeyType::none, "", ""}, {KeyType::speed_dial, "+49", ""}})};
  const std::string text = write_people(existing);
  EXPECT_THAT(text, HasSubstr("\"'=HYPERLINK(\"\"x\"\")\""));
  EXPECT_THAT(text, testing::Not(HasSubstr("scrypt")));
  const ImportPlan plan = plan_import(sheet(text), existing, routing::codes_of({}));
  EXPECT_EQ(plan.unchanged, existing.size()) << boost::json::serialize(to_json(plan));
}

}  // namespace
}  // namespace roamdesk::api

#include "exchange/routing/pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace roamdesk::routing {
namespace {

TEST(Pattern, FitsWhatItSays) {
  const struct {
    const char *pattern, *number;
    bool fits;
  } all[] = {{"0.", "030", true},        {"0.", "0", true},          {"0.", "1", false},
             {"00.", "030", false},      {".", "anything", true},    {".", "", true},
             {"9xx", "912", true},       {"9xx", "9123", false},     {"9xx", "91", false},
             {"9x.", "9", false},        {"x", "*", false},          {"[2-46]x.", "412", true},
             {"[2-46]x.", "612", true},  {"[2-46]x.", "512", false}, {"[7]", "7", true},
             {"+49.", "+4930", true},    {"+49.", "4930", false},    {"*9.", "*930", true},
             {"112", "112", true},       {"112", "1123", false},     {"1#", "1#", true},
             {"[0-9][0-9]", "42", true}, {"[2-46]", "", false},      {"+.", "030", false}};
  for (const auto& [pattern, number, fits] : all) {
    ASSERT_FALSE(pattern_fault(pattern)) << pattern;
    EXPECT_EQ(matches(pattern, number), fits) << pattern << " " << number;
  }
}

TEST(Pattern, HasAFrontBehindWhichANumberGoesOn) {
  const struct {
    const char* pattern;
    std::size_t count;
    const char *number, *behind;
  } all[] = {{"9.", 1, "9112", "112"},    {"x.", 1, "5112", "112"}, {"[89]x.", 2, "85112", "112"},
             {".", 2, "77112", "112"},    {"9.", 1, "8112", ""},    {"[89].", 1, "7112", ""},
             {"9.", 1, "9", ""},          {"9", 1, "9112", ""},     {"x.", 1, "*112", ""},
             {"+49.", 3, "+49112", "112"}};
  for (const auto& [pattern, count, number, behind] : all)
    EXPECT_EQ(behind_front(pattern, count, number).value_or(""), behind) << pattern << " " << number;
}

TEST(Pattern, ThatIsNoneIsRefusedWithWhatWouldBeRight) {
  for (const std::string wrong :
       {"", "a", "0.0", "..", "[", "[]", "[3-1]", "[a]", "[1", "]", "0+", "++", " 0", "[1-]", "[-1]", "0]", "0\n", "X"})
    EXPECT_TRUE(pattern_fault(wrong)) << wrong;
  EXPECT_TRUE(pattern_fault(std::string(65, '1')));
  EXPECT_NE(pattern_fault("a")->find("expected"), std::string::npos);
}

}  // namespace
}  // namespace roamdesk::routing

#include "common/base/utf8.hpp"

#include <gtest/gtest.h>

namespace roamdesk {
namespace {

TEST(Utf8, GivesCodePointsAndTheirLengths) {
  const auto is = [](std::string_view text, std::uint32_t value, std::size_t length) {
    const auto point = first_code_point(text);
    return point.value == value && point.length == length;
  };
  EXPECT_TRUE(is("a", 'a', 1));
  EXPECT_TRUE(is("\xC3\xA4x", 0xe4, 2));
  EXPECT_TRUE(is("\xE2\x82\xAC", 0x20ac, 3));
  EXPECT_TRUE(is("\xF0\x9D\x84\x9E", 0x1d11e, 4));
  for (const auto* broken :
       {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5", "\xE2\x82"})
    EXPECT_EQ(first_code_point(broken).length, 0u);
}

TEST(XmlEscape, ReplacesBrokenUtf8) {
  const std::string replaced = "\xEF\xBF\xBD";
  EXPECT_EQ(escape_xml("\xC0\x80"), replaced + replaced) << "overlong";
  EXPECT_EQ(escape_xml("\xED\xA0\x80"), replaced + replaced + replaced) << "a surrogate";
  EXPECT_EQ(escape_xml("\xE2\x82"), replaced + replaced) << "cut off";
  EXPECT_EQ(escape_xml("€𝄞"), "€𝄞");
  EXPECT_EQ(escape_xml(std::string_view{"a\0b\nc", 5}), "abc");
}

TEST(XmlEscape, LeavesNothingThatIsGrammar) {
  EXPECT_EQ(escape_xml("<&>\"'"), "&lt;&amp;&gt;&quot;&#39;");
  EXPECT_EQ(escape_xml("\xEF\xBF\xBE"), "\xEF\xBF\xBD") << "U+FFFE is no character of XML";
}

}  // namespace
}  // namespace roamdesk

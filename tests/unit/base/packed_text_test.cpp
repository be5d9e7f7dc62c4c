#include "common/base/packed_text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace roamdesk {
namespace {

TEST(PackedText, IsTheTextThatItWasMadeOf) {
  const std::string hex(300, 'f'), plain(300, 'x');
  for (const std::string& text : {std::string{}, std::string{"101"}, std::string{"0123456789abcdef0123456789abcdef"},
                                  std::string{"0123456789abcdef0123456789abcde"}, std::string{"0123456789ABCDEF"},
                                  "scrypt$16384$8$1$" + std::string(32, '0') + "$" + std::string(64, 'a'), hex, plain,
                                  plain + hex + plain, std::string("with\0zero", 9), std::string{"\xff\x80"}}) {
    const PackedText packed{text};
    EXPECT_EQ(packed.str(), text);
    EXPECT_EQ(packed, text);
    EXPECT_EQ(packed.empty(), text.empty());
  }
}

TEST(PackedText, OfAnyLettersComesBack) {
  std::mt19937 random{3};
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    const std::string_view letters = i % 2 ? "0123456789abcdefg$" : "0123456789abcdef";
    for (auto length = random() % 400; length > 0; --length) text += letters[random() % letters.size()];
    const PackedText packed{text};
    ASSERT_EQ(packed.str(), text);
    ASSERT_EQ(packed, text);
    ASSERT_NE(packed, text + "0");
    if (text.empty()) continue;
    text.back() = text.back() == '0' ? '1' : '0';
    ASSERT_NE(packed, text);
  }
}

TEST(PackedText, IsItsOwnCopy) {
  PackedText one{"0123456789abcdef"}, other = one;
  other = PackedText{"another"};
  EXPECT_EQ(one, "0123456789abcdef");
  EXPECT_NE(one, other);
  const PackedText moved = std::move(one);
  EXPECT_EQ(moved, "0123456789abcdef");
  other = moved;
  EXPECT_EQ(other, moved);
  other = PackedText{};
  EXPECT_TRUE(other.empty());
  EXPECT_EQ(other.str(), "");
}

}  // namespace
}  // namespace roamdesk

#include "common/base/words.hpp"

#include <gmock/gmock.h>

#include "common/base/text.hpp"
#include "common/base/word_set.hpp"

namespace roamdesk {
namespace {
enum class Colour { red, dark_green };
}  // namespace
template <>
inline constexpr std::array<std::string_view, 2> words<Colour> = {"red", "dark_green"};

namespace {

TEST(Words, ReadBackWhatTheyWrite) {
  for (const Colour colour : {Colour::red, Colour::dark_green}) EXPECT_EQ(value_of<Colour>(word_of(colour)), colour);
  EXPECT_EQ(word_of(Colour::dark_green), "dark_green");
}

TEST(Words, KnowNoOther) {
  for (const auto* word : {"", "Red", "red ", "blue"}) EXPECT_EQ(value_of<Colour>(word), std::nullopt) << word;
  EXPECT_EQ(word_of(static_cast<Colour>(2)), "");
}

TEST(Words, SayWhatWasExpected) { EXPECT_EQ(all_words<Colour>(), "red, dark_green"); }

TEST(WordSet, HoldsEachOnceInTheOrderOfTheWords) {
  WordSet<Colour> some{Colour::dark_green, Colour::red, Colour::dark_green};
  EXPECT_THAT(some, testing::ElementsAre(Colour::red, Colour::dark_green));
  EXPECT_EQ(some.size(), 2u);
  some = {Colour::dark_green};
  EXPECT_TRUE(some.contains(Colour::dark_green));
  EXPECT_FALSE(some.contains(Colour::red));
  EXPECT_FALSE(some.empty());
  some = {};
  EXPECT_TRUE(some.empty());
  EXPECT_EQ(some, WordSet<Colour>{});
}

TEST(Text, ComparesAndTrimsAscii) {
  EXPECT_EQ(lowered("AbZ[\xc4"), "abz[\xc4");
  EXPECT_TRUE(equal_ignoring_case("Via", "VIA"));
  EXPECT_FALSE(equal_ignoring_case("Via", "Vi"));
  EXPECT_EQ(trim(" \ta b\t "), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(" a\r", " \r"), "a");
}

}  // namespace
}  // namespace roamdesk

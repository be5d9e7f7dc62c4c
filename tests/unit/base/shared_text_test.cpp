#include "common/base/shared_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/ids.hpp"

namespace roamdesk {
namespace {

TEST(SharedText, IsKeptOnceForAllThatHaveItAlike) {
  const SharedText one{"yealink"}, two{std::string{"yea"} + "link"}, other{"snom"};
  EXPECT_EQ(one, two);
  EXPECT_EQ(&one.str(), &two.str());
  EXPECT_NE(one, other);
  EXPECT_EQ(one, "yealink");
}

TEST(SharedText, ComparesAsItsTextDoes) {
  EXPECT_LT(SharedText{"a"}, SharedText{"b"});
  EXPECT_LT(SharedText{}, SharedText{"a"});
  EXPECT_TRUE(SharedText{}.empty());
}

TEST(SharedText, MayBeUsedByAllThreads) {
  std::vector<std::jthread> threads;
  for (int n = 0; n < 4; ++n)
    threads.emplace_back([] {
      for (int i = 0; i < 5000; ++i) {
        const SharedText text{std::to_string(i % 7)};
        SharedText copy = text;
        EXPECT_EQ(copy, text);
        copy = SharedText{"x"};
        EXPECT_EQ(text, std::to_string(i % 7));
      }
    });
}

TEST(SiteId, IsOrderedByItsName) {
  EXPECT_LT(SiteId{"berlin"}, local_site());
  EXPECT_EQ(local_site().value(), "local");
  EXPECT_NE(std::hash<SiteId>{}(SiteId{"berlin"}), std::hash<SiteId>{}(local_site()));
}

}  // namespace
}  // namespace roamdesk

#include "exchange/element/lines.hpp"

#include <gmock/gmock.h>

namespace roamdesk::element {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

class LinesToSites : public testing::Test {
 protected:
  static Mac phone(int n) { return *Mac::parse("00156500000" + std::to_string(n)); }
  const SiteId one{"branch-1"}, two{"branch-2"};
  const TimePoint now{1h};
  Lines lines;
};

TEST_F(LinesToSites, AreUpUntilTheyAreSaidToBeDown) {
  EXPECT_TRUE(lines.all_up());
  EXPECT_TRUE(lines.went_down(one, now));
  EXPECT_TRUE(lines.is_down(one));
  EXPECT_FALSE(lines.is_down(two));
  EXPECT_FALSE(lines.all_up());
  EXPECT_TRUE(lines.came_back(one).was_down);
  EXPECT_TRUE(lines.all_up());
}

TEST_F(LinesToSites, AreGivenUpOnceAndOnlyWhileTheyAreDown) {
  lines.went_down(one, now);
  lines.went_down(two, now + 1s);
  EXPECT_EQ(lines.deadline(), now + Lines::patience);
  lines.came_back(one);
  EXPECT_FALSE(lines.pop_given_up(now + Lines::patience)) << "it is back";
  EXPECT_EQ(lines.pop_given_up(now + Lines::patience + 1s), two);
  EXPECT_FALSE(lines.pop_given_up(now + Lines::patience + 1s));
  EXPECT_TRUE(lines.is_down(two)) << "it is still down";
}

TEST_F(LinesToSites, GetNoMoreTimeByGoingDownAgainWhileTheyAreDown) {
  lines.went_down(one, now);
  EXPECT_FALSE(lines.went_down(one, now + 50s));
  EXPECT_EQ(lines.pop_given_up(now + Lines::patience), one);
}

TEST_F(LinesToSites, HaveTheirOwnPhonesAskedAfterWhenTheyAreBackAndOnce) {
  for (const auto& site : {one, two}) lines.went_down(site, now);
  lines.ask_later(phone(1), one);
  lines.ask_later(phone(2), two);
  lines.ask_later(phone(3), one);
  EXPECT_THAT(lines.came_back(one).to_ask, ElementsAre(phone(1), phone(3)));
  EXPECT_THAT(lines.came_back(one).to_ask, IsEmpty());
  EXPECT_THAT(lines.came_back(two).to_ask, ElementsAre(phone(2)));
}

}  // namespace
}  // namespace roamdesk::element

#include "exchange/emergency/admission.hpp"

#include <gtest/gtest.h>

namespace roamdesk::emergency {
namespace {
using namespace std::chrono_literals;

const SiteId site{"branch-1"}, other_site{"branch-2"};
Source phone(int number) { return {site, "phone " + std::to_string(number), false}; }
Source stranger(int number, const SiteId& at = site) { return {at, "stranger " + std::to_string(number), true}; }

class AdmissionOfCallsForHelp : public testing::Test {
 protected:
  bool leaves(const Source& source) { return admission.take(source, now).leaves; }
  Admission admission;
  TimePoint now{1h};
};

TEST_F(AdmissionOfCallsForHelp, AlwaysHasRoomForARegisteredPhone) {
  for (int i = 0; i < 1000; ++i) leaves(stranger(i));
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(leaves(phone(i)));
}

TEST_F(AdmissionOfCallsForHelp, LetsNoSourceCallMoreThanAPersonCan) {
  for (const auto& source : {phone(1), stranger(1)}) {
    for (std::size_t i = 0; i < Admission::of_source; ++i) EXPECT_TRUE(leaves(source)) << source.name;
    EXPECT_FALSE(leaves(source)) << source.name;
    admission.ended(source);
    EXPECT_TRUE(leaves(source)) << source.name;
    EXPECT_FALSE(leaves(source)) << source.name;
  }
}

TEST_F(AdmissionOfCallsForHelp, KeepsStrangersFromTakingATrunksLines) {
  std::size_t left = 0;
  for (int i = 0; i < 1000; ++i) left += leaves(stranger(i));
  EXPECT_EQ(left, Admission::strangers_of_site);
  EXPECT_TRUE(leaves(stranger(1, other_site))) << "each site by itself";
}

TEST_F(AdmissionOfCallsForHelp, KeepsStrangersFromCallingHelpAgainAndAgain) {
  std::size_t left = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto source = stranger(i);
    if (!leaves(source)) continue;
    ++left;
    admission.ended(source);
  }
  EXPECT_EQ(left, Admission::strangers_a_minute);
  now += 1min;
  EXPECT_TRUE(leaves(stranger(1)));
}

TEST_F(AdmissionOfCallsForHelp, EndsAnotherCallForEachPhoneOnceAMinute) {
  EXPECT_TRUE(admission.take(phone(1), now).takes_line);
  admission.ended(phone(1));
  now += 59s;
  EXPECT_FALSE(admission.take(phone(1), now).takes_line) << "though it had hung up";
  EXPECT_TRUE(admission.take(phone(2), now).takes_line);
  now += 1s;
  EXPECT_TRUE(admission.take(phone(1), now).takes_line);
}

TEST_F(AdmissionOfCallsForHelp, EndsAnotherCallForAllStrangersOfASiteOnceAMinute) {
  EXPECT_TRUE(admission.take(stranger(1), now).takes_line);
  for (int i = 2; i < 6; ++i) EXPECT_FALSE(admission.take(stranger(i), now).takes_line);
  EXPECT_TRUE(admission.take(stranger(7, other_site), now).takes_line);
  EXPECT_TRUE(admission.take(phone(1), now).takes_line) << "a flood takes nothing from a phone";
}

}  // namespace
}  // namespace roamdesk::emergency

#include "exchange/routing/outside_calls.hpp"

#include <gtest/gtest.h>

namespace roamdesk::routing {
namespace {
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class OutsideLimits : public testing::Test {
 protected:
  OutsideLimits() {
    trunk.name = "provider";
    other.name = "other";
  }
  // The call's id, or 0 and `limit`.
  OutsideCallId begin(const ExtensionNumber& person, OutsideCalls::Limits limits = {}) {
    const auto begun = calls.begin(person, limits, trunk, now);
    limit = begun.has_error() ? word_of(begun.error()) : "";
    return begun.has_error() ? OutsideCallId{0} : *begun;
  }
  OutsideCalls calls;
  Trunk trunk, other;
  TimePoint now{hours{1000} + seconds{17}};
  const ExtensionNumber alice{"101"}, bob{"102"};
  std::string_view limit;
};

TEST_F(OutsideLimits, APersonHasSoManyCallsAtOnce) {
  const OutsideCalls::Limits two{.calls = 2};
  const auto first = begin(alice, two);
  begin(alice, two);
  begin(alice, two);
  EXPECT_EQ(limit, "person_calls");
  begin(bob, two);
  EXPECT_EQ(limit, "") << "somebody else's calls don't count";
  calls.ended(first, now);
  calls.ended(first, now);
  EXPECT_EQ(calls.up(alice), 1u);
  begin(alice, two);
  EXPECT_EQ(limit, "");
}

TEST_F(OutsideLimits, APersonHasSoManyCallsWithinAnHour) {
  const OutsideCalls::Limits three{.calls_per_hour = 3};
  for (int i = 0; i < 3; ++i) {
    calls.ended(begin(alice, three), now);
    now += minutes{10};
  }
  begin(alice, three);
  EXPECT_EQ(limit, "person_calls_per_hour");
  now += minutes{31};  // the first was an hour ago
  begin(alice, three);
  EXPECT_EQ(limit, "");
  begin(alice, three);
  EXPECT_EQ(limit, "person_calls_per_hour");
}

TEST_F(OutsideLimits, APersonHasSoManyMinutesWithinAnHour) {
  const OutsideCalls::Limits thirty{.minutes_per_hour = 30};
  const auto rings = begin(alice, thirty);
  now += minutes{31};
  calls.ended(rings, now);
  const auto talks = begin(alice, thirty);
  EXPECT_EQ(limit, "") << "ringing isn't talking";
  calls.answered(talks, now);
  now += minutes{20};
  calls.answered(talks, now);  // a second 200 doesn't begin it anew
  EXPECT_NE(begin(alice, thirty), OutsideCallId{0});
  now += minutes{10};
  begin(alice, thirty);
  EXPECT_EQ(limit, "person_minutes_per_hour") << "the call that is up counts";
  calls.ended(talks, now);
  begin(alice, thirty);
  EXPECT_EQ(limit, "person_minutes_per_hour");
  begin(bob, thirty);
  EXPECT_EQ(limit, "");
  now += minutes{59};
  begin(alice, thirty);
  EXPECT_EQ(limit, "") << "what was an hour ago doesn't";
}

TEST_F(OutsideLimits, ATrunkHasLinesThatOutsideCallersCanCountOn) {
  trunk.calls = 3;
  trunk.calls_reserved_in = 1;
  begin(alice);
  begin(bob);
  begin(bob);
  EXPECT_EQ(limit, "trunk_calls");
  const auto in = calls.begin_inbound(trunk);
  EXPECT_TRUE(in.has_value());
  EXPECT_EQ(calls.begin_inbound(trunk).error(), OutsideLimit::trunk_calls);
  calls.ended(*in, now);
  EXPECT_TRUE(calls.begin_inbound(trunk).has_value());
  EXPECT_EQ(calls.up("provider"), 3u);
  EXPECT_EQ(calls.up("nothing"), 0u);
}

TEST_F(OutsideLimits, ATrunkHasItsOwnLimitsWithinAnHour) {
  trunk.calls_per_hour = 2;
  calls.ended(begin(alice), now);
  calls.ended(begin(bob), now);
  begin(bob);
  EXPECT_EQ(limit, "trunk_calls_per_hour");
  trunk.calls_per_hour = 0;
  trunk.minutes_per_hour = 1;
  const auto call = begin(alice);
  calls.answered(call, now);
  now += seconds{61};
  begin(bob);
  EXPECT_EQ(limit, "trunk_minutes_per_hour");
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(calls.begin_inbound(trunk).has_value()) << "calls in cost nothing";
}

TEST_F(OutsideLimits, ACallThatGoesOverToAnotherTrunkCountsThereAlone) {
  trunk.calls_per_hour = 1;
  const auto first = begin(alice, {.calls_per_hour = 2});
  now += minutes{3};
  calls.taken_back(first);
  calls.taken_back(first);
  EXPECT_EQ(calls.up("provider"), 0u);
  EXPECT_EQ(calls.up(alice), 0u);
  ASSERT_TRUE(calls.begin(alice, {.calls_per_hour = 2}, other, now).has_value());
  EXPECT_EQ(calls.up("other"), 1u);
  EXPECT_NE(begin(alice, {.calls_per_hour = 2}), OutsideCallId{0}) << "the first trunk has its call still";
  begin(bob);
  EXPECT_EQ(limit, "trunk_calls_per_hour");
  begin(alice, {.calls_per_hour = 2});
  EXPECT_EQ(limit, "person_calls_per_hour") << "both count for the person";
  calls.taken_back(OutsideCallId{99});
}

TEST_F(OutsideLimits, WhatIsFullIsThePersonOrTheTrunk) {
  trunk.calls = 1;
  begin(alice);
  EXPECT_EQ(calls.begin(bob, {}, trunk, now).error(), OutsideLimit::trunk_calls);
  EXPECT_FALSE(calls.full(bob, {.calls = 1}, now));
  EXPECT_EQ(calls.full(alice, {.calls = 1}, now), OutsideLimit::person_calls);
  EXPECT_TRUE(is_trunks(OutsideLimit::trunk_calls));
  EXPECT_FALSE(is_trunks(OutsideLimit::person_minutes_per_hour));
}

TEST_F(OutsideLimits, HoldOverARestart) {
  const OutsideCalls::Limits limits{.minutes_per_hour = 30};
  trunk.minutes_per_hour = 40;
  const auto remember = [&](minutes ago, minutes talked, const ExtensionNumber& person) {
    calls.remember({"provider", person, now - ago, now - ago + seconds{5}, now - ago + talked}, now);
  };
  remember(minutes{20}, minutes{10}, alice);
  begin(alice, limits);
  EXPECT_EQ(limit, "");
  remember(minutes{45}, minutes{25}, alice);
  begin(alice, limits);
  EXPECT_EQ(limit, "person_minutes_per_hour");
  begin(bob, limits);
  EXPECT_EQ(limit, "");
  remember(minutes{10}, minutes{8}, ExtensionNumber{});
  begin(bob, limits);
  EXPECT_EQ(limit, "trunk_minutes_per_hour") << "whose call it was doesn't matter to the trunk";
}

TEST_F(OutsideLimits, OfWhatIsLongOverRememberNothing) {
  const OutsideCalls::Limits limits{.calls_per_hour = 1, .minutes_per_hour = 10};
  calls.remember({"provider", alice, now - minutes{3}, {}, now - minutes{2}}, now);
  calls.remember({"provider", alice, now - minutes{63}, now - minutes{63}, now - minutes{62}}, now);
  calls.remember({"provider", alice, now - hours{30}, now - hours{29}, now - hours{28}}, now);
  begin(alice, limits);
  EXPECT_EQ(limit, "person_calls_per_hour") << "what is older takes the place of nothing";
  calls.remember({"provider", bob, now - hours{3}, now - hours{3}, now - minutes{55}}, now);
  begin(bob, limits);
  EXPECT_EQ(limit, "") << "five minutes of it are within the hour";
  calls.remember({"provider", bob, now - hours{3}, now - hours{3}, now - minutes{50}}, now);
  begin(bob, {.minutes_per_hour = 10});
  EXPECT_EQ(limit, "person_minutes_per_hour");
}

// A machine that has just booted: its clock begins at 0.
TEST_F(OutsideLimits, AreRememberedFromBeforeTheClocksBeginning) {
  now = TimePoint{minutes{5}};
  calls.remember({"provider", alice, now - minutes{30}, now - minutes{30}, now - minutes{10}}, now);
  begin(alice, {.calls_per_hour = 1});
  EXPECT_EQ(limit, "person_calls_per_hour");
  begin(alice, {.minutes_per_hour = 20});
  EXPECT_EQ(limit, "person_minutes_per_hour");
  now += minutes{31};
  begin(alice, {.calls_per_hour = 1});
  EXPECT_EQ(limit, "");
}

TEST_F(OutsideLimits, NoneHoldsForAnEmergencyCall) {
  trunk.calls = 1;
  trunk.calls_per_hour = 1;
  trunk.minutes_per_hour = 1;
  const auto full = begin(alice);
  calls.answered(full, now);
  now += minutes{30};
  EXPECT_NE(calls.begin_emergency(trunk, now), OutsideCallId{0});
  EXPECT_EQ(calls.up("provider"), 2u);
}

TEST_F(OutsideLimits, NoEmergencyCallIsOneOfTheHour) {
  trunk.calls_per_hour = 1;
  trunk.minutes_per_hour = 1;
  for (int i = 0; i < 5; ++i) {
    const auto help = calls.begin_emergency(trunk, now);
    calls.answered(help, now);
    now += minutes{5};
    EXPECT_FALSE(calls.full(trunk, now)) << "while it is up";
    if (i % 2)
      calls.ended(help, now);
    else
      calls.taken_back(help);
  }
  begin(alice);
  EXPECT_EQ(limit, "");
  begin(alice);
  EXPECT_EQ(limit, "trunk_calls_per_hour") << "what was taken back took nothing of others with it";
}

// A phone that dials by itself, for a day: what is kept of it doesn't grow, and each hour has its share.
TEST_F(OutsideLimits, AFloodGetsItsHoursShareAndNoMore) {
  const OutsideCalls::Limits limits{.calls = 2, .calls_per_hour = 10, .minutes_per_hour = 60};
  unsigned through = 0;
  for (int i = 0; i < 24 * 3600; i += 5, now += seconds{5})
    if (const auto call = begin(alice, limits); call != OutsideCallId{0}) {
      ++through;
      calls.answered(call, now);
      calls.ended(call, now + seconds{3});
    }
  EXPECT_LE(through, 25u * 10u);
  EXPECT_GE(through, 23u * 10u);
}

// What a restart leaves: the next process counts on.
TEST_F(OutsideLimits, OfCallsThatGoOnInAnotherProcessAreTheSame) {
  const OutsideCalls::Limits two{.calls = 2, .calls_per_hour = 4, .minutes_per_hour = 30};
  const auto call = begin(alice, two);
  calls.answered(call, now + minutes{1});
  const auto inbound = *calls.begin_inbound(trunk);
  now += minutes{20};
  const auto carried = *calls.carried(call, now);
  EXPECT_FALSE(calls.carried(OutsideCallId{99}, now));
  OutsideCalls next;
  const auto here = next.adopt(carried, now), came = next.adopt(*calls.carried(inbound, now), now);
  EXPECT_EQ(next.up(alice), 1u);
  EXPECT_EQ(next.up(trunk.name), 2u);
  EXPECT_FALSE(next.full(alice, two, now));
  now += minutes{11};
  EXPECT_EQ(next.full(alice, two, now), OutsideLimit::person_minutes_per_hour) << "19 minutes of before count";
  next.ended(here, now);
  next.ended(came, now);
  EXPECT_EQ(next.up(trunk.name), 0u);
  EXPECT_EQ(next.full(alice, two, now), OutsideLimit::person_minutes_per_hour);
  now += minutes{90};
  EXPECT_FALSE(next.full(alice, two, now));
  // One that began over an hour ago counts as one that is up, and for what it talks.
  next.adopt({.trunk = "provider", .person = alice, .begun = hours{3}, .answered = hours{3}}, now);
  EXPECT_EQ(next.up(alice), 1u);
  EXPECT_EQ(next.full(alice, two, now), OutsideLimit::person_minutes_per_hour);
}

}  // namespace
}  // namespace roamdesk::routing

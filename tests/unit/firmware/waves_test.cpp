#include "exchange/firmware/waves.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace roamdesk::firmware {
namespace {
using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto turn_length = 45min;

// Phones of one model in simulated time; what is decided is done to them at once.
class Fleet : public testing::Test {
 protected:
  WallTime now{1'000h};
  FirmwarePin pin{.model = "yealink:T33G", .version = "124.86.0.75"};
  std::vector<Seen> phones;

  void have(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      std::string number = std::to_string(i);
      number.insert(0, 6 - number.size(), '0');
      Seen one{.mac = *Mac::parse("805ec0" + number)};
      one.registered = true;
      one.window = {true, true};
      phones.push_back(one);
    }
  }
  Seen& phone(const Mac& mac) {
    for (Seen& one : phones)
      if (one.mac == mac) return one;
    throw std::logic_error("no such phone");
  }
  Decision look() {
    const auto decision = decide(pin, phones, turn_length, now);
    for (const Mac& mac : decision.taken) phone(mac).turn.reset();
    for (const Mac& mac : decision.missed) {
      phone(mac).turn->began.reset();
      phone(mac).turn->ended = now;
    }
    for (const Mac& mac : decision.withdrawn) {
      phone(mac).turn->began.reset();
      --phone(mac).turn->tries;
    }
    for (const Mac& mac : decision.begin) {
      auto& turn = phone(mac).turn;
      if (!turn) turn = FirmwareTurn{.mac = mac.text(), .version = pin.version};
      ++turn->tries;
      turn->began = now;
      turn->fetched = false;
    }
    return decision;
  }
  void take(const std::vector<Mac>& macs) {
    for (const Mac& mac : macs) phone(mac).has_version = true;
  }
  // A day of looks; how many turns began at most at once.
  std::size_t run(const std::function<void(const Decision&)>& then, int looks = 500) {
    std::size_t most = 0;
    for (int i = 0; i < looks; ++i) {
      const auto decision = look();
      most = std::max(most, decision.progress.running);
      then(decision);
      now += 5min;
    }
    return most;
  }
};

TEST_F(Fleet, BeginsWithOnePhoneAndWaitsForIt) {
  have(50);
  EXPECT_THAT(look().begin, SizeIs(1));
  for (int i = 0; i < 8; ++i) {
    now += 5min;
    EXPECT_THAT(look().begin, IsEmpty());
  }
}

TEST_F(Fleet, GoesOnWithTenPerCentAndThenTheRest) {
  have(50);
  const auto first = look();
  take(first.begin);
  phone(first.begin[0]).registered = false;
  now += 3min;
  EXPECT_THAT(look().begin, IsEmpty()) << "it says the version, and isn't back";
  phone(first.begin[0]).registered = true;
  const auto second = look();
  EXPECT_EQ(second.taken, first.begin);
  EXPECT_EQ(second.progress.wave, Wave::tenth);
  EXPECT_THAT(second.begin, SizeIs(5));
  take({second.begin.begin(), second.begin.end() - 1});
  now += 3min;
  EXPECT_THAT(look().begin, IsEmpty()) << "one of the ten per cent isn't back";
  take({second.begin.back()});
  const auto third = look();
  EXPECT_EQ(third.progress.wave, Wave::rest);
  EXPECT_THAT(third.begin, SizeIs(most_running));
  take(third.begin);
  run([this](const Decision& d) { take(d.begin); }, 10);
  EXPECT_EQ(look().progress.wave, Wave::done);
}

TEST_F(Fleet, StopsWhereTheFirstPhoneDoesntTakeIt) {
  have(50);
  std::size_t begun = 0;
  run([&](const Decision& d) { begun += d.begin.size(); });
  EXPECT_EQ(begun, most_tries);
  const auto end = look();
  EXPECT_TRUE(end.progress.stopped);
  EXPECT_THAT(end.progress.failed, SizeIs(1));
  // Somebody has looked, and lets it try again: its turns are forgotten.
  phone(end.progress.failed[0]).turn.reset();
  EXPECT_THAT(look().begin, SizeIs(1));
}

TEST_F(Fleet, StopsWhereOneOfTheTenPerCentDoesntTakeIt) {
  have(50);
  take(look().begin);
  const auto second = look();
  ASSERT_THAT(second.begin, SizeIs(5));
  const Mac bad = second.begin[2];
  run([&](const Decision& d) {
    for (const auto& list : {second.begin, d.begin})
      for (const Mac& mac : list)
        if (mac != bad) phone(mac).has_version = true;
  });
  const auto end = look();
  EXPECT_TRUE(end.progress.stopped);
  EXPECT_EQ(end.progress.failed, std::vector{bad});
  EXPECT_EQ(end.progress.done, 5u);
}

TEST_F(Fleet, StopsWhereAPhoneIsGoneAfterItsTurn) {
  have(50);
  const auto first = look();
  phone(first.begin[0]).registered = false;
  now += turn_length;
  EXPECT_THAT(look().missed, SizeIs(1));
  EXPECT_FALSE(look().progress.stopped) << "it may be on its way";
  now += turn_length;
  const auto end = look();
  EXPECT_TRUE(end.progress.stopped);
  EXPECT_EQ(end.progress.failed, first.begin);
  EXPECT_THAT(end.begin, IsEmpty()) << "no other is risked";
  phone(first.begin[0]).registered = true;
  EXPECT_EQ(look().begin, first.begin) << "it is back, and has its next try";
}

TEST_F(Fleet, BearsAFewOfTheRestThatDont) {
  have(50);
  const auto bad = [](const Mac& mac) { return mac.text().ends_with("44") || mac.text().ends_with("47"); };
  const auto most = run([&](const Decision& d) {
    for (const Mac& mac : d.begin)
      if (!bad(mac)) phone(mac).has_version = true;
  });
  const auto end = look();
  EXPECT_FALSE(end.progress.stopped);
  EXPECT_EQ(end.progress.done, 48u);
  EXPECT_THAT(end.progress.failed, SizeIs(2));
  EXPECT_LE(most, most_running);
}

TEST_F(Fleet, LeavesAPhoneInACallAndADeskInItsPersonsDay) {
  have(3);
  phones[0].in_call = true;
  phones[1].in_use = true;
  phones[2].registered = false;
  const auto nobody = look();
  EXPECT_THAT(nobody.begin, IsEmpty());
  EXPECT_EQ(nobody.progress.in_call, 1u);
  EXPECT_EQ(nobody.progress.in_use, 1u);
  EXPECT_EQ(nobody.progress.offline, 1u);
  pin.also_in_use = true;
  EXPECT_EQ(look().begin, std::vector{phones[1].mac});
}

TEST_F(Fleet, BeginsNothingOutsideOfTheWindowOrWhilePaused) {
  have(3);
  for (Seen& one : phones) one.window = {true, false};
  EXPECT_THAT(look().begin, IsEmpty()) << "too late in it";
  for (Seen& one : phones) one.window = {false, false};
  EXPECT_THAT(look().begin, IsEmpty());
  phones[1].window = {true, true};
  pin.paused = true;
  EXPECT_THAT(look().begin, IsEmpty());
  pin.paused = false;
  EXPECT_EQ(look().begin, std::vector{phones[1].mac}) << "another site's, where it is night";
}

TEST_F(Fleet, TakesATurnBackWhoseWindowClosesUnlessThePhoneIsAtIt) {
  have(1);
  ASSERT_THAT(look().begin, SizeIs(1));
  phones[0].turn->fetched = true;
  phones[0].window = {false, false};
  now += 5min;
  EXPECT_THAT(look().withdrawn, IsEmpty()) << "it has asked for the file";
  phones[0].turn->fetched = false;
  EXPECT_THAT(look().withdrawn, SizeIs(1));
  EXPECT_EQ(phones[0].turn->tries, 0u) << "that was none of its own";
}

TEST_F(Fleet, GivesAPhoneThatMissedItsTurnAPause) {
  have(1);
  look();
  now += turn_length;
  EXPECT_THAT(look().missed, SizeIs(1));
  now += between_turns - 1min;
  EXPECT_THAT(look().begin, IsEmpty());
  now += 1min;
  EXPECT_THAT(look().begin, SizeIs(1));
}

TEST_F(Fleet, IsTheSameAfterARestartAndWithAClockThatJumps) {
  have(30);
  look();
  EXPECT_THAT(look().begin, IsEmpty()) << "nothing is remembered beside the phones' own turns";
  now -= 48h;
  EXPECT_THAT(look().missed, SizeIs(1)) << "a turn doesn't last until the clock has caught up";
}

TEST_F(Fleet, CountsPhonesThatHaveItAlready) {
  have(40);
  for (std::size_t i = 0; i < 20; ++i) phones[i].has_version = true;
  const auto decision = look();
  EXPECT_EQ(decision.progress.wave, Wave::rest);
  EXPECT_THAT(decision.begin, SizeIs(20));
  phones.clear();
  EXPECT_EQ(look().progress.wave, Wave::done) << "of no phones";
}

}  // namespace
}  // namespace roamdesk::firmware

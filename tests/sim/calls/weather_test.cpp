#include <gtest/gtest.h>

#include <random>

#include "tests/unit/calls/world/world.hpp"

// Calls over a network that loses, doubles and overtakes messages: whatever happens, nothing leaks, and what can be
// said for certain holds.
namespace roamdesk::calls {
namespace {
using namespace std::chrono_literals;
using sim::Phone;
using sim::Weather;
using sim::World;

Weather bad(std::uint32_t seed) { return {seed, 0.15, 0.15, 2ms, 400ms}; }

TEST(BadWeather, CallsComeUpAndEnd) {
  int given_up = 0;
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    World world{bad(seed)};
    auto &a = world.add("101"), &b = world.add("102");
    a.dial("102", world.now);
    world.run(9s);
    if (a.at().status == 480) {  // nothing of the phone came through in 7.75 s; the caller tries again
      ++given_up;
      a.dial("102", world.now);
      world.run(8s);
    }
    b.answer(world.now);
    world.run(12s);
    ASSERT_TRUE(world.talk(a, b)) << "seed " << seed << " " << a.at().status << " " << world.broken;
    (seed % 2 ? a : b).hang_up(world.now);
    world.run(30s);
    EXPECT_TRUE(a.idle() && b.idle()) << "seed " << seed;
    ASSERT_EQ(world.settle(), "") << "seed " << seed;
  }
  EXPECT_LE(given_up, 2);
}

TEST(BadWeather, HoldAndResumeEndWithBothSidesAgreeing) {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    World world{bad(seed)};
    auto &a = world.add("101"), &b = world.add("102");
    b.habits.answers = 100ms;
    a.dial("102", world.now);
    world.run(20s);
    for (const char* direction : {"sendonly", "sendrecv"}) {
      a.modify(seed % 2 ? "INVITE" : "UPDATE", direction, world.now);
      world.run(35s);
      ASSERT_EQ(a.at().modified, 200) << "seed " << seed;
      EXPECT_EQ(sim::direction_of(b.at().heard), direction) << "seed " << seed;
    }
    EXPECT_TRUE(world.talk(a, b)) << "seed " << seed;
    ASSERT_EQ(world.settle(), "") << "seed " << seed;
  }
}

TEST(BadWeather, ACancelThatMeetsAnAnswerLeavesNobodyAlone) {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    World world{bad(seed)};
    auto &a = world.add("101"), &b = world.add("102"), &c = world.add("102");
    b.habits.answers = std::chrono::milliseconds{700 + seed % 7 * 50};
    c.habits.answers = std::chrono::milliseconds{800};
    a.dial("102", world.now);
    world.run(1s);
    a.cancel(world.now);
    world.run(70s);
    if (a.at().up) {
      EXPECT_TRUE(world.talk(a, b) != world.talk(a, c)) << "seed " << seed;
    } else {
      EXPECT_TRUE(a.idle() && b.idle() && c.idle()) << "seed " << seed;
    }
    ASSERT_EQ(world.settle(), "") << "seed " << seed;
  }
}

TEST(BadWeather, TransfersConnectTheOthers) {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    World world{bad(seed)};
    auto &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
    b.habits.answers = c.habits.answers = 100ms;
    a.dial("102", world.now);
    world.run(20s);
    std::string to = "<sip:103@pbx.example.com";
    if (seed % 2) {
      a.dial("103", world.now);
      world.run(20s);
      to += "?" + a.replaces(1);
    }
    a.refer(to + ">", world.now, 0);
    world.run(50s);
    ASSERT_TRUE(world.talk(b, c)) << "seed " << seed << " " << (a.sipfrags.empty() ? "" : a.sipfrags.back());
    ASSERT_EQ(world.settle(), "") << "seed " << seed;
  }
}

// A party hangs up, each in turn, at every moment of a transfer: a blind one, an attended one, one while the
// consultation rings, and one to a party that is busy.
TEST(HangUps, AtEveryMomentLeakNothing) {
  enum { blind, attended, ringing, busy };
  for (int who = 0; who < 3; ++who)
    for (int moment = 0; moment < 60; ++moment)
      for (const int how : {blind, attended, ringing, busy}) {
        World world;
        auto &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
        b.habits.answers = 20ms;
        if (how != ringing) c.habits.answers = 20ms;
        if (how == busy) c.habits.rejects = 486;
        a.dial("102", world.now);
        world.run(100ms);
        std::string to = "<sip:103@pbx.example.com";
        if (how == attended || how == ringing) {
          a.dial("103", world.now);
          world.run(std::chrono::milliseconds{who == 2 ? 100 : 25});
          to += "?" + a.replaces(1);
        }
        a.refer(to + ">", world.now, 0);
        world.run(std::chrono::milliseconds{moment * 2});
        Phone* phones[] = {&a, &b, &c};
        auto& one = *phones[who];
        for (std::size_t i = 0; i < one.dialogs.size(); ++i) one.hang_up(world.now, static_cast<int>(i));
        ASSERT_EQ(world.settle(), "") << who << " at " << moment * 2 << " ms, transfer " << how;
      }
}

// What people and phones may do, in any order.
TEST(Chaos, LeaksNothing) {
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    World world{seed % 3 ? bad(seed) : Weather{seed}};
    std::mt19937 random(seed);
    const auto pick = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    for (const char* user : {"101", "102", "102", "103", "104"})
      world.add(user, pick(2) ? "local" : "branch-1", pick(3) ? sip::Transport::udp : sip::Transport::tcp);
    for (int step = 0; step < 60; ++step) {
      auto& phone = *world.phones[pick(world.phones.size())];
      const std::string number = std::vector<std::string>{"101", "102", "103", "104", "*77*", "112", "999"}[pick(7)];
      const int dialog = phone.dialogs.empty() ? -1 : static_cast<int>(pick(phone.dialogs.size()));
      const bool up = dialog >= 0 && phone.at(dialog).up && !phone.at(dialog).over;
      switch (pick(12)) {
        case 0:
        case 1:
          phone.dial(number, world.now, [&](sip::Message& m) {
            if (pick(5) == 0) m.body.clear(), m.content_type.clear();
            if (pick(5) == 0) m.set_header("Require", "100rel");
            if (pick(5) == 0) m.expires = static_cast<std::uint32_t>(pick(20));
            if (pick(8) == 0) m.set_header("Privacy", "id");
          });
          break;
        case 2:
        case 3:
        case 4:
          if (dialog >= 0) phone.answer(world.now, dialog);
          break;
        case 5:
          if (dialog >= 0) phone.hang_up(world.now, dialog);
          break;
        case 6:
          if (up)
            phone.modify(pick(2) ? "INVITE" : "UPDATE",
                         std::vector<const char*>{"sendonly", "sendrecv", "inactive"}[pick(3)], world.now, dialog);
          break;
        case 7:
          if (up) phone.refer("<sip:" + number + "@pbx.example.com>", world.now, dialog);
          break;
        case 8:
          if (up) {
            const auto second = static_cast<int>(pick(phone.dialogs.size()));
            phone.refer("<sip:x@pbx.example.com?" + phone.replaces(second) + ">", world.now, dialog);
          }
          break;
        case 9:
          phone.habits.rejects = std::vector<int>{0, 0, 0, 486, 603, 302}[pick(6)];
          phone.habits.redirect = number;
          phone.habits.contacts.clear();
          for (auto i = pick(4); i > 0; --i)
            phone.habits.contacts.push_back("<sip:10" + std::to_string(pick(6)) + "@pbx.example.com>;q=0." +
                                            std::to_string(i));
          phone.habits.wants_offers = pick(4) == 0;
          phone.habits.early_media = pick(3) == 0;
          phone.habits.takes_update = pick(2) == 0;
          phone.habits.modifies = std::vector<int>{0, 0, 0, 488, 491, 481}[pick(6)];
          break;
        case 10:
          if (up) phone.modify_without_offer(world.now, dialog);
          break;
        case 11:
          if (!world.dialogues.empty()) world.engine.hang_up(world.dialogues[pick(world.dialogues.size())], world.now);
          if (pick(8) == 0) world.close_flow(phone);
          break;
      }
      world.run(std::chrono::milliseconds{pick(pick(4) ? 300 : 20000)});
      ASSERT_EQ(world.broken, "") << "seed " << seed << " step " << step;
    }
    ASSERT_EQ(world.settle(), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace roamdesk::calls

#pragma once
#include <gtest/gtest.h>

#include "tests/unit/calls/world/world.hpp"

namespace roamdesk::calls {
using namespace std::chrono_literals;
using sim::Phone;
using sim::World;

// Every test ends with everybody hung up, and nothing left: no stream, port, leg, timer or transaction.
class Calls : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(world.settle(), ""); }

  // A talks to B.
  void talking(Phone& a, Phone& b) {
    a.dial(b.user, world.now);
    world.run(500ms);
    b.answer(world.now);
    world.run(500ms);
    ASSERT_TRUE(world.talk(a, b)) << a.at().status << " " << world.broken;
  }
  CallState state() {
    const auto calls = world.engine.calls();
    EXPECT_EQ(calls.size(), 1u);
    return calls.empty() ? CallState::ringing : calls.front().state;
  }
  static const sip::Message* last(const Phone& phone, std::string_view method) {
    for (auto it = phone.requests.rbegin(); it != phone.requests.rend(); ++it)
      if (it->method == method) return &*it;
    return nullptr;
  }

  World world;
};

}  // namespace roamdesk::calls

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/fuzz/hotdesk/world/world.hpp"

namespace roamdesk::hotdesk {
namespace {

using Step = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>;

TEST(HotDeskWorld, KeepsItsInvariantsWhateverHappens) {
  std::size_t logins = 0, logouts = 0, tellings = 0;
  EXPECT_TRUE(rc::check("any sequence of operations, failures, crashes and pauses", [&] {
    const auto steps = *rc::gen::scale(10.0, rc::gen::arbitrary<std::vector<Step>>());
    World world;
    for (const auto& [what, a, b] : steps) {
      world.step(what, a, b);
      RC_ASSERT(world.fault() == "");
    }
    world.let_all_settle();
    RC_ASSERT(world.fault() == "");
    logins += world.logins();
    logouts += world.logouts();
    tellings += world.tellings();
  }));
  // Had nothing happened, nothing would have been shown.
  EXPECT_GT(logins, 100U);
  EXPECT_GT(logouts, 100U);
  EXPECT_GT(tellings, 100U);
}

}  // namespace
}  // namespace roamdesk::hotdesk

#include "tests/unit/calls/trunk_fixture.hpp"

// Calls over trunks that go on in the next process.
namespace roamdesk::calls {
namespace {

TEST_F(TrunkCalls, GoOnInTheNextProcess) {
  for (const bool out : {true, false}) {
    if (out)
      talking_out();
    else
      talking_in();
    const auto tolls = world.tolls;
    ASSERT_EQ(tolls.size(), 1u);
    ASSERT_EQ(world.restart(), 1u);
    EXPECT_EQ(world.tolls, tolls);
    world.run(10s);
    EXPECT_TRUE(world.talk(phone, server));
    EXPECT_EQ(world.tolls, tolls);
    server.hang_up();
    world.run(1s);
    EXPECT_TRUE(phone.at().over);
    EXPECT_TRUE(world.tolls.empty()) << "each is given back once";
  }
}

}  // namespace
}  // namespace roamdesk::calls

#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// What the record of a call says in which somebody logs in, or tries to.
namespace roamdesk::sim {
namespace {

class LoginRecord : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
    desk = &sim.add_desk(1, local_site());
  }
  std::string dial(const std::string& number) {
    const auto call = desk->dial(number);
    sim.run_until([&] { return !desk->call(call) || desk->call(call)->up || desk->call(call)->status >= 300; }, 10s);
    sim.run_for(500ms);
    return call;
  }
  CallRecord of(const std::string& number, const std::vector<std::string>& typed) {
    const auto call = dial(number);
    for (const auto& digits : typed) {
      desk->press(call, digits);
      sim.run_for(5s);
    }
    if (!desk->idle()) desk->hang_up();
    sim.run_for(10s);
    EXPECT_FALSE(sim.records.empty());
    return sim.records.empty() ? CallRecord{} : sim.records.back();
  }
  Simulation sim;
  DeskPhone* desk = nullptr;
};

TEST_F(LoginRecord, OfARightPinIsAnsweredAndNamesThePerson) {
  sim.log_in_by_code(*desk, "101");
  sim.run_for(5s);
  ASSERT_FALSE(sim.records.empty());
  const CallRecord& record = sim.records.back();
  EXPECT_EQ(record.outcome, CallOutcome::answered);
  EXPECT_EQ(record.to, "*77*101*");
  EXPECT_EQ(record.to_name, "Person 101");
}

TEST_F(LoginRecord, OfWrongPinsIsRefused) {
  const CallRecord record = of("*77*101*", {"000111#", "000112#", "000113#"});
  EXPECT_EQ(record.outcome, CallOutcome::refused);
  EXPECT_EQ(record.to, "*77*101*");
  EXPECT_EQ(record.to_name, "Person 101");
}

TEST_F(LoginRecord, OfNoPinAtAllIsCancelled) { EXPECT_EQ(of("*77*101*", {}).outcome, CallOutcome::cancelled); }

// Where the number is typed behind the code; what is no extension may be a PIN, and is written nowhere.
TEST_F(LoginRecord, NamesWhoWasTypedOnlyWhereThereIsSuchAnExtension) {
  const CallRecord named = of("*77*", {"102#", "000111#"});
  EXPECT_EQ(named.outcome, CallOutcome::refused);
  EXPECT_EQ(named.to, "*77*102*");
  EXPECT_EQ(named.to_name, "Person 102");
  const CallRecord unnamed = of("*77*", {"739154#", "000111#"});
  EXPECT_EQ(unnamed.outcome, CallOutcome::refused);
  EXPECT_EQ(unnamed.to, "*77*");
  EXPECT_EQ(unnamed.to_name.find("739154"), std::string::npos);
}

}  // namespace
}  // namespace roamdesk::sim

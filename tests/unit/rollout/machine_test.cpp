#include "pbx-core/rollout/machine.hpp"

#include <gmock/gmock.h>

#include "fleet.hpp"

namespace roamdesk::rollout::test {
namespace {

using testing::HasSubstr;

TEST(Rollout, OfTwoHundredBranchesLeavesNoPhoneUnreachableForTenSeconds) {
  Fleet fleet{200, 5};
  int i = 0;
  for (auto& [name, site] : fleet.sites) {  // all kinds of lines and machines
    site.fetch = std::chrono::seconds{5 + i % 300};
    site.restart = std::chrono::seconds{1 + i % 5};
    site.registers = std::chrono::seconds{i % 3};
    ++i;
  }
  std::vector<std::size_t> done_at_wave;
  Wave wave = Wave::one;
  fleet.pass(24h, [&] {
    if (fleet.rollout.wave != wave) done_at_wave.push_back(fleet.count(RolloutStep::done));
    wave = fleet.rollout.wave;
    return fleet.rollout.state != RolloutState::running;
  });
  EXPECT_EQ(fleet.rollout.state, RolloutState::ended);
  EXPECT_EQ(fleet.count(RolloutStep::done), 200u);
  EXPECT_EQ(done_at_wave, (std::vector<std::size_t>{1, 21})) << "one, then a tenth, then the rest";
  EXPECT_LE(fleet.most_under_way, most_at_once);
  for (const auto& [name, site] : fleet.sites) {
    EXPECT_LT(site.worst, 10s) << name;
    EXPECT_EQ(site.restarts, 1) << name;
  }
}

TEST(Rollout, OfABadVersionStopsAtTheFirstBranch) {
  Fleet fleet{200};
  for (auto& [name, site] : fleet.sites) site.bad = true;
  fleet.run();
  EXPECT_EQ(fleet.rollout.state, RolloutState::stopped);
  EXPECT_TRUE(fleet.rollout.failed);
  EXPECT_EQ(fleet.ordered.size(), 1u);
  EXPECT_EQ(fleet.count(RolloutStep::failed), 1u);
  EXPECT_EQ(fleet.rollout.why, fleet.first_ordered() + ": it didn't reach the core within two minutes");
  EXPECT_EQ(fleet.sites.at(fleet.first_ordered()).package->version, old_version);
  fleet.pass(2h);
  EXPECT_EQ(fleet.ordered.size(), 1u) << "nothing goes on by itself";
}

TEST(Rollout, StopsAtTheFirstFailureOfALaterWaveAndEndsWhatIsUnderWay) {
  Fleet fleet{100};
  fleet.sites.at("b1050").bad = true;
  fleet.run();
  EXPECT_EQ(fleet.rollout.state, RolloutState::stopped);
  EXPECT_THAT(fleet.rollout.why, HasSubstr("b1050: "));
  EXPECT_EQ(fleet.count(RolloutStep::failed), 1u);
  EXPECT_EQ(fleet.under_way(), 0u);
  EXPECT_GT(fleet.count(RolloutStep::waiting), 20u);
  fleet.resume();
  fleet.run();
  EXPECT_EQ(fleet.rollout.state, RolloutState::ended);
  EXPECT_EQ(fleet.count(RolloutStep::done), 99u);
}

TEST(Rollout, BeginsWithTheSmallestBranchThatHasPhones) {
  Fleet fleet{5, 10};
  fleet.sites.at("b1000").phones.clear();
  fleet.sites.at("b1003").phones.resize(2);
  fleet.pass(5s);
  EXPECT_EQ(fleet.first_ordered(), "b1003");
}

TEST(Rollout, WaitsForTheEndOfCallsAndLeavesOutWhereTheyNeverEnd) {
  Fleet fleet{3};
  fleet.sites.at("b1000").calls = 1;
  fleet.sites.at("b1001").calls = 1;
  fleet.pass(30min);
  EXPECT_EQ(fleet.count(RolloutStep::done), 1u);
  fleet.sites.at("b1001").calls = 0;
  fleet.run();
  EXPECT_EQ(fleet.rollout.state, RolloutState::ended);
  EXPECT_EQ(fleet.count(RolloutStep::done), 2u);
  EXPECT_EQ(fleet.branch("b1000").step, RolloutStep::left_out);
  EXPECT_EQ(fleet.branch("b1000").why, "there were calls for an hour");
  EXPECT_EQ(fleet.sites.at("b1000").restarts, 0);
  EXPECT_FALSE(fleet.rollout.failed);
}

TEST(Rollout, WithoutAnyBranchThatCanBeTriedStopsAndIsNoFailure) {
  Fleet fleet{3};
  for (auto& [name, site] : fleet.sites) site.calls = 2;
  fleet.run();
  EXPECT_EQ(fleet.rollout.state, RolloutState::stopped);
  EXPECT_FALSE(fleet.rollout.failed);
  EXPECT_EQ(fleet.orders, 0);
}

TEST(Rollout, OfABranchThatDisappearsStops) {
  Fleet fleet{10};
  for (auto& [name, site] : fleet.sites) site.vanishes = true;
  const auto began = fleet.now;
  fleet.run();
  EXPECT_EQ(fleet.rollout.state, RolloutState::stopped);
  EXPECT_THAT(fleet.rollout.why, HasSubstr("it hasn't come back with 1.1~deb12"));
  EXPECT_EQ(fleet.ordered.size(), 1u);
  EXPECT_LT(fleet.now - began, 10min);
}

TEST(Rollout, OfABranchThatSaysNothingAtAllStops) {
  Fleet fleet{10};
  for (auto& [name, site] : fleet.sites) site.deaf = true;
  fleet.run();
  EXPECT_THAT(fleet.rollout.why, HasSubstr("nothing has come of it"));
}

TEST(Rollout, LeavesOutABranchThatIsAway) {
  Fleet fleet{3};
  fleet.sites.at("b1002").connected = false;
  fleet.run();
  EXPECT_EQ(fleet.branch("b1002").step, RolloutStep::left_out);
  EXPECT_EQ(fleet.branch("b1002").why, "it wasn't connected for an hour");
  EXPECT_EQ(fleet.count(RolloutStep::done), 2u);
}

TEST(Rollout, LeavesOutWhatIsTooOldToKnowTheFrameAndNeverSendsItOne) {
  Fleet fleet{3};
  fleet.sites.at("b1000").package.reset();
  fleet.run();
  EXPECT_EQ(fleet.branch("b1000").step, RolloutStep::left_out);
  EXPECT_THAT(fleet.branch("b1000").why, HasSubstr("sbc 0.1.0 there can't be updated from here"));
  EXPECT_FALSE(fleet.ordered.contains("b1000"));
  EXPECT_EQ(fleet.rollout.state, RolloutState::ended);
}

TEST(Rollout, LeavesAloneWhatHasTheVersionOrANewerOneOrNoneIsServedFor) {
  Fleet fleet{5};
  fleet.sites.at("b1000").package->version = new_version;
  fleet.sites.at("b1001").package->version = "2.0~deb12";
  fleet.sites.at("b1002").package->version = "1.0~deb13";
  fleet.sites.at("b1003").package->architecture = "arm64";
  fleet.run();
  EXPECT_EQ(fleet.branch("b1000").step, RolloutStep::has_it);
  EXPECT_EQ(fleet.branch("b1001").why, "it has a newer version than the core serves");
  EXPECT_EQ(fleet.branch("b1002").why, "the core serves no package for Debian 13 on amd64");
  EXPECT_EQ(fleet.branch("b1003").why, "the core serves no package for Debian 12 on arm64");
  EXPECT_EQ(fleet.ordered, std::set<std::string>{"b1004"});
}

TEST(Rollout, GivesEachDebianAndArchitectureItsOwn) {
  Fleet fleet{2};
  fleet.rollout.versions = {"1.1~deb12 amd64", "1.1~deb13 arm64"};
  fleet.sites.at("b1001").package = Package{"1.0~deb13", "arm64"};
  fleet.run();
  EXPECT_EQ(fleet.sites.at("b1001").package->version, "1.1~deb13");
  EXPECT_EQ(fleet.count(RolloutStep::done), 2u);
}

TEST(Rollout, GoesOnAfterTheCoreWasRestartedAtAnyMoment) {
  for (int moment = 1; moment < 300; moment += 11) {
    Fleet fleet{12};
    fleet.pass(std::chrono::seconds{moment});
    fleet.restart_core();
    fleet.run();
    EXPECT_EQ(fleet.rollout.state, RolloutState::ended) << moment << ": " << fleet.rollout.why;
    EXPECT_EQ(fleet.count(RolloutStep::done), 12u) << moment;
    for (const auto& [name, site] : fleet.sites) EXPECT_EQ(site.restarts, 1) << name << " at " << moment;
  }
}

TEST(Rollout, StillHearsOfAFailureThatCameWhileTheCoreWasAway) {
  Fleet fleet{5};
  for (auto& [name, site] : fleet.sites) site.bad = true;
  fleet.pass(30s);
  fleet.restart_core();
  fleet.run();
  EXPECT_THAT(fleet.rollout.why, HasSubstr("it didn't reach the core"));
}

TEST(Rollout, StoppedByAnAdministratorAsksNobodyElseAndGoesOnWhenToldTo) {
  Fleet fleet{20};
  fleet.pass(30s);
  fleet.rollout.state = RolloutState::stopped;
  fleet.rollout.why = "admin";
  fleet.pass(2h);
  EXPECT_EQ(fleet.count(RolloutStep::done), 1u) << "what was under way ends as it ends";
  EXPECT_EQ(fleet.ordered.size(), 1u);
  EXPECT_FALSE(fleet.rollout.failed);
  fleet.resume();
  fleet.run();
  EXPECT_EQ(fleet.count(RolloutStep::done), 20u);
}

TEST(Rollout, StopsWherePhonesDoNotComeBack) {
  Fleet fleet{10, 4};
  for (auto& [name, site] : fleet.sites) site.lost_by_update = {site.phones.front()};
  fleet.run();
  EXPECT_TRUE(fleet.rollout.failed);
  EXPECT_THAT(fleet.rollout.why, HasSubstr("1 of 4 phones haven't come back: "));
  EXPECT_EQ(fleet.ordered.size(), 1u);
}

TEST(Rollout, OfFortyPhonesMayMissTwoThatWereUnplugged) {
  Fleet fleet{1, 40};
  Site& site = fleet.sites.begin()->second;
  site.lost_by_update = {site.phones[0], site.phones[1]};
  fleet.run();
  EXPECT_EQ(fleet.count(RolloutStep::done), 1u);
}

TEST(Rollout, StopsAtANewAlarmOrWhereNoCallGoesThrough) {
  {
    Fleet fleet{10};
    fleet.pass(60s, [&] { return fleet.count(RolloutStep::watched) > 0; });
    fleet.sites.at(fleet.first_ordered()).alarms = {"trunk_away sip"};
    fleet.run();
    EXPECT_THAT(fleet.rollout.why, HasSubstr("since then there is trunk_away sip"));
  }
  Fleet fleet{10};
  for (auto& [name, site] : fleet.sites) site.calls_failed = 7;  // before
  fleet.pass(60s, [&] { return fleet.count(RolloutStep::watched) > 0; });
  fleet.look();
  fleet.sites.at(fleet.first_ordered()).calls_failed += 3;
  fleet.run();
  EXPECT_THAT(fleet.rollout.why, HasSubstr("no call has gone through"));
}

TEST(Rollout, StopsWhereABranchIsGoneAgain) {
  Fleet fleet{10};
  fleet.pass(60s, [&] { return fleet.count(RolloutStep::watched) > 0; });
  fleet.sites.at(fleet.first_ordered()).connected = false;
  fleet.run();
  EXPECT_THAT(fleet.rollout.why, HasSubstr("is gone again"));
}

TEST(Rollout, DoesNotBelieveAnSbcThatSaysAnotherVersionThanItRuns) {
  {  // It says the new version in its hello, and is the same process.
    Fleet fleet{10};
    fleet.pass(10s);
    Site& liar = fleet.sites.at(fleet.first_ordered());
    liar.package->version = new_version;
    ++liar.connection;
    liar.at = Site::At::idle;
    fleet.run();
    EXPECT_THAT(fleet.rollout.why, HasSubstr("its program wasn't restarted"));
    EXPECT_EQ(fleet.ordered.size(), 1u) << "no other branch is touched on its word";
  }
  // It says that it is done, and goes on running the old one.
  Fleet fleet{10};
  fleet.pass(10s);
  Site& liar = fleet.sites.at(fleet.first_ordered());
  liar.at = Site::At::idle;
  liar.news->stage = UpdateStage::done;
  fleet.run();
  EXPECT_THAT(fleet.rollout.why, HasSubstr("it says that it is done, but what runs there is 1.0~deb12"));
}

TEST(Rollout, DoesNotCountABranchThatSaysItHadTheVersionAlreadyAsTheFirst) {
  Fleet fleet{10};
  fleet.sites.at("b1000").package->version = new_version;
  for (auto& [name, site] : fleet.sites) site.bad = true;
  fleet.run();
  EXPECT_EQ(fleet.count(RolloutStep::failed), 1u);
  EXPECT_EQ(fleet.ordered.size(), 1u);
}

TEST(Rollout, IsNotMovedByNewsOfABranchThatWasNotAskedOrOfAnotherOrder) {
  Fleet fleet{30};
  tunnel::UpdateNews forged;
  forged.order = fleet.rollout.id;
  forged.stage = UpdateStage::broken;
  forged.why = "stop it all";
  fleet.pass(5s);
  for (auto& [name, site] : fleet.sites)
    if (name != fleet.first_ordered()) site.news = forged;
  fleet.pass(60s);
  EXPECT_FALSE(fleet.rollout.failed) << "of branches that weren't asked";
  for (auto& [name, site] : fleet.sites) site.news.reset();
  forged.order = std::string(32, 'b');
  fleet.sites.at(fleet.first_ordered()).news = forged;
  fleet.pass(30s);
  EXPECT_FALSE(fleet.rollout.failed) << "of an order of before";
}

TEST(Rollout, StoresNoWordOfABranchThatIsNoLineOfText) {
  Fleet fleet{1};
  fleet.pass(10s);
  tunnel::UpdateNews news;
  news.order = fleet.rollout.id;
  news.stage = UpdateStage::failed;
  news.why = "\x1b[2J\r\n\xff<script>" + std::string(500, 'x');
  fleet.sites.begin()->second.news = news;
  fleet.look();
  EXPECT_EQ(fleet.branch("b1000").why.substr(0, 16), std::string{"?[2J"} + "???" + "<script>x");
  EXPECT_LE(fleet.branch("b1000").why.size(), 200u);
}

TEST(Rollout, TakesAnotherFirstBranchWhereOneRefuses) {
  Fleet fleet{5};
  fleet.sites.at("b1000").refuses = true;
  fleet.run();
  EXPECT_EQ(fleet.branch("b1000").step, RolloutStep::left_out);
  EXPECT_EQ(fleet.branch("b1000").why, "no key");
  EXPECT_EQ(fleet.count(RolloutStep::done), 4u);
}

TEST(Rollout, GoesOnWithoutABranchThatIsDeletedMeanwhile) {
  Fleet fleet{5};
  fleet.pass(10s);
  fleet.sites.at(fleet.first_ordered()).deleted = true;
  fleet.sites.at("b1004").deleted = true;
  fleet.run();
  EXPECT_EQ(fleet.rollout.state, RolloutState::ended);
  EXPECT_EQ(fleet.count(RolloutStep::left_out), 2u);
  EXPECT_EQ(fleet.count(RolloutStep::done), 3u);
}

TEST(Rollout, ThatHasEndedDoesNothing) {
  Fleet fleet{2};
  fleet.run();
  EXPECT_EQ(fleet.rollout.state, RolloutState::ended);
  EXPECT_TRUE(fleet.rollout.ended);
  const int orders = fleet.orders;
  fleet.sites.at("b1000").bad = true;
  fleet.pass(1h);
  EXPECT_EQ(fleet.orders, orders);
}

}  // namespace
}  // namespace roamdesk::rollout::test

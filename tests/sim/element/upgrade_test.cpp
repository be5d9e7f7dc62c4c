#include <gtest/gtest.h>

#include "exchange/element/handover_text.hpp"
#include "tests/sim/element/help.hpp"
#include "tests/sim/element/upstream_office.hpp"

// A core that is asked to end, and the next one: calls that are up go on, and all others are ended as after a crash.
namespace roamdesk::sim {
namespace {

class Upgrade : public testing::Test {
 protected:
  void SetUp() override {
    sim.add_extension("101");
    sim.add_extension("102");
    alice = &sim.add_desk(1, local_site());
    bob = &sim.add_desk(2, branch());
    sim.log_in(*alice, "101");
    sim.log_in(*bob, "102");
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*alice, "101") && sim.is_at_desk(*bob, "102"); }, 60s));
    sim.run_for(30s);
  }
  void they_talk() {
    call = alice->dial("102");
    ASSERT_TRUE(sim.run_until([&] { return alice->call(call) && alice->call(call)->up; }, 10s));
    sim.run_for(1s);
  }
  bool both_idle() const { return alice->idle() && bob->idle(); }
  bool both_talk() const { return alice->call(call) && alice->call(call)->up && !bob->idle(); }

  Simulation sim;
  DeskPhone* alice = nullptr;
  DeskPhone* bob = nullptr;
  std::string call;
};

TEST_F(Upgrade, CutsNoCall) {
  they_talk();
  sim.run_for(30s);
  const auto before = sim.element().calls();
  const auto ports = sim.element().rtp_ports_in_use();
  sim.upgrade_core();
  const auto after = sim.element().calls();
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after.front().id, before.front().id);
  EXPECT_EQ(after.front().from, before.front().from);
  EXPECT_EQ(after.front().to_peer, before.front().to_peer);
  EXPECT_EQ(after.front().since, before.front().since);
  EXPECT_EQ(sim.element().rtp_ports_in_use(), ports);
  sim.run_for(10min);
  EXPECT_TRUE(both_talk());
  EXPECT_EQ(sim.stored_dialogs(), 2u) << "after a crash they would get their BYE";
  EXPECT_TRUE(sim.records.empty());
  bob->hang_up();
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
  sim.run_for(1min);
  EXPECT_EQ(sim.stored_dialogs(), 0u);
  ASSERT_EQ(sim.records.size(), 1u);
  EXPECT_EQ(sim.records.front().from, "101");
  EXPECT_EQ(sim.records.front().to, "102");
  EXPECT_NEAR(static_cast<double>((sim.records.front().ended - *sim.records.front().answered).count()), 631'000, 2000);
  EXPECT_EQ(sim.element().rtp_ports_in_use(), 0u);
}

TEST_F(Upgrade, TellsNoPhoneAnything) {
  they_talk();
  const auto fetches = alice->fetches + bob->fetches;
  const auto resyncs = alice->resyncs + bob->resyncs;
  sim.upgrade_core();
  sim.run_for(1min);
  EXPECT_EQ(alice->fetches + bob->fetches, fetches);
  EXPECT_EQ(alice->resyncs + bob->resyncs, resyncs);
}

TEST_F(Upgrade, TwiceInARowCutsNoCallEither) {
  they_talk();
  sim.upgrade_core();
  sim.upgrade_core(0ms);
  sim.run_for(3s);  // as the phones are asked whether they are there
  sim.upgrade_core();
  sim.run_for(1min);
  EXPECT_TRUE(both_talk());
  alice->hang_up();
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
}

TEST_F(Upgrade, IsNoticedByAPhoneThatHangsUpMeanwhile) {
  for (const auto away : {200ms, 20000ms}) {
    they_talk();
    sim.after(sim.element().shut_down(sim.now()) ? 300ms : 100ms, [this] { alice->hang_up(); });
    sim.upgrade_core(away);
    EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 20s)) << away.count();
    EXPECT_TRUE(sim.element().calls().empty());
    sim.run_for(40s);
  }
}

TEST_F(Upgrade, AfterWhichACrashEndsTheCallAllTheSame) {
  they_talk();
  sim.upgrade_core();
  sim.run_for(1s);
  sim.restart_core();
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
}

TEST_F(Upgrade, EndsWhatCannotGoOn) {
  alice->dial("*77*102*");
  sim.run_for(2s);
  ASSERT_FALSE(alice->idle());
  sim.upgrade_core();
  EXPECT_TRUE(sim.run_until([&] { return alice->idle(); }, 5s));
  bob->habits.answers = false;
  alice->dial("102");
  ASSERT_TRUE(sim.run_until([&] { return !bob->idle(); }, 5s));
  sim.upgrade_core();
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
}

TEST_F(Upgrade, ThatTakesTooLongEndsCallsAtBothPhones) {
  they_talk();
  sim.upgrade_core(31s);
  EXPECT_TRUE(sim.element().calls().empty());
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
}

// What stands in the file when it is read: cut off, changed, of another version, and of yesterday.
TEST_F(Upgrade, BelievesNothingOfAFileThatIsNotWhole) {
  const std::vector<std::function<void(std::string&)>> changes{
      [](std::string& text) { text.clear(); },
      [](std::string& text) { text.pop_back(); },
      [](std::string& text) { text.resize(text.size() / 2); },
      [](std::string& text) { text += '\0'; },
      [](std::string& text) { text.replace(text.find('1'), 1, "2"); },
      [](std::string& text) { text = "roamdesk handover 1\n" + std::string(1000, '\xff'); },
      [](std::string& text) { text[text.find("BYE")] = 'X'; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    SCOPED_TRACE(i);
    they_talk();
    sim.upgrade_core(200ms, changes[i]);
    EXPECT_TRUE(sim.element().calls().empty());
    EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
    sim.run_for(10s);
  }
  they_talk();
  std::string yesterdays;
  sim.upgrade_core(200ms, [&](std::string& text) { yesterdays = text; });
  sim.run_for(1min);
  sim.upgrade_core(200ms, [&](std::string& text) { text = yesterdays; });
  EXPECT_TRUE(sim.element().calls().empty());
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
}

// Each byte of it, changed: the core starts, and either the call goes on whole or both phones hear its end.
TEST_F(Upgrade, SurvivesAFileOfWhichAnyByteIsAnother) {
  they_talk();
  const auto text = element::to_text(sim.element().hand_over(sim.now()));
  std::size_t taken = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const char flip : {'\x01', '\x20', '\x80'}) {
      auto changed = text;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      if (const auto handover = element::read_handover(changed)) {
        ++taken;
        EXPECT_LE(handover->calls.size(), 1u);
        EXPECT_TRUE(element::read_handover(element::to_text(*handover)));
      }
    }
  EXPECT_GT(taken, 0u) << "a letter of a display name, for one";
  for (std::size_t at = 19; at < text.size(); at += 211) {
    auto changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    sim.upgrade_core(200ms, [&](std::string& file) { file = file.size() == text.size() ? changed : file; });
    sim.run_for(40s);
    EXPECT_TRUE(both_talk() || both_idle()) << at;
    EXPECT_EQ(sim.element().calls().size(), both_talk() ? 1u : 0u) << at;
    if (!both_idle()) continue;
    sim.run_for(10s);
    they_talk();
  }
}

TEST_F(Upgrade, WaitsForALineThatIsDown) {
  they_talk();
  sim.line_down(branch());
  sim.upgrade_core();
  sim.run_for(15s);
  EXPECT_TRUE(both_talk());
  sim.line_up(branch());
  sim.run_for(1min);
  EXPECT_TRUE(both_talk());
  bob->hang_up();
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
}

TEST_F(Upgrade, LeavesNobodyInADeadCallWhoseLineIsDownForLong) {
  they_talk();
  sim.line_down(branch());
  sim.run_for(20s);  // it is known to be
  sim.upgrade_core();
  EXPECT_TRUE(sim.run_until([&] { return alice->idle(); }, 35s)) << "its party can't be reached";
  sim.run_for(3min);
  EXPECT_FALSE(bob->idle());
  sim.line_up(branch());
  EXPECT_TRUE(sim.run_until([&] { return bob->idle(); }, 5s));
  sim.run_for(1min);
  EXPECT_EQ(sim.stored_dialogs(), 0u);
}

TEST_F(Upgrade, LeavesACallWithATransferAndDigits) {
  sim.add_extension("103");
  auto& carol = sim.add_desk(3, local_site());
  sim.log_in(carol, "103");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(carol, "103"); }, 60s));
  they_talk();
  sim.upgrade_core();
  sim.run_for(1s);
  alice->press(call, "5");
  bob->transfer("103");
  EXPECT_TRUE(sim.run_until([&] { return bob->idle() && !carol.idle(); }, 10s));
  sim.run_for(5s);
  EXPECT_TRUE(alice->call(call) && alice->call(call)->up);
  carol.hang_up();
  EXPECT_TRUE(sim.run_until([&] { return both_idle() && carol.idle(); }, 5s));
}

TEST_F(Upgrade, KeepsLampsLitAndPutsThemOut) {
  sim.add_extension("104");
  const auto keys = [&] {
    auto& watcher = sim.add_desk(4, local_site());
    sim.log_in(watcher, "104");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(watcher, "104"); }, 60s));
    const auto found = keys_of(watcher);
    watcher.power_off();
    return found;
  }();
  Handset watcher{sim, local_site(), "10.0.0.77"};
  ASSERT_EQ(watcher.register_as(keys), 200);
  they_talk();
  ASSERT_EQ(watcher.subscribe(keys, "101"), 200);
  sim.run_for(1s);
  ASSERT_NE(watcher.lamp.find("confirmed"), std::string::npos);
  sim.upgrade_core();
  sim.run_for(10s);
  EXPECT_NE(watcher.lamp.find("confirmed"), std::string::npos);
  alice->hang_up();
  sim.run_for(2s);
  EXPECT_EQ(watcher.lamp.find("confirmed"), std::string::npos) << "without having asked again";
  // One that can't go on.
  bob->habits.answers = false;
  alice->dial("102");
  ASSERT_TRUE(sim.run_until([&] { return watcher.lamp.find("<state>early") != std::string::npos; }, 5s));
  sim.upgrade_core();
  sim.run_for(2s);
  EXPECT_EQ(watcher.lamp.find("<state>early"), std::string::npos) << watcher.lamp;
}

class UpgradeOutside : public Help {};
INSTANTIATE_TEST_SUITE_P(Everywhere, UpgradeOutside, testing::ValuesIn(everywhere),
                         [](const auto& place) { return place.param.name; });

TEST_P(UpgradeOutside, CutsNoCallForHelp) {
  const auto call = desks[0]->dial("112");
  ASSERT_TRUE(is_up(*desks[0], call));
  sim.run_for(2s);
  const auto told = sim.emergencies.size();
  ASSERT_EQ(told, 1u);
  sim.upgrade_core();
  sim.run_for(2min);
  EXPECT_TRUE(desks[0]->call(call) && desks[0]->call(call)->up);
  EXPECT_TRUE(hung_up().empty());
  EXPECT_EQ(sim.emergencies.size(), told) << "it was told of once";
  ASSERT_EQ(sim.element().calls().size(), 1u);
  EXPECT_TRUE(sim.element().calls().front().help);
  EXPECT_TRUE(sim.element().place_of(sim.element().calls().front()));
  desks[0]->hang_up();
  sim.run_for(10s);
  EXPECT_EQ(hung_up().size(), 1u);
  ASSERT_EQ(sim.records.size(), 1u);
  EXPECT_TRUE(sim.records.front().emergency);
  EXPECT_EQ(sim.records.front().trunk, "provider");
  EXPECT_EQ(call_back("+4930555001"), 200) << "help calls back";
}

TEST_P(UpgradeOutside, CutsNoCallOverATrunkAndCountsItOnce) {
  trunk.calls = 1;
  sim.put_trunk(trunk);
  sim.run_for(3s);
  log_in(*desks[0], "101");
  log_in(*desks[1], "102");
  const auto call = desks[0]->dial("030999");
  ASSERT_TRUE(is_up(*desks[0], call));
  sim.run_for(2s);
  sim.upgrade_core();
  sim.run_for(20s);
  EXPECT_TRUE(desks[0]->call(call) && desks[0]->call(call)->up);
  EXPECT_TRUE(hung_up().empty());
  EXPECT_EQ(outcome(*desks[1], desks[1]->dial("030888")), 486) << "the trunk's one line is taken";
  desks[0]->hang_up();
  sim.run_for(5s);
  EXPECT_EQ(hung_up().size(), 1u);
  EXPECT_TRUE(is_up(*desks[1], desks[1]->dial("030888"))) << "and free again";
}

// Of two accounts, whose numbers are other ones in each process.
class UpgradeUpstream : public UpstreamOffice {};
INSTANTIATE_TEST_SUITE_P(Everywhere, UpgradeUpstream, testing::Values("local", "branch-1"));

TEST_P(UpgradeUpstream, CutsNoCallByAnAccount) {
  ASSERT_EQ(call_account("101"), 200);
  sim.run_for(2s);
  ASSERT_EQ(sim.element().calls().size(), 1u);
  sim.upgrade_core();
  sim.run_for(1min);
  ASSERT_EQ(sim.element().calls().size(), 1u);
  EXPECT_FALSE(desk->idle());
  hang_up(*desk);
  sim.run_for(5s);
  EXPECT_TRUE(sim.element().calls().empty());
  ASSERT_EQ(sim.records.size(), 1u);
  EXPECT_EQ(sim.records.front().trunk, "old-pbx");
}

// A trunk that went away between the two processes has no calls any more.
TEST_P(UpgradeUpstream, EndsACallWhoseAccountHasGone) {
  ASSERT_EQ(call_account("101"), 200);
  sim.run_for(2s);
  sim.upgrade_core(200ms, [](std::string& text) {
    for (auto at = text.find("101"); at != std::string::npos; at = text.find("101", at + 1))
      if (text.compare(at - 8, 8, std::string{"\0\0\0\0\0\0\0\3", 8}) == 0) text[at + 2] = '9';
  });
  EXPECT_TRUE(sim.element().calls().empty());
  EXPECT_TRUE(sim.run_until([&] { return desk->idle(); }, 5s));
}

}  // namespace
}  // namespace roamdesk::sim

#include <sys/stat.h>

#include "door_and_branch.hpp"

// The core asks a branch to update, through the tunnel; what then becomes of it there is written by hand.
namespace roamdesk::door {
namespace {

struct UpdateOverTheTunnel : DoorAndBranch {
  void begin() {
    open_branch();
    ASSERT_TRUE(until([&] { return info().connected; }));
  }
  SbcInfo info() const { return door->sbc("branch-1").value_or(SbcInfo{}); }
  std::optional<tunnel::UpdateStage> stage() const {
    const auto last = info().update;
    return last ? std::optional{last->stage} : std::nullopt;
  }
  void ask(const std::string& version = "1.1~deb12") {
    tunnel::UpdateOrder order;
    order.order = std::string(32, 'a');
    order.version = version;
    door->update("branch-1", order);
  }
  void tell(const std::string& stage) {
    std::ofstream{dir / "update-result"} << "order " << std::string(32, 'a') << "\nstage " << stage << "\nwhy \n";
  }
  bool is_asked() const { return std::filesystem::exists(dir / "update-request"); }
};

TEST_F(UpdateOverTheTunnel, ABranchSaysItsPackageAndAnotherInstanceAfterEachStart) {
  package = Package{"1.0~deb12", "amd64"};
  begin();
  EXPECT_EQ(info().package, package);
  EXPECT_EQ(info().version, "sbc " ROAMDESK_VERSION);
  const auto program = info().instance;
  EXPECT_EQ(program.size(), 32u);
  branch.reset();
  package->version = "1.1~deb12";
  open_branch();
  ASSERT_TRUE(until([&] { return info().connected && info().package == package; }));
  EXPECT_NE(info().instance, program);
}

TEST_F(UpdateOverTheTunnel, OneThatWasNotInstalledByAPackageSaysNone) {
  begin();
  EXPECT_FALSE(info().package);
}

TEST_F(UpdateOverTheTunnel, AnOrderBecomesARequestAndItsNewsComeBack) {
  package = Package{"1.0~deb12", "amd64"};
  begin();
  ask();
  ASSERT_TRUE(until([&] { return stage() == tunnel::UpdateStage::accepted; }));
  EXPECT_TRUE(is_asked());
  std::filesystem::remove(dir / "update-request");
  tell("installing");
  ASSERT_TRUE(until([&] { return stage() == tunnel::UpdateStage::installing; }));
  // The new program says nothing by itself; asked again, it says how that ended.
  branch.reset();
  open_branch();
  tell("done");
  ASSERT_TRUE(until([&] { return info().connected && core.fresh_connections == 2; }));
  ask();
  ASSERT_TRUE(until([&] { return stage() == tunnel::UpdateStage::done; }));
  EXPECT_FALSE(is_asked());
}

TEST_F(UpdateOverTheTunnel, WhatIsNoVersionIsRefusedThereToo) {
  package = Package{"1.0~deb12", "amd64"};
  begin();
  ask("-oAPT::Update::Pre-Invoke::=id");
  ASSERT_TRUE(until([&] { return stage() == tunnel::UpdateStage::refused; }));
  EXPECT_FALSE(is_asked());
}

}  // namespace
}  // namespace roamdesk::door

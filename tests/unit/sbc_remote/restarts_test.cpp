#include "sbc/remote/restarts.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "common/log/log.hpp"

namespace roamdesk::sbc {
namespace {
using namespace std::chrono_literals;
using tunnel::RestartKind;

struct SbcRestarts : testing::Test {
  std::filesystem::path dir = std::filesystem::temp_directory_path() / ("roamdesk_restart_" + std::to_string(getpid()));
  int ended = 0, asked = 0;
  TimePoint now{1h};
  bool supervised = true;

  SbcRestarts() {
    log::set_sink([](std::string_view) {});
    std::filesystem::create_directories(dir);
    std::ofstream{dir / "sbc-reboot"} << "#!/bin/sh\n";
  }
  ~SbcRestarts() override {
    log::set_sink(nullptr);
    std::filesystem::remove_all(dir);
  }
  Restarts restarts() {
    return Restarts{{dir / "reboot-request", dir / "sbc-reboot", supervised, [this] { ++ended; }}};
  }
  tunnel::RestartOrder order(RestartKind kind = RestartKind::program, bool during_calls = false) {
    tunnel::RestartOrder made;
    made.order = std::string(31, 'a') + std::to_string(asked++);
    made.kind = kind;
    made.during_calls = during_calls;
    return made;
  }
  bool requested() const { return std::filesystem::exists(dir / "reboot-request"); }
};

TEST_F(SbcRestarts, EndTheProgramAndSayThatTheyDo) {
  auto all = restarts();
  EXPECT_TRUE(all.handle(order(), 0, now).accepted);
  EXPECT_EQ(ended, 1);
  EXPECT_FALSE(requested());
}

TEST_F(SbcRestarts, AskForTheMachinesAndLeaveTheProgramRunning) {
  auto all = restarts();
  EXPECT_TRUE(all.handle(order(RestartKind::machine), 0, now).accepted);
  EXPECT_EQ(ended, 0);
  EXPECT_TRUE(requested());
}

TEST_F(SbcRestarts, WaitForCallsUnlessToldNotTo) {
  auto all = restarts();
  for (const auto kind : {RestartKind::program, RestartKind::machine})
    EXPECT_EQ(all.handle(order(kind), 2, now).why, "the branch has calls");
  EXPECT_EQ(ended, 0);
  EXPECT_FALSE(requested());
  EXPECT_TRUE(all.handle(order(RestartKind::program, true), 2, now).accepted);
}

TEST_F(SbcRestarts, CarryOutNoOrderTwice) {
  auto all = restarts();
  const auto once = order();
  EXPECT_TRUE(all.handle(once, 0, now).accepted);
  EXPECT_EQ(all.handle(once, 0, now).why, "this order was carried out already");
  EXPECT_EQ(ended, 1);
}

TEST_F(SbcRestarts, AreBounded) {
  auto all = restarts();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(all.handle(order(RestartKind::machine), 0, now).accepted);
  EXPECT_NE(all.handle(order(RestartKind::machine), 0, now).why.find("within an hour"), std::string::npos);
  now += 20min;
  EXPECT_TRUE(all.handle(order(), 0, now).accepted);
}

TEST_F(SbcRestarts, RefuseWhatNothingWouldBringBack) {
  supervised = false;
  auto all = restarts();
  EXPECT_NE(all.handle(order(), 0, now).why.find("systemd"), std::string::npos);
  std::filesystem::remove(dir / "sbc-reboot");
  EXPECT_FALSE(all.handle(order(RestartKind::machine), 0, now).accepted);
  EXPECT_EQ(ended, 0);
  EXPECT_FALSE(requested());
}

TEST_F(SbcRestarts, TakeNoJunkForAnOrder) {
  auto all = restarts();
  auto junk = order();
  for (const char* word : {"", "../../etc/passwd", "; reboot", "ABCDEF"}) {
    junk.order = word;
    EXPECT_FALSE(all.handle(junk, 0, now).accepted);
  }
  EXPECT_EQ(ended, 0);
}

TEST_F(SbcRestarts, LeaveNoRequestForALaterDay) {
  auto all = restarts();
  all.handle(order(RestartKind::machine), 0, now);
  all.look(now + 59s);
  EXPECT_TRUE(requested());
  all.look(now + 61s);
  EXPECT_FALSE(requested());
}

TEST_F(SbcRestarts, WriteThroughNoLink) {
  std::ofstream{dir / "precious"} << "precious";
  std::filesystem::create_symlink(dir / "precious", dir / "reboot-request");
  auto all = restarts();
  EXPECT_TRUE(all.handle(order(RestartKind::machine), 0, now).accepted);
  EXPECT_EQ(std::filesystem::file_size(dir / "precious"), 8u);
  EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(dir / "reboot-request")));
}

}  // namespace
}  // namespace roamdesk::sbc

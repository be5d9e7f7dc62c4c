#include "door_and_branch.hpp"
#include "pbx-core/door/asked.hpp"

// An SBC that is run from the core, through the tunnel.
namespace roamdesk::door {
namespace {

struct RunFromTheCore : DoorAndBranch {
  std::vector<sbc::KeptSettings::Values> applied;
  int ended = 0;

  RunFromTheCore() {
    change = [this](sbc::Branch::Options& options) {
      options.apply = [this](const auto& values) { applied.push_back(values); };
      options.restarts = {{}, dir / "sbc-reboot", true, [this] { ++ended; }};
    };
  }
  SbcInfo info() const { return door->sbc("branch-1").value_or(SbcInfo{}); }
  void begin() {
    open_branch();
    ASSERT_TRUE(until([&] { return info().connected && info().uses; }));
  }
  std::pair<std::optional<std::string>, std::string> report(tunnel::ReportKind kind, std::uint16_t lines = 100) {
    tunnel::ReportOrder order;
    order.order = crypto::random_hex(16);
    order.kind = kind;
    order.lines = lines;
    std::optional<std::pair<std::optional<std::string>, std::string>> said;
    door->report("branch-1", order, [&](auto bytes, auto why) { said.emplace(std::move(bytes), std::move(why)); });
    EXPECT_TRUE(until([&] { return said.has_value(); }));
    return said.value_or(std::pair<std::optional<std::string>, std::string>{});
  }
  std::string restart(tunnel::RestartKind kind) {
    tunnel::RestartOrder order;
    order.order = crypto::random_hex(16);
    order.kind = kind;
    std::optional<std::string> said;
    door->restart("branch-1", order, [&](std::string why) { said = std::move(why); });
    EXPECT_TRUE(until([&] { return said.has_value(); }));
    return said.value_or("never answered");
  }
};

TEST_F(RunFromTheCore, AnSbcSaysWhatItUsesAndTakesWhatIsWished) {
  begin();
  EXPECT_TRUE(info().is_run_from_core);
  EXPECT_EQ(info().version, "sbc " ROAMDESK_VERSION) << "the mark is no part of the version";
  EXPECT_EQ(info().uses->rtp_dscp, 46);
  core.sbc->wishes = {LogLevel::debug, 24, std::nullopt};
  door->configure(*core.sbc);
  ASSERT_TRUE(until([&] { return info().uses->sip_dscp == 24; }));
  EXPECT_EQ(info().uses->log_level, 0);
  EXPECT_EQ(info().uses->rtp_dscp, 46);
  EXPECT_EQ(applied.back().log.level, log::Level::debug);
}

TEST_F(RunFromTheCore, AnSbcThatWasAwayIsToldWhenItComes) {
  core.sbc->wishes.rtp_dscp = 34;
  begin();
  ASSERT_TRUE(until([&] { return info().uses->rtp_dscp == 34; }));
  branch.reset();
  applied.clear();
  begin();
  EXPECT_EQ(applied.at(0).rtp_dscp, 34) << "and keeps it over a restart, before it has a core";
}

TEST_F(RunFromTheCore, ItsLogAndItsDiagnosisComeWithoutSecrets) {
  begin();
  const auto log = report(tunnel::ReportKind::log);
  ASSERT_TRUE(log.first) << log.second;
  const auto diagnosis = report(tunnel::ReportKind::diagnosis);
  ASSERT_TRUE(diagnosis.first) << diagnosis.second;
  EXPECT_THAT(*diagnosis.first, testing::AllOf(HasSubstr("connected: yes"), HasSubstr("name: branch-1"),
                                               HasSubstr("== configuration"), HasSubstr("address: lo 127.0.0.1")));
  EXPECT_THAT(*diagnosis.first, testing::Not(HasSubstr(key.reveal())));
  EXPECT_THAT(*diagnosis.first, testing::Not(HasSubstr("PRIVATE KEY")));
}

TEST_F(RunFromTheCore, ItRestartsWhenAskedAndItsMachineWhereThatIsThere) {
  begin();
  EXPECT_EQ(restart(tunnel::RestartKind::program), "");
  EXPECT_EQ(ended, 1);
  EXPECT_THAT(restart(tunnel::RestartKind::machine), HasSubstr("The SBC refuses: "));
  std::ofstream{dir / "sbc-reboot"} << "#!/bin/sh\n";
  EXPECT_EQ(restart(tunnel::RestartKind::machine), "");
  EXPECT_TRUE(std::filesystem::exists(dir / "reboot-request"));
}

TEST_F(RunFromTheCore, OneThatIsAwayIsNotAsked) {
  EXPECT_THAT(report(tunnel::ReportKind::log).second, HasSubstr("isn't connected"));
  EXPECT_THAT(restart(tunnel::RestartKind::program), HasSubstr("isn't connected"));
}

// ---- what an SBC owes, and no other
struct Owed : testing::Test {
  asio::io_context io;
  std::shared_ptr<Asked> asked = std::make_shared<Asked>(io, 20ms);
  std::optional<std::string> bytes, why, restarted;
  TimePoint at{1h};

  bool begin(const std::string& order = "a") {
    bytes.reset();
    why.reset();
    return asked->begin_report(
        order,
        [this](auto b, auto w) {
          bytes = std::move(b);
          why = std::move(w);
        },
        at);
  }
  void say(const std::string& order, std::string text, bool last, const std::string& refusal = "") {
    tunnel::ReportPart part;
    part.order = order;
    part.last = last;
    part.why = refusal;
    part.bytes = std::move(text);
    asked->handle(part);
  }
};

TEST_F(Owed, AReportIsItsPieces) {
  EXPECT_TRUE(begin());
  say("a", "one ", false);
  EXPECT_FALSE(why);
  say("a", "two", true);
  EXPECT_EQ(bytes, "one two");
}

TEST_F(Owed, WhatNobodyAskedForIsNothing) {
  say("a", "unasked", true);
  EXPECT_TRUE(begin());
  say("b", "of another order", true);
  EXPECT_FALSE(why);
  say("a", "", true, "no");
  EXPECT_EQ(why, "The SBC refuses: no");
  say("a", "too late", true);
  EXPECT_FALSE(bytes);
}

TEST_F(Owed, AFloodEndsIt) {
  EXPECT_TRUE(begin());
  for (int i = 0; i < 40; ++i) say("a", std::string(8192, 'x'), false);
  EXPECT_THAT(*why, HasSubstr("more than it may"));
}

TEST_F(Owed, SilenceAndDepartureEndIt) {
  EXPECT_TRUE(begin());
  io.run_for(1s);
  EXPECT_THAT(why.value_or(""), HasSubstr("hasn't answered"));
  EXPECT_TRUE(begin());
  EXPECT_TRUE(asked->begin_restart("r", [this](std::string w) { restarted = std::move(w); }));
  asked->clear();
  EXPECT_THAT(*why, HasSubstr("went away"));
  EXPECT_THAT(*restarted, HasSubstr("isn't known"));
}

TEST_F(Owed, AreOneAtATimeAndSixAMinute) {
  EXPECT_TRUE(begin());
  EXPECT_FALSE(begin("b"));
  say("a", "", true);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(begin());
    say("a", "", true);
  }
  EXPECT_FALSE(begin());
  EXPECT_THAT(*why, HasSubstr("six times"));
  at += 10s;
  EXPECT_TRUE(begin());
}

TEST_F(Owed, ARestartsAnswerIsOfItsOrder) {
  EXPECT_TRUE(asked->begin_restart("r", [this](std::string w) { restarted = std::move(w); }));
  EXPECT_FALSE(asked->begin_restart("s", [](const std::string&) {}));
  tunnel::RestartNews news;
  news.order = "another";
  news.accepted = true;
  asked->handle(news);
  EXPECT_FALSE(restarted);
  news.order = "r";
  asked->handle(news);
  EXPECT_EQ(restarted, "");
}

}  // namespace
}  // namespace roamdesk::door

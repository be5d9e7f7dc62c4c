#include "fixture.hpp"

// SBCs that are run from the console.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class RemoteTest : public AdministrationTest {
 protected:
  RemoteTest() {
    have(PutSbc{{"branch-1", "Europe/Berlin", "serial", "", {}}});
    auto& info = infos_["branch-1"];
    info.name = "branch-1";
    info.connected = info.is_run_from_core = true;
    info.version = "sbc 0.1.0";
    info.rtt = std::chrono::milliseconds{20};
    info.loss = 0.01;
  }
  api::Answer answer_to_report() {
    return answer_to([&](auto& a, auto done) {
      a.report_of_sbc("branch-1", tunnel::ReportKind::log, 7, by("sbc.log_taken"), done);
    });
  }
  api::Answer answer_to_restart() {
    return answer_to([&](auto& a, auto done) {
      a.restart_sbc("branch-1", tunnel::RestartKind::machine, false, by("sbc.rebooted"), done);
    });
  }
  std::size_t audited() const { return stored_.empty() ? 0 : count<AppendAudit>(stored_[0]); }
  void run(std::chrono::seconds time) {
    for (auto left = time; left.count() > 0; left -= std::chrono::seconds{5}) {
      now_.mono += std::chrono::seconds{5};
      now_.wall += std::chrono::seconds{5};
      administration_ptr()->sample();
      store_everything();
    }
  }
};

TEST_F(RemoteTest, AReportIsAskedForOnceItIsInTheAudit) {
  std::optional<std::string> text;
  administration_ptr()->report_of_sbc("branch-1", tunnel::ReportKind::log, 7, by("sbc.log_taken"),
                                      [&](const api::Answer&, std::string said) { text = std::move(said); });
  EXPECT_TRUE(reported_.empty()) << "not before";
  store_everything();
  ASSERT_EQ(reported_.size(), 1u);
  EXPECT_EQ(reported_[0].second.lines, 7);
  EXPECT_EQ(text, "its log\n");
  EXPECT_EQ(audited(), 1u);
}

TEST_F(RemoteTest, WhereTheAuditCannotBeWrittenNothingIsAsked) {
  const auto asked = ask([&](auto& a, auto done) {
    a.restart_sbc("branch-1", tunnel::RestartKind::program, false, by("sbc.restarted"), done);
  });
  store_next(false);
  EXPECT_EQ(asked->outcome(), Outcome::unavailable);
  EXPECT_TRUE(restarted_.empty());
}

TEST_F(RemoteTest, OneThatIsAwayTooOldOrNotThereSaysSoInWords) {
  infos_["branch-1"].is_run_from_core = false;
  EXPECT_THAT(answer_to_report().message, HasSubstr("too old for this (sbc 0.1.0)"));
  EXPECT_EQ(answer_to_restart().outcome, Outcome::clash);
  infos_["branch-1"].connected = false;
  EXPECT_THAT(answer_to_restart().message, HasSubstr("isn't connected"));
  infos_.clear();
  EXPECT_THAT(answer_to_report().message, HasSubstr("isn't connected"));
  have(DeleteSbc{"branch-1"});
  EXPECT_EQ(answer_to_restart().outcome, Outcome::unknown);
  EXPECT_TRUE(reported_.empty());
  EXPECT_TRUE(restarted_.empty());
}

TEST_F(RemoteTest, ARestartIsDoneWhenTheSbcSaysSo) {
  EXPECT_EQ(answer_to_restart().outcome, Outcome::ok);
  ASSERT_EQ(restarted_.size(), 1u);
  EXPECT_EQ(restarted_[0].second.kind, tunnel::RestartKind::machine);
  EXPECT_EQ(audited(), 1u);
  restart_refused_ = "The SBC refuses: the branch has calls";
  const auto refused = answer_to_restart();
  EXPECT_EQ(refused.outcome, Outcome::clash);
  EXPECT_EQ(refused.message, restart_refused_);
}

TEST_F(RemoteTest, NoOrderIsLikeAnother) {
  answer_to_restart();
  answer_to_restart();
  EXPECT_NE(restarted_.at(0).second.order, restarted_.at(1).second.order);
}

TEST_F(RemoteTest, SettingsGoToTheSbcAndItsPhonesHearNothingOfThem) {
  const auto set = [&](SbcWishes wishes) {
    return answer_to([&](auto& a, auto done) {
      a.change(
          [wishes](const Directory& directory) -> api::Domain::Decision {
            Sbc sbc = *directory.sbc("branch-1");
            sbc.wishes = wishes;
            return Changes{PutSbc{sbc}};
          },
          by("sbc.changed"), done);
    });
  };
  EXPECT_EQ(set({LogLevel::debug, 24, std::nullopt}).outcome, Outcome::ok);
  ASSERT_EQ(configured_.size(), 1u);
  EXPECT_EQ(configured_[0].wishes.sip_dscp, 24);
  // Before and after.
  const auto& record = std::get<AppendAudit>(stored_.at(0).back()).record;
  ASSERT_EQ(record.changes.size(), 2u);
  EXPECT_EQ(record.changes[0].field, "log_level");
  EXPECT_EQ(record.changes[0].to, "debug");
  const auto view = administration_ptr()->sbc("branch-1");
  EXPECT_EQ(view->record.wishes.log_level, LogLevel::debug);
  EXPECT_FALSE(view->uses) << "it hasn't said";
  infos_["branch-1"].uses = tunnel::SettingsNews{};
  EXPECT_TRUE(administration_ptr()->sbc("branch-1")->uses);
}

TEST_F(RemoteTest, ALinesMonthIsKeptEveryTwoHoursAndOutlivesTheCore) {
  run(std::chrono::hours{4});
  const auto day = administration_ptr()->line_past("branch-1", false);
  EXPECT_EQ(day->points.size(), 49u);
  ASSERT_EQ(directory().all<LineMonth>().size(), 1u);
  infos_.clear();
  run(std::chrono::hours{2});
  const auto month = administration_ptr()->line_past("branch-1", true);
  ASSERT_EQ(month->points.size(), 4u);
  EXPECT_NEAR(*month->points[0].rtt_ms, 20, 1e-9);
  EXPECT_NEAR(month->points[3].up, 0, 1e-9);
  EXPECT_FALSE(administration_ptr()->line_past("branch-2", true));
}

TEST_F(RemoteTest, WithTheSbcGoesWhatIsKnownOfItsLine) {
  run(std::chrono::hours{3});
  ASSERT_EQ(directory().all<LineMonth>().size(), 1u);
  have(DeleteSbc{"branch-1"});
  run(std::chrono::seconds{5});
  EXPECT_TRUE(directory().all<LineMonth>().empty());
}

TEST_F(RemoteTest, OneThatWasNeverThereHasNoPast) {
  have_sbc("new");
  run(std::chrono::hours{3});
  EXPECT_TRUE(administration_ptr()->line_past("new", false)->points.empty());
  EXPECT_FALSE(directory().all<LineMonth>().contains("new"));
}

}  // namespace
}  // namespace roamdesk::test

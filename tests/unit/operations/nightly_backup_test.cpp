#include "pbx-core/operations/nightly_backup.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "pbx-core/backup/nightly.hpp"
#include "tests/unit/store/fixture.hpp"

namespace roamdesk::core {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

// 02:30 in Nicosia, UTC+2 in winter.
const WallTime strike{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} + 30min};

class NightlyBackupTest : public testing::Test {
 protected:
  NightlyBackupTest() {
    fs::create_directories(state());
    fs::create_directories(folder());
    config_.state_dir = state();
    config_.backup = Config::Backup{.directory = folder()};
    store::Store{{.file = state() / "store.sqlite", .vfs = {}}};
    begin();
  }
  void begin() {
    nightly_.reset();
    nightly_ = std::make_unique<NightlyBackup>(config_, io_, [this](const auto& done) { done_.push_back(done); });
  }
  // What came of the clock's saying `now`.
  std::size_t look(WallTime now) {
    nightly_->check(now);
    nightly_->wait();
    return done_.size();
  }
  fs::path state() const { return top_.path() / "state"; }
  fs::path folder() const { return top_.path() / "backups"; }

  test::TemporaryDirectory top_;
  Config config_;
  boost::asio::io_context io_;
  std::vector<NightlyBackup::Done> done_;
  std::unique_ptr<NightlyBackup> nightly_;
};

TEST_F(NightlyBackupTest, ComesEachNightOnce) {
  EXPECT_EQ(look(strike - 10h), 1u) << "there was none: at once";
  EXPECT_EQ(look(strike - 1min), 1u);
  EXPECT_EQ(look(strike), 2u);
  for (auto now = strike + 30s; now < strike + 24h; now += 10min) EXPECT_EQ(look(now), 2u);
  EXPECT_EQ(look(strike + 24h), 3u);
  EXPECT_EQ(nightly_->view(strike + 25h).files.size(), 3u);
  EXPECT_EQ(nightly_->view(strike + 25h).plan->next, strike + 48h);
}

TEST_F(NightlyBackupTest, ThatWasMissedIsMadeAtTheNextStartAndOneThatWasntIsNot) {
  look(strike);
  begin();
  EXPECT_EQ(look(strike + 23h), 1u);
  begin();
  EXPECT_EQ(look(strike + 30h), 2u);
}

TEST_F(NightlyBackupTest, OfTheFutureSaysNothingOfLastNight) {
  look(strike + 24h * 365);
  begin();
  EXPECT_EQ(look(strike), 2u);
}

TEST_F(NightlyBackupTest, ThatFailsIsSaidAndTriedAgainEveryHour) {
  look(strike);
  fs::rename(folder(), top_.path() / "away");
  EXPECT_EQ(look(strike + 24h), 2u);
  EXPECT_THAT(done_.back().fault, testing::HasSubstr(folder().string()));
  EXPECT_EQ(nightly_->view(strike + 24h).fault->at, strike + 24h);
  EXPECT_EQ(look(strike + 24h + 59min), 2u);
  EXPECT_EQ(look(strike + 25h), 3u);
  fs::rename(top_.path() / "away", folder());
  EXPECT_EQ(look(strike + 26h), 4u);
  EXPECT_EQ(done_.back().fault, "");
  EXPECT_FALSE(nightly_->view(strike + 26h).fault);
}

TEST_F(NightlyBackupTest, IsntBegunWhereThereIsNoRoomAndSaysWhere) {
  look(strike);
  EXPECT_FALSE(done_.back().full);
  std::ofstream{state() / "prompts"} << "x";
  fs::resize_file(state() / "prompts", std::uintmax_t{8} << 40);  // a hole, larger than any disk
  EXPECT_EQ(look(strike + 24h), 2u);
  ASSERT_TRUE(done_.back().full);
  EXPECT_EQ(done_.back().full->path, folder().string());
  EXPECT_THAT(done_.back().full->figures, testing::HasSubstr("MB are needed"));
  EXPECT_THAT(nightly_->view(strike + 24h).fault->why, testing::HasSubstr("no room"));
  EXPECT_EQ(nightly_->view(strike + 24h).files.size(), 1u);
  fs::resize_file(state() / "prompts", 1);
  EXPECT_EQ(look(strike + 25h), 3u);
  EXPECT_FALSE(done_.back().full) << "there is room again";
}

TEST_F(NightlyBackupTest, EndsAtOnceWhereTheProgramEndsAndLeavesNothing) {
  look(strike - 24h);
  std::ofstream{state() / "prompts"} << "x";
  fs::resize_file(state() / "prompts", std::uintmax_t{1} << 30);  // some seconds of work
  nightly_->check(strike);
  nightly_->stop();
  EXPECT_EQ(done_.size(), 1u) << "neither made nor failed";
  EXPECT_FALSE(nightly_->view(strike).fault);
  EXPECT_EQ(nightly_->view(strike).files.size(), 1u);
  for (const auto& folder : {state(), this->folder()})
    for (const auto& entry : fs::directory_iterator(folder))
      EXPECT_THAT(entry.path().filename().string(),
                  testing::AnyOf("store.sqlite", "store.last-backup", "prompts", testing::StartsWith("roamdesk-"),
                                 testing::StartsWith("store.sqlite-")));
  fs::resize_file(state() / "prompts", 1);
  begin();
  EXPECT_EQ(look(strike), 2u) << "the next start makes it";
}

TEST_F(NightlyBackupTest, SaysItsFigures) {
  EXPECT_EQ(nightly_->figures().last_success_s, 0);
  look(strike);
  const auto figures = nightly_->figures();
  EXPECT_GT(figures.last_success_s, 1e9);
  EXPECT_EQ(figures.bytes, static_cast<double>(done_.back().bytes));
  EXPECT_GT(figures.took_s, 0);
  begin();
  EXPECT_EQ(nightly_->figures().bytes, figures.bytes) << "of the newest file";
}

TEST_F(NightlyBackupTest, GivesOutWhatItHasMadeAndNothingElse) {
  look(strike);
  EXPECT_TRUE(nightly_->read(done_.back().name).bytes);
  std::ofstream(folder() / "secret") << "secret";
  for (const char* name : {"secret", "../state/store.sqlite", "", "roamdesk-2020-01-01T000000Z.backup"})
    EXPECT_FALSE(nightly_->read(name).bytes) << name;
}

TEST_F(NightlyBackupTest, StandsInTheAuditWhereItWasMade) {
  test::TemporaryDirectory elsewhere;
  store::Store store{{.file = elsewhere.path() / "store.sqlite", .vfs = {}}};
  audit(store, {strike, "a.backup", "", 5});
  audit(store, {strike + 24h, "", "no space left", 0});
  std::promise<store::AuditPage> page;
  store.audit({}, [&](store::AuditPage found) { page.set_value(std::move(found)); });
  const auto audited = page.get_future().get().records;
  ASSERT_EQ(audited.size(), 1u);
  EXPECT_EQ(audited.front().action, "backup.made");
  EXPECT_EQ(audited.front().actor, "pbx-core");
  EXPECT_EQ(audited.front().subject, "a.backup");
}

TEST_F(NightlyBackupTest, IsMadeByNobodyWithoutAPlan) {
  config_.backup.reset();
  begin();
  EXPECT_EQ(look(strike), 0u);
  EXPECT_FALSE(nightly_->view(strike).plan);
}

}  // namespace
}  // namespace roamdesk::core

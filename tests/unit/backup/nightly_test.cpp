#include "pbx-core/backup/nightly.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "pbx-core/backup/backup.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

const WallTime night{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} + 90min};

class Nightly : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/nightly-XXXXXX";
    top = ::mkdtemp(pattern.data());
    state = top / "state";
    folder = top / "backups";
    fs::create_directories(state);
    fs::create_directories(folder);
    store::Store{store::Store::Options{.file = state / "store.sqlite", .vfs = {}}};
  }
  void TearDown() override { fs::remove_all(top); }
  std::size_t all_files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  fs::path top, state, folder;
};

TEST_F(Nightly, IsMadeUnderTheNameOfItsTimeAndComesBack) {
  const auto made = make_nightly(state, folder, 14, night);
  EXPECT_EQ(made.name, "roamdesk-2026-11-29T013000Z.backup");
  EXPECT_EQ(nightly_files(folder), std::vector{made});
  EXPECT_EQ(all_files(), 1u);
  EXPECT_EQ(check(folder / made.name).made_at, "2026-11-29T01:30:00Z");
  EXPECT_FALSE(restore(folder / made.name, state, "now").before.empty());
}

TEST_F(Nightly, TakesThePlaceOfTheOldest) {
  for (int day = 0; day < 5; ++day) make_nightly(state, folder, 3, night + day * 24h);
  std::vector<WallTime> kept;
  for (const auto& file : nightly_files(folder)) kept.push_back(file.made_at);
  EXPECT_EQ(kept, (std::vector<WallTime>{night + 96h, night + 72h, night + 48h}));
}

TEST_F(Nightly, LeavesWhatIsntItsOwn) {
  for (const char* name : {"roamdesk.backup", "notes.txt", "roamdesk-2026-1-2T013000Z.backup",
                           "roamdesk-2026-11-29T013000Z.backup.old", "roamdesk-2026-13-29T013000Z.backup"})
    std::ofstream(folder / name) << "mine";
  fs::create_directory(folder / "roamdesk-2020-01-01T000000Z.backup");
  fs::create_symlink("/etc/passwd", folder / "roamdesk-2020-01-02T000000Z.backup");
  make_nightly(state, folder, 1, night);
  make_nightly(state, folder, 1, night + 24h);
  EXPECT_EQ(nightly_files(folder).size(), 1u);
  EXPECT_EQ(all_files(), 8u);
}

TEST_F(Nightly, ThatFailsCostsNoOlderOne) {
  const auto first = make_nightly(state, folder, 1, night);
  EXPECT_TRUE(last_made(state));
  fs::remove(state / "store.last-backup");
  // A store that isn't whole: the copy can be made, but not read back.
  std::ofstream(state / "store.sqlite", std::ios::binary) << "SQLite format 3";
  EXPECT_THROW(make_nightly(state, folder, 1, night + 24h), BackupError);
  EXPECT_EQ(nightly_files(folder), std::vector{first});
  EXPECT_EQ(all_files(), 1u);
  EXPECT_THROW(make_nightly(state, top / "nowhere", 1, night), BackupError);
  EXPECT_FALSE(last_made(state)) << "one that can't be read back is none";
}

TEST_F(Nightly, NamesLeadNowhereElse) {
  for (const char* name : {"", "..", "../pepper.key", "/etc/passwd", "roamdesk-2026-11-29T013000Z.backup/..",
                           "x/roamdesk-2026-11-29T013000Z.backup", "roamdesk-2026-11-29T013000Z.backup "})
    EXPECT_FALSE(made_at_of(name)) << name;
}

}  // namespace
}  // namespace roamdesk::backup

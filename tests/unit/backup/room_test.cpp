#include "pbx-core/backup/room.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "pbx-core/backup/backup.hpp"
#include "pbx-core/backup/nightly.hpp"
#include "pbx-core/backup/scratch.hpp"
#include "pbx-core/store/store.hpp"

// A backup for which there is no room isn't begun, and of one that was cut short nothing stays.
namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const WallTime tonight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} + std::chrono::minutes{90}};
constexpr std::uint64_t larger_than_any_disk = std::uint64_t{8} << 40;  // a file with a hole: it takes no room itself

TEST(RoomNeeded, IsWhatABackupTakesAtMostAtOnce) {
  const std::uint64_t mb = 1'000'000;
  const auto same = [&](bool read_back) { return room_needed(100 * mb, 150 * mb, 40 * mb, read_back, true); };
  EXPECT_EQ(same(true).at_folder, (40 + 150) * mb + left_free) << "read back when the store's copy is gone";
  EXPECT_EQ(same(false).at_folder, (40 + 100) * mb + left_free);
  const auto apart = room_needed(100 * mb, 150 * mb, 40 * mb, true, false);
  EXPECT_EQ(apart.at_state, 100 * mb + left_free);
  EXPECT_EQ(apart.at_folder, 190 * mb) << "no core lives there";
}

class Room : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/room-XXXXXX";
    top = ::mkdtemp(pattern.data());
    state = top / "state";
    folder = top / "backups";
    fs::create_directories(state / "store.kept");
    fs::create_directories(folder);
    store::Store{store::Store::Options{.file = state / "store.sqlite", .vfs = {}}};
    before = names();
  }
  void TearDown() override { fs::remove_all(top); }
  void grow(std::uint64_t bytes) const {
    std::ofstream{state / "prompt.wav"} << "x";
    fs::resize_file(state / "prompt.wav", bytes);
  }
  // Of all files and folders.
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      const auto name = fs::relative(entry.path(), top).string();
      // Whoever is killed with the store open leaves these to whoever opens it next.
      if (name != "state/store.sqlite-wal" && name != "state/store.sqlite-shm") found.push_back(name);
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  bool has(const fs::path& in, const std::string& beginning) const {
    for (const auto& entry : fs::directory_iterator(in))
      if (entry.path().filename().string().starts_with(beginning)) return true;
    return false;
  }

  fs::path top, state, folder;
  std::vector<std::string> before;
};

TEST_F(Room, ThatIsntThereIsSaidBeforeABackupBeginsAndCostsNoOlderOne) {
  const auto first = make_nightly(state, folder, 1, tonight);
  grow(larger_than_any_disk);
  try {
    make_nightly(state, folder, 1, tonight + std::chrono::hours{24});
    FAIL() << "it was made";
  } catch (const NoRoom& none) {
    EXPECT_EQ(none.folder(), folder);
    EXPECT_THAT(none.what(), HasSubstr("no room for a backup in " + folder.string()));
    EXPECT_THAT(none.figures(), testing::MatchesRegex("[0-9]+ MB are needed, [0-9]+ MB are free"));
  }
  EXPECT_EQ(nightly_files(folder), std::vector{first});
  EXPECT_THROW(make(state, top / "by-hand.backup", "2026-11-29T01:30:00Z"), NoRoom);
  EXPECT_FALSE(has(top, "by-hand"));
  EXPECT_FALSE(has(state, "store.backup"));
  EXPECT_FALSE(has(folder, ".draft"));
  grow(1);
  EXPECT_NE(make_nightly(state, folder, 1, tonight + std::chrono::hours{24}).name, first.name);
}

TEST_F(Room, IsEstimatedByTheLastBackupWhereThereIsOne) {
  EXPECT_NO_THROW(check_room(state, folder, true));
  EXPECT_NO_THROW(check_room(state, folder, true, larger_than_any_disk)) << "never more than what is in it";
  grow(fs::space(folder).available / 4 * 3);
  EXPECT_THROW(check_room(state, folder, true), NoRoom);
  EXPECT_NO_THROW(check_room(state, folder, true, 1)) << "it shrinks as much as the last one did";
  EXPECT_NO_THROW(check_room(state, top / "nowhere", true, 0)) << "who writes there says what is wrong";
}

// Cut at whatever moment it gets to: in the store's copy, in the archive, or in reading it back.
TEST_F(Room, ThatABackupOfAPowerCutTookIsFreeAgain) {
  grow(std::uint64_t{64} << 20);
  before = names();
  for (const char* until : {"store.backup-", ".draft.part", ".draft.backup-"}) {
    SCOPED_TRACE(until);
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        make_nightly(state, folder, 1, tonight);
      } catch (...) {
      }
      ::_exit(0);
    }
    ASSERT_GT(child, 0);
    bool runs = true;
    while (runs && !has(state, until) && !has(folder, until)) {
      runs = ::waitpid(child, nullptr, WNOHANG) == 0;
      std::this_thread::yield();
    }
    if (runs) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
    EXPECT_NE(names(), before);
    clear_away_halves(state, folder);
    for (const auto& file : nightly_files(folder)) fs::remove(folder / file.name);  // it was quicker than we were
    fs::remove(state / "store.last-backup");
    EXPECT_EQ(names(), before);
  }
}

TEST_F(Room, OfWhatAPowerCutHasLeftIsFreeAtTheNextNightToo) {
  for (const auto& half : {state / "store.backup-0123456789ab", folder / ".draft.backup-0123456789ab"}) {
    fs::create_directories(half);
    std::ofstream{half / "store.sqlite"} << "half";
  }
  for (const auto& half : {folder / ".draft", folder / ".draft.part"}) std::ofstream{half} << "half";
  const auto made = make_nightly(state, folder, 1, tonight);
  fs::remove(state / "store.last-backup");
  fs::remove(folder / made.name);
  EXPECT_EQ(names(), before);
}

TEST_F(Room, OfABackupThatAnotherProgramMakesStaysTaken) {
  const auto theirs = state / "store.backup-0123456789ab";
  fs::create_directories(theirs);
  const int lock = ::open(theirs.c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  clear_away_halves(state, folder);
  make_nightly(state, folder, 1, tonight);
  EXPECT_TRUE(fs::exists(theirs));
  ::close(lock);
  clear_away_halves(state, folder);
  EXPECT_FALSE(fs::exists(theirs));
}

TEST_F(Room, IsTakenFromNothingOfAnybodyElses) {
  const std::vector<fs::path> theirs{folder / "store.backup-0123456789ab", folder / "roamdesk.backup", state / "backup",
                                     state / "store.kept" / "roamdesk-2026-11-29T013000Z.backup"};
  for (const auto& file : theirs) std::ofstream{file} << "mine";
  fs::create_directory(state / "store.backups-of-mine");
  fs::create_symlink(top, state / "store.backup-link");
  clear_away_halves(state, folder);
  for (const auto& file : theirs) EXPECT_TRUE(fs::exists(file)) << file;
  EXPECT_TRUE(fs::exists(state / "store.backups-of-mine"));
  EXPECT_TRUE(fs::exists(top)) << "a link is removed, and not what it leads to";
  clear_away_halves(top / "nowhere", top / "nowhere");
}

}  // namespace
}  // namespace roamdesk::backup

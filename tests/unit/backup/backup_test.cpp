#include "pbx-core/backup/backup.hpp"

#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <future>
#include <iterator>

#include "pbx-core/store/store.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;

const std::string three_at_night = "2026-11-23T03:00:00Z";

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class Backup : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/backup-XXXXXX";
    top = ::mkdtemp(pattern.data());
    state = top / "state";
    fs::create_directories(state / "prompts" / "en");
    write(state / "pepper.key", "the pepper");
    write(state / "prompts" / "en" / "pin.wav", std::string(200'000, 'x'));
  }
  void TearDown() override { fs::remove_all(top); }

  static void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

  std::unique_ptr<store::Store> open() {
    return std::make_unique<store::Store>(store::Store::Options{.file = state / "store.sqlite", .vfs = {}});
  }
  void put_extension(store::Store& store, const char* number) {
    Extension extension;
    extension.number = ExtensionNumber{number};
    extension.pin_hash = "scrypt$x";
    std::promise<bool> stored;
    store.commit({PutExtension{extension}}, [&](const auto& result) { stored.set_value(!result.has_error()); });
    ASSERT_TRUE(stored.get_future().get());
  }
  std::vector<std::string> extensions() {
    std::vector<std::string> numbers;
    for (const Extension& extension : open()->load().extensions) numbers.push_back(extension.number.value());
    return numbers;
  }

  fs::path top, state;
};

TEST_F(Backup, HasNoFirmwareOfPhones) {
  { const auto store = open(); }
  fs::create_directories(state / "firmware");
  write(state / "firmware" / std::string(64, 'a'), std::string(1000, 'x'));
  make(state, top / "b", three_at_night);
  restore(top / "b", top / "restored", three_at_night);
  EXPECT_TRUE(fs::exists(top / "restored" / "pepper.key"));
  EXPECT_FALSE(fs::exists(top / "restored" / "firmware"));
}

TEST_F(Backup, IsRememberedByItsStateAndByNoCopyOfIt) {
  { const auto store = open(); }
  EXPECT_FALSE(last_made(state));
  const auto before = std::chrono::system_clock::now() - std::chrono::seconds{2};
  make(state, top / "a.backup", three_at_night);
  ASSERT_TRUE(last_made(state));
  EXPECT_GE(*last_made(state), std::chrono::floor<std::chrono::seconds>(before));
  fs::remove_all(state);
  restore(top / "a.backup", state, three_at_night);
  EXPECT_FALSE(last_made(state)) << "of what is here now there is no backup";
}

// Root has made one by hand: what it leaves can't be written by the core's user, but replaced.
TEST_F(Backup, IsRememberedWhereTheLastOneWasAnothersToo) {
  { const auto store = open(); }
  fs::create_directory(state / "store.last-backup");  // can't be written, whoever we are
  make(state, top / "a.backup", three_at_night);
  EXPECT_TRUE(fs::is_regular_file(state / "store.last-backup"));
}

TEST_F(Backup, HoldsWhatARunningCoreHasAcknowledgedAndComesBackWhole) {
  auto running = open();
  put_extension(*running, "101");
  const auto made = make(state, top / "a.backup", three_at_night);  // the store is open, its journal isn't checkpointed
  EXPECT_EQ(made.files, 3u);
  put_extension(*running, "102");
  running.reset();
  write(state / "pepper.key", "another");

  const auto restored = restore(top / "a.backup", state, three_at_night);
  EXPECT_EQ(extensions(), std::vector<std::string>{"101"});
  EXPECT_EQ(text_of(state / "pepper.key"), "the pepper");
  EXPECT_EQ(text_of(state / "prompts" / "en" / "pin.wav").size(), 200'000u);
  EXPECT_EQ(text_of(restored.before / "pepper.key"), "another");
  EXPECT_EQ(restored.summary.made_at, three_at_night);
}

// What a provider knows a place by goes into a header as it is.
TEST_F(Backup, HoldsWhatProvidersKnowLocationsByAndNothingThatCouldEndAHeader) {
  Location location{.name = "house"};
  location.references = {{"provider", "G-1", "F-1"}};
  {
    auto store = open();
    std::promise<bool> stored;
    store->commit({Put<Location>{location}}, [&](const auto& result) { stored.set_value(!result.has_error()); });
    ASSERT_TRUE(stored.get_future().get());
  }
  make(state, top / "a.backup", three_at_night);
  restore(top / "a.backup", state, three_at_night);
  EXPECT_EQ(open()->load().of<Location>(), std::vector<Location>{location});
  for (const std::string bad : {R"(a\\r\\nX: y)", R"(a\\\"b)", "a<b", "a>b", "a;b", "a b"}) {
    {
      soci::session sql(soci::sqlite3, "db=" + (state / "store.sqlite").string());
      sql << "PRAGMA ignore_check_constraints = ON";
      sql << R"(UPDATE locations SET trunk_references = '[{"trunk":"provider","geolocation_id":")" + bad + "\"}]'";
    }
    make(state, top / "bad.backup", three_at_night);
    EXPECT_THROW(restore(top / "bad.backup", state, three_at_night), BackupError) << bad;
  }
}

TEST_F(Backup, IsForItsOwnerOnly) {
  open();
  make(state, top / "a.backup", three_at_night);
  struct stat status {};
  ASSERT_EQ(::stat((top / "a.backup").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  restore(top / "a.backup", state, three_at_night);
  ASSERT_EQ(::stat((state / "pepper.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(state.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(Backup, IsRestoredWhereNothingWas) {
  { put_extension(*open(), "101"); }
  make(state, top / "a.backup", three_at_night);
  fs::remove_all(state);
  EXPECT_TRUE(restore(top / "a.backup", state, three_at_night).before.empty());
  EXPECT_EQ(extensions(), std::vector<std::string>{"101"});
}

TEST_F(Backup, LeavesEverythingAsItWasWhereTheFileIsDamaged) {
  { put_extension(*open(), "101"); }
  make(state, top / "a.backup", three_at_night);
  const std::string whole = text_of(top / "a.backup");
  { put_extension(*open(), "102"); }
  for (std::size_t cut = 0; cut < whole.size(); cut += 1 + whole.size() / 40) {
    write(top / "cut.backup", whole.substr(0, cut));
    EXPECT_THROW(restore(top / "cut.backup", state, three_at_night), BackupError) << "cut at " << cut;
  }
  for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 40) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    write(top / "changed.backup", changed);
    try {
      restore(top / "changed.backup", state, three_at_night);
      // gzip's header has bytes that mean nothing; then the content is the same.
      EXPECT_LT(at, 16u) << "changed at " << at;
      fs::remove_all(state);
      for (const auto& entry : fs::directory_iterator(top))
        if (entry.path().string().find(".before-restore-") != std::string::npos) fs::rename(entry.path(), state);
    } catch (const BackupError&) {
    }
  }
  EXPECT_EQ(extensions(), (std::vector<std::string>{"101", "102"}));
  for (const auto& entry : fs::directory_iterator(top))
    EXPECT_EQ(entry.path().string().find(".backup-"), std::string::npos) << entry.path() << " was left behind";
}

TEST_F(Backup, OfSomethingElseIsRefused) {
  write(state / "store.sqlite", "not a database at all, but long enough to be looked at for more than a moment");
  EXPECT_THROW(make(state, top / "a.backup", three_at_night), BackupError);
  EXPECT_FALSE(fs::exists(top / "a.backup"));
  EXPECT_THROW(make(top / "nothing", top / "a.backup", three_at_night), BackupError);
}

TEST_F(Backup, WithAWayOutOfItsFolderIsRefused) {
  open();
  for (const char* name : {"../escaped", "/tmp/escaped", "a/../../escaped", "."}) {
    {
      ArchiveWriter archive(top / "evil.backup");
      archive.add("store.sqlite", state / "store.sqlite");
      archive.add(name, state / "pepper.key");
      archive.finish("0", three_at_night);
    }
    EXPECT_THROW(restore(top / "evil.backup", state, three_at_night), BackupError) << name;
    EXPECT_FALSE(fs::exists(top / "escaped"));
  }
}

TEST_F(Backup, ThatWouldFillTheDiskIsRefused) {
  open();
  make(state, top / "a.backup", three_at_night);
  fs::create_directory(top / "into");
  EXPECT_THROW(unpack(top / "a.backup", top / "into", 1000), BackupError);
}

}  // namespace
}  // namespace roamdesk::backup

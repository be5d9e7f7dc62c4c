#include "pbx-core/backup/staged.hpp"

#include <gmock/gmock.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>

#include "pbx-core/store/store.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;

const std::string when = "2026-11-23T03:00:00Z";
constexpr WallTime at_night{std::chrono::hours{498'000}};
const AuditRecord restored_by{0, WallTime{std::chrono::hours{490'000}}, "anna", "192.0.2.9", "backup.restored", "a",
                              ""};

struct PowerCut {};

// A core of before, with the extension 102 and the user eve, and a backup of earlier, with 101 and anna.
class StagedRestore : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/staged-XXXXXX";
    top = ::mkdtemp(pattern.data());
    state = top / "state";
    begin("101", "anna", "the old pepper");
    fs::create_directories(state / "prompts");
    write(state / "prompts" / "pin.wav", "old prompt");
    make(state, top / "a.backup", when);
    fs::remove_all(state);
    begin("102", "eve", "the new pepper");
    write(state / "handover", "calls");
    fs::create_directories(state / "firmware");
    write(state / "firmware" / "f", "firmware");
  }
  void TearDown() override { fs::remove_all(top); }

  static void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }
  static std::string text_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  void begin(const char* number, const char* name, const char* pepper) {
    fs::create_directories(state);
    write(state / "pepper.key", pepper);
    User user;
    user.name = name;
    user.password_hash = "scrypt$x";
    user.role = Role::administrator;
    Changes changes{PutExtension{extension_of(number)}, PutUser{user}};
    for (const std::string id : {"t1", "t2", "t3"})
      changes.push_back(PutToken{ApiToken{id, id, name, std::string(62, '0') + id, Role::reader, std::nullopt}});
    change(std::move(changes));
  }
  static Extension extension_of(const char* number) {
    Extension extension;
    extension.number = ExtensionNumber{number};
    extension.pin_hash = "scrypt$x";
    return extension;
  }
  void change(Changes changes) const {
    store::Store store{{.file = state / "store.sqlite", .vfs = {}}};
    std::promise<bool> stored;
    store.commit(std::move(changes), [&](const auto& result) { stored.set_value(!result.has_error()); });
    ASSERT_TRUE(stored.get_future().get());
  }
  std::vector<AuditRecord> audit() const {
    store::Store store{{.file = state / "store.sqlite", .vfs = {}}};
    std::promise<store::AuditPage> page;
    store.audit({}, [&](store::AuditPage found) { page.set_value(std::move(found)); });
    return page.get_future().get().records;
  }
  static store::Snapshot of(const fs::path& folder) {
    return store::Store{{.file = folder / "store.sqlite", .vfs = {}}}.load();
  }
  store::Snapshot holds() const { return of(state); }
  std::vector<std::string> numbers() const { return numbers_of(holds()); }
  std::vector<std::string> numbers_kept(const NightlyFile& file) const {
    fs::remove_all(top / "kept");
    fs::create_directory(top / "kept");
    unpack_checked(kept_folder(state) / file.name, top / "kept", 1'000'000'000);
    EXPECT_EQ(text_of(top / "kept" / "pepper.key"), "the new pepper");
    return numbers_of(of(top / "kept"));
  }
  static std::vector<std::string> numbers_of(const store::Snapshot& all) {
    std::vector<std::string> found;
    for (const auto& one : all.extensions) found.push_back(one.number.value());
    std::sort(found.begin(), found.end());
    return found;
  }
  static std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path().filename().string());
    std::sort(found.begin(), found.end());
    return found;
  }
  void expect_before() const {
    EXPECT_EQ(numbers(), std::vector<std::string>{"102"});
    EXPECT_EQ(text_of(state / "pepper.key"), "the new pepper");
  }
  void expect_restored() const {
    EXPECT_EQ(numbers(), std::vector<std::string>{"101"});
    EXPECT_EQ(text_of(state / "pepper.key"), "the old pepper");
    EXPECT_EQ(text_of(state / "prompts" / "pin.wav"), "old prompt");
    EXPECT_EQ(text_of(state / "handover"), "calls") << "of this moment, not of the backup";
    EXPECT_EQ(text_of(state / "firmware" / "f"), "firmware");
    EXPECT_FALSE(fs::exists(state / "store.restore"));
  }

  fs::path top, state;
};

TEST_F(StagedRestore, SaysWhatItWouldBringAndChangesNothing) {
  const auto staged = stage(top / "a.backup", state);
  EXPECT_EQ(staged.extensions, 1u);
  EXPECT_EQ(staged.desks, 0u);
  EXPECT_EQ(staged.users, std::vector<std::string>{"anna"});
  EXPECT_EQ(staged.summary.made_at, when);
  EXPECT_EQ(staged.schema, staged.known_schema);
  expect_before();
  EXPECT_FALSE(take_place(state, at_night).restored) << "it wasn't settled";
  expect_before();
  EXPECT_FALSE(fs::exists(state / "store.restore")) << "and nothing stays of it";
}

TEST_F(StagedRestore, TakesThePlaceAtTheNextStartAndStandsInItsAudit) {
  stage(top / "a.backup", state);
  settle(state, restored_by);
  expect_before();
  EXPECT_TRUE(take_place(state, at_night).restored);
  expect_restored();
  EXPECT_FALSE(take_place(state, at_night).restored);
  const auto audited = audit();
  ASSERT_EQ(audited.size(), 1u);
  EXPECT_EQ(audited.front().actor, "anna");
  EXPECT_EQ(audited.front().action, "backup.restored");
}

// A token that was ended since the backup was made doesn't come back, though it was ended when all was settled.
TEST_F(StagedRestore, KeepsOnlyThoseTokensThatTheCoreOfBeforeKnewAsWell) {
  change({DeleteToken{"t3"}});
  stage(top / "a.backup", state);
  settle(state, restored_by);
  change({DeleteToken{"t1"}});
  take_place(state, at_night);
  const auto tokens = holds().tokens;
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens.front().id, "t2");
}

TEST_F(StagedRestore, KeepsWhatWasAcknowledgedUntilTheVeryEnd) {
  stage(top / "a.backup", state);
  settle(state, restored_by, keep(state, at_night).name);
  const auto kept_first = nightly_files(kept_folder(state));
  ASSERT_EQ(kept_first.size(), 1u);
  change({PutExtension{extension_of("103")}});
  take_place(state, at_night + std::chrono::seconds{9});
  expect_restored();
  const auto kept = nightly_files(kept_folder(state));
  ASSERT_EQ(kept.size(), 1u) << "the first one was for the look of it";
  EXPECT_EQ(kept.front().made_at, at_night + std::chrono::seconds{9});
  EXPECT_EQ(numbers_kept(kept.front()), (std::vector<std::string>{"102", "103"}));
}

TEST_F(StagedRestore, KeepsThoseOfTheLastThree) {
  for (int i = 0; i < 4; ++i) {
    stage(top / "a.backup", state);
    const auto at = at_night + std::chrono::hours{i};
    settle(state, restored_by, keep(state, at).name);
    take_place(state, at + std::chrono::seconds{5});
  }
  std::vector<WallTime> kept;
  for (const auto& file : nightly_files(kept_folder(state))) kept.push_back(file.made_at);
  std::vector<WallTime> expected;
  for (const int i : {3, 2, 1}) expected.push_back(at_night + std::chrono::hours{i} + std::chrono::seconds{5});
  EXPECT_EQ(kept, expected);
}

// Rather the state of before than one behind which something is lost.
TEST_F(StagedRestore, IsGivenUpWhereWhatIsThereCanNotBeKept) {
  stage(top / "a.backup", state);
  settle(state, restored_by);
  write(state / "store.kept", "not a folder");
  const auto placed = take_place(state, at_night);
  EXPECT_FALSE(placed.restored);
  EXPECT_NE(placed.given_up, "");
  expect_before();
  EXPECT_FALSE(fs::exists(state / "store.restore"));
  EXPECT_EQ(take_place(state, at_night).given_up, "") << "once";
  const auto audited = audit();
  ASSERT_EQ(audited.size(), 1u);
  EXPECT_EQ(audited.front().action, "backup.restore_failed");
  EXPECT_EQ(audited.front().detail, placed.given_up);
}

// And whatever was acknowledged until the power was cut is in what is kept.
TEST_F(StagedRestore, IsTheOldStateOrTheNewOneWhereverThePowerIsCut) {
  stage(top / "a.backup", state);
  settle(state, restored_by, keep(state, at_night - std::chrono::hours{1}).name);
  change({PutExtension{extension_of("103")}});
  fs::create_directories(state / "store.backup-half");  // of a copy that the power cut has ended
  write(state / "store.kept" / ".draft.part", "half");
  fs::copy(state, top / "settled", fs::copy_options::recursive);
  const auto cut_at = [&](std::size_t at) {
    std::size_t done = 0;
    take_place(state, at_night, [&] {
      if (++done == at) throw PowerCut{};
    });
    return done;
  };
  const auto steps = cut_at(0);
  ASSERT_GE(steps, 12u);
  const auto names = names_in(state);
  for (std::size_t at = 1; at <= steps; ++at) {
    SCOPED_TRACE(at);
    fs::remove_all(state);
    fs::copy(top / "settled", state, fs::copy_options::recursive);
    EXPECT_THROW(cut_at(at), PowerCut);
    // Once more in the middle of what is left, and then to the end.
    try {
      cut_at(2);
    } catch (const PowerCut&) {
    }
    cut_at(0);
    expect_restored();
    EXPECT_EQ(names_in(state), names);
    const auto kept = nightly_files(kept_folder(state));
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(names_in(kept_folder(state)), std::vector<std::string>{kept.front().name});
    EXPECT_EQ(numbers_kept(kept.front()), (std::vector<std::string>{"102", "103"}));
  }
}

TEST_F(StagedRestore, OfADamagedOrStrangeFileIsRefusedAndLeavesNothing) {
  const auto whole = text_of(top / "a.backup");
  write(top / "cut.backup", whole.substr(0, whole.size() / 2));
  write(top / "strange.backup", "not a backup");
  for (const char* name : {"cut.backup", "strange.backup", "nowhere.backup"}) {
    EXPECT_THROW(stage(top / name, state), BackupError) << name;
    EXPECT_FALSE(fs::exists(state / "store.restore")) << name;
    EXPECT_THROW(settle(state, restored_by), BackupError) << name;
  }
  EXPECT_FALSE(take_place(state, at_night).restored);
  expect_before();
}

TEST_F(StagedRestore, OfANewerProgramIsRefusedInWordsAndLeavesNothing) {
  const auto store_file = state / "store.sqlite";
  fs::copy_file(store_file, top / "as-it-was");
  {
    soci::session sql(soci::sqlite3, store_file.string());
    sql << "INSERT INTO schema_version (version) VALUES (99999)";
  }
  make(state, top / "newer.backup", when);
  for (const auto& entry : fs::directory_iterator(state))
    if (entry.path().filename().string().starts_with("store.sqlite")) fs::remove(entry.path());
  fs::copy_file(top / "as-it-was", store_file);
  try {
    stage(top / "newer.backup", state);
    ADD_FAILURE() << "taken";
  } catch (const BackupError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("its schema is version 99999, this program knows"));
  }
  EXPECT_FALSE(fs::exists(state / "store.restore"));
  EXPECT_THROW(settle(state, restored_by), BackupError);
  EXPECT_FALSE(take_place(state, at_night).restored);
  expect_before();
}

TEST_F(StagedRestore, IsNoPartOfABackup) {
  stage(top / "a.backup", state);
  const auto made = make(state, top / "b.backup", when);
  EXPECT_EQ(made.files, 2u) << "the store and the pepper";
}

}  // namespace
}  // namespace roamdesk::backup

#include "pbx-core/backup/staged.hpp"

#include <gmock/gmock.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <fstream>
#include <future>
#include <iterator>

#include "pbx-core/store/store.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;

const std::string when = "2026-11-23T03:00:00Z";
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
    Extension extension;
    extension.number = ExtensionNumber{number};
    extension.pin_hash = "scrypt$x";
    User user;
    user.name = name;
    user.password_hash = "scrypt$x";
    user.role = Role::administrator;
    Changes changes{PutExtension{extension}, PutUser{user}};
    for (const std::string id : {"t1", "t2"})
      changes.push_back(PutToken{ApiToken{id, id, name, std::string(62, '0') + id, Role::reader, std::nullopt}});
    store::Store store{{.file = state / "store.sqlite", .vfs = {}}};
    std::promise<bool> stored;
    store.commit(std::move(changes), [&](const auto& result) { stored.set_value(!result.has_error()); });
    ASSERT_TRUE(stored.get_future().get());
  }
  store::Snapshot holds() const { return store::Store{{.file = state / "store.sqlite", .vfs = {}}}.load(); }
  std::string extension() const {
    const auto all = holds().extensions;
    return all.size() == 1 ? all.front().number.value() : std::to_string(all.size()) + " extensions";
  }
  void expect_before() const {
    EXPECT_EQ(extension(), "102");
    EXPECT_EQ(text_of(state / "pepper.key"), "the new pepper");
  }
  void expect_restored() const {
    EXPECT_EQ(extension(), "101");
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
  EXPECT_FALSE(take_place(state)) << "it wasn't settled";
  expect_before();
  EXPECT_FALSE(fs::exists(state / "store.restore")) << "and nothing stays of it";
}

TEST_F(StagedRestore, TakesThePlaceAtTheNextStartAndStandsInItsAudit) {
  stage(top / "a.backup", state);
  settle(state, restored_by, {"t1"});
  expect_before();
  EXPECT_TRUE(take_place(state));
  expect_restored();
  EXPECT_FALSE(take_place(state));
  store::Store store{{.file = state / "store.sqlite", .vfs = {}}};
  std::promise<store::AuditPage> page;
  store.audit({}, [&](store::AuditPage found) { page.set_value(std::move(found)); });
  const auto audited = page.get_future().get().records;
  ASSERT_EQ(audited.size(), 1u);
  EXPECT_EQ(audited.front().actor, "anna");
  EXPECT_EQ(audited.front().action, "backup.restored");
}

// A token that was ended since the backup was made doesn't come back.
TEST_F(StagedRestore, KeepsOnlyThoseTokensThatTheCoreOfBeforeKnewAsWell) {
  stage(top / "a.backup", state);
  settle(state, restored_by, {"t2", "t3"});
  take_place(state);
  const auto tokens = holds().tokens;
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens.front().id, "t2");
}

TEST_F(StagedRestore, IsTheOldStateOrTheNewOneWhereverThePowerIsCut) {
  std::size_t steps = 0;
  stage(top / "a.backup", state);
  settle(state, restored_by, {});
  take_place(state, [&] { ++steps; });
  ASSERT_GE(steps, 7u);
  for (std::size_t at = 1; at <= steps; ++at) {
    SCOPED_TRACE(at);
    TearDown();
    SetUp();
    stage(top / "a.backup", state);
    settle(state, restored_by, {});
    std::size_t done = 0;
    EXPECT_THROW(take_place(state,
                            [&] {
                              if (++done == at) throw PowerCut{};
                            }),
                 PowerCut);
    // Once more in the middle of what is left, and then to the end.
    try {
      take_place(state, [&, more = 0]() mutable {
        if (++more == 2) throw PowerCut{};
      });
    } catch (const PowerCut&) {
    }
    take_place(state);
    expect_restored();
  }
}

TEST_F(StagedRestore, OfADamagedOrStrangeFileIsRefusedAndLeavesNothing) {
  const auto whole = text_of(top / "a.backup");
  write(top / "cut.backup", whole.substr(0, whole.size() / 2));
  write(top / "strange.backup", "not a backup");
  for (const char* name : {"cut.backup", "strange.backup", "nowhere.backup"}) {
    EXPECT_THROW(stage(top / name, state), BackupError) << name;
    EXPECT_FALSE(fs::exists(state / "store.restore")) << name;
    EXPECT_THROW(settle(state, restored_by, {}), BackupError) << name;
  }
  EXPECT_FALSE(take_place(state));
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
  EXPECT_THROW(settle(state, restored_by, {}), BackupError);
  EXPECT_FALSE(take_place(state));
  expect_before();
}

TEST_F(StagedRestore, IsNoPartOfABackup) {
  stage(top / "a.backup", state);
  const auto made = make(state, top / "b.backup", when);
  EXPECT_EQ(made.files, 2u) << "the store and the pepper";
}

}  // namespace
}  // namespace roamdesk::backup

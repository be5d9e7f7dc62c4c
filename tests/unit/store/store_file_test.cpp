#include <gmock/gmock.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "fixture.hpp"
#include "pbx-core/store/copy.hpp"
#include "pbx-core/store/migrations.hpp"
#include "pbx-core/store/store.hpp"

// The file: of an earlier version, of a newer one, of somebody else.
namespace roamdesk::test {
namespace {
using store::StoreFault;

class StoreFile : public StoreTest {
 protected:
  // What the store writes into a file of its own.
  int application_id_of_a_new_file() const {
    const TemporaryDirectory elsewhere;
    const auto file = elsewhere.path() / "new.db";
    { store::Store store({.file = file, .vfs = {}}); }
    soci::session sql(soci::sqlite3, "db=" + file.string());
    int id = 0;
    sql << "PRAGMA application_id", soci::into(id);
    return id;
  }
};

TEST_F(StoreFile, MigratesStepByStepAndOnce) {
  int expected = 1;
  for (const store::Migration& m : store::migrations()) EXPECT_EQ(m.version, expected++);
  { store::Store store(options()); }
  { store::Store store(options()); }
  soci::session sql(soci::sqlite3, "db=" + options().file.string());
  int rows = 0;
  sql << "SELECT count(*) FROM schema_version", soci::into(rows);
  EXPECT_EQ(rows, static_cast<int>(store::migrations().size()));
}

// An upgrade looks first, keeps what it may have to go back to, and nobody but the core changes the schema.
TEST_F(StoreFile, IsKeptAsItIsBeforeAnUpgradeChangesIt) {
  const int newest = store::migrations().back().version;
  EXPECT_EQ(store::schemas_of(options().file).stored, 0) << "there is none yet";
  { store::Store store(options()); }
  EXPECT_EQ(store::schemas_of(options().file).stored, newest);
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "DELETE FROM schema_version WHERE version = " + std::to_string(newest);
    sql << "INSERT INTO users (name, password_hash, role) VALUES ('admin', 'scrypt$x', 'administrator')";
  }
  const auto schemas = store::schemas_of(options().file);
  EXPECT_EQ(schemas.stored, newest - 1);
  EXPECT_EQ(schemas.known, newest);
  auto command = options();
  command.migrate = false;
  EXPECT_THROW(store::Store{command}, store::StoreError);

  const TemporaryDirectory elsewhere;
  const auto kept = elsewhere.path() / "store.before";
  store::keep_store(options().file, kept);
  store::keep_store(options().file, kept);  // after a power cut, again
  EXPECT_EQ(store::schemas_of(kept).stored, newest - 1);
  EXPECT_EQ(std::filesystem::status(kept).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  soci::session copy(soci::sqlite3, "db=" + kept.string());
  int users = 0;
  copy << "SELECT count(*) FROM users", soci::into(users);
  EXPECT_EQ(users, 1);
  EXPECT_THROW(store::keep_store(options().file, "/nonexistent/store.before"), store::StoreError);
}

TEST_F(StoreFile, KeepsTheUsersOfItsFirstVersion) {
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)";
    for (const std::string& statement : store::migrations().front().statements) sql << statement;
    sql << "INSERT INTO schema_version (version) VALUES (1)";
    sql << "INSERT INTO users (name, password_hash, role) VALUES ('admin', 'scrypt$x', 'administrator')";
    sql << "PRAGMA application_id = " + std::to_string(application_id_of_a_new_file());
  }
  store::Store store(options());
  EXPECT_EQ(store.load().users, (std::vector<User>{{"admin", "scrypt$x", Role::administrator, false, std::nullopt}}));
}

TEST_F(StoreFile, LetsTheExtensionsOfItsEarlierVersionsCallAtHomeOnly) {
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)";
    for (const store::Migration& m : store::migrations()) {
      if (m.version > 10) break;
      for (const std::string& statement : m.statements) sql << statement;
      sql << "INSERT INTO schema_version (version) VALUES (" + std::to_string(m.version) + ")";
    }
    sql << "INSERT INTO extensions (number, name, pin_hash, hot_desking, key_list) VALUES ('101', 'Alice', 'scrypt$x', "
           "1, '[]')";
    sql << "PRAGMA application_id = " + std::to_string(application_id_of_a_new_file());
  }
  store::Store store(options());
  const auto all = store.load();
  ASSERT_EQ(all.extensions.size(), 1u);
  EXPECT_THAT(all.extensions[0].may_call, testing::ElementsAre(NumberClass::national, NumberClass::mobile));
  EXPECT_EQ(all.extensions[0].outside_number, "");
  EXPECT_FALSE(all.extensions[0].hide_number);
}

// A newer core's type of key leaves its place empty, rather than one that can't be saved again.
TEST_F(StoreFile, ReadsTheKeysOfANewerCoreThatItDoesNotKnowAsEmptyPlaces) {
  { store::Store make(options()); }
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "INSERT INTO extensions (number, name, pin_hash, hot_desking, key_list) VALUES ('101', 'Alice', 'scrypt$x', "
           "1, '[[\"blf\",\"102\",\"Bob\"],[\"teleport\",\"7\",\"There\"],[\"dnd\",\"\",\"\"]]')";
  }
  store::Store store(options());
  const auto all = store.load();
  ASSERT_EQ(all.extensions.size(), 1u);
  EXPECT_EQ(all.extensions[0].keys,
            (std::vector<Key>{{KeyType::blf, "102", "Bob"}, {KeyType::none, "", ""}, {KeyType::dnd, "", ""}}));
}

// Any sender could announce any MAC, and each announcement was kept.
TEST_F(StoreFile, DropsThePhonesThatNobodyEverAssignedAndOptionsThatLeaveADeskWithoutCalls) {
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)";
    for (const store::Migration& m : store::migrations()) {
      if (m.version > 4) break;
      for (const std::string& statement : m.statements) sql << statement;
      sql << "INSERT INTO schema_version (version) VALUES (" + std::to_string(m.version) + ")";
    }
    const auto phone = [&](const std::string& mac_text, int assigned, const std::string& token) {
      sql << "INSERT INTO phones (mac, vendor, model, firmware, address, site, first_seen, last_seen, assigned, token,"
             " needs_restart) VALUES ('" +
                 mac_text + "', '', '', '', '', 'local', 1, 2, " + std::to_string(assigned) + ", '" + token + "', 0)";
    };
    phone("001565000001", 0, "");
    phone("001565000002", 0, "it was assigned once");
    phone("001565000003", 1, "it is");
    sql << "INSERT INTO desks (id, mac, vendor, model, options, idle_user, idle_password) VALUES ('HD0001',"
           " '001565000003', 'yealink', 'T46U', '{\"srtp\":\"required\",\"codecs\":[\"opus\"],\"language\":\"de\"}',"
           " 'HD0001', 'x')";
    sql << "PRAGMA application_id = " + std::to_string(application_id_of_a_new_file());
  }
  store::Store store(options());
  const auto all = store.load();
  ASSERT_EQ(all.phones.size(), 2u);
  EXPECT_EQ(all.phones[0].mac.text(), "001565000002");
  EXPECT_EQ(all.phones[1].token, "it is");
  EXPECT_TRUE(all.phones[1].web_password.empty());
  DeskOptions left;
  left.language = "de";
  ASSERT_EQ(all.desks.size(), 1u);
  EXPECT_EQ(all.desks[0].options, left);
}

// Media isn't encrypted: what a desk's options said of it goes, wherever it stands, and nothing else does.
TEST_F(StoreFile, DropsWhatADesksOptionsSaidOfEncryptedMedia) {
  const std::pair<std::string, std::string> options_of_desks[] = {
      {R"({"srtp":"off"})", R"({})"},
      {R"({"srtp":"required","name":"Window"})", R"({"name":"Window"})"},
      {R"({"transport":"tls","srtp":"optional"})", R"({"transport":"tls"})"},
      {R"({"language":"de","srtp":"off","codecs":["PCMA"]})", R"({"language":"de","codecs":["PCMA"]})"},
      {R"({"location":"srtp","name":"\"srtp\":\"off\","})", R"({"location":"srtp","name":"\"srtp\":\"off\","})"}};
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)";
    for (const store::Migration& m : store::migrations()) {
      if (m.version > 7) break;
      for (const std::string& statement : m.statements) sql << statement;
      sql << "INSERT INTO schema_version (version) VALUES (" + std::to_string(m.version) + ")";
    }
    int number = 0;
    for (const auto& [before, after] : options_of_desks) {
      const std::string n = std::to_string(++number);
      sql << "INSERT INTO desks (id, mac, vendor, model, options, idle_user, idle_password) VALUES ('HD000" + n +
                 "', '00156500000" + n + "', 'yealink', 'T46U', '" + before + "', 'HD000" + n + "', 'x')";
    }
    sql << "PRAGMA application_id = " + std::to_string(application_id_of_a_new_file());
  }
  { store::Store store(options()); }
  soci::session sql(soci::sqlite3, "db=" + options().file.string());
  int number = 0;
  for (const auto& [before, after] : options_of_desks) {
    std::string now;
    sql << "SELECT options FROM desks WHERE id = 'HD000" + std::to_string(++number) + "'", soci::into(now);
    EXPECT_EQ(now, after) << before;
  }
}

TEST_F(StoreFile, KeepsTheSettingsOfItsEarlierVersions) {
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)";
    for (const store::Migration& m : store::migrations()) {
      if (m.version > 8) break;
      for (const std::string& statement : m.statements) sql << statement;
      sql << "INSERT INTO schema_version (version) VALUES (" + std::to_string(m.version) + ")";
    }
    sql << "INSERT INTO settings (id, hot_desk_code, logout_code, automatic_logout, max_session, move_sessions,"
           " emergency_numbers, audit_days) VALUES (1, '*9', '*8*', '18:30', NULL, 0, '[\"112\",\"999\"]', 30)";
    sql << "PRAGMA application_id = " + std::to_string(application_id_of_a_new_file());
  }
  store::Store store(options());
  const auto kept = store.load().settings;
  ASSERT_TRUE(kept);
  Settings expected;
  expected.hot_desk_code = "*9";
  expected.logout_code = "*8*";
  expected.automatic_logout = "18:30";
  expected.move_when_already_logged_in = false;
  expected.emergency_numbers = {"112", "999"};
  expected.audit_days = 30;
  EXPECT_EQ(*kept, expected);
}

TEST_F(StoreFile, ATrunkIsOfTheKindThatItWasBeforeThereWasAThird) {
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)";
    for (const store::Migration& m : store::migrations()) {
      if (m.version > 13) break;
      for (const std::string& statement : m.statements) sql << statement;
      sql << "INSERT INTO schema_version (version) VALUES (" + std::to_string(m.version) + ")";
    }
    for (const char* kind : {"address", "registration"})
      sql << std::string(
                 "INSERT INTO trunks (name, enabled, kind, site, preset, domain, server, account, auth_user,"
                 " contact_user, password, expires, tls_name, tls_authority, sources, trusted, country,"
                 " area_code, called, caller, shown, from_is_account, any_caller, main_number, forwarded,"
                 " called_in, calls, calls_reserved_in, calls_per_hour, minutes_per_hour, countries, ping,"
                 " late_offers, reliable) VALUES ('") +
                 kind + "', 1, '" + kind +
                 "', 'local', '', 'x.example', '', 'u', '', '', 'p', 600, '', '', '[]', 0, 'DE', '30', 'plus', 'plus',"
                 " 'none', 0, 0, '', 'none', '[\"to\"]', 0, 0, 0, 0, '[]', 60, 0, 0)";
    sql << "PRAGMA application_id = " + std::to_string(application_id_of_a_new_file());
  }
  store::Store store(options());
  const auto trunks = store.load().of<Trunk>();
  ASSERT_EQ(trunks.size(), 2u);
  EXPECT_EQ(trunks[0].kind, TrunkKind::address);
  EXPECT_EQ(trunks[1].kind, TrunkKind::registration);
  EXPECT_EQ(trunks[1].user, "u");
}

TEST_F(StoreFile, TheLocationsOfItsEarlierVersionsAreKnownToNoProvider) {
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)";
    for (const store::Migration& m : store::migrations()) {
      if (m.version > 18) break;
      for (const std::string& statement : m.statements) sql << statement;
      sql << "INSERT INTO schema_version (version) VALUES (" + std::to_string(m.version) + ")";
    }
    sql << "INSERT INTO locations (name, address, note, trunks, callbacks, numbers, test_numbers, told, mails, "
           "web_hook,"
           " callback_window) VALUES ('house', '{}', '', '[\"berlin\"]', '[]', '[]', '[]', '[]', '[]', '', 1800)";
    sql << "PRAGMA application_id = " + std::to_string(application_id_of_a_new_file());
  }
  store::Store store(options());
  const auto locations = store.load().of<Location>();
  ASSERT_EQ(locations.size(), 1u);
  EXPECT_THAT(locations[0].trunks, testing::ElementsAre("berlin"));
  EXPECT_TRUE(locations[0].references.empty());
}

TEST_F(StoreFile, HoldsNoIdOfAProviderThatCouldEndAHeader) {
  store::Store store(options());
  for (const char* bad : {"a\r\nX: y", "a\nb", "a\"b", "a<b", "a>b", "a;b", "a b", "a\\b", "\xc3\xa4"}) {
    Location location{.name = "house"};
    location.references = {{"berlin", bad, ""}};
    EXPECT_TRUE(commit(store, {Put<Location>{location}}).has_error()) << bad;
    location.references = {{"berlin", "", bad}};
    EXPECT_TRUE(commit(store, {Put<Location>{location}}).has_error()) << bad;
  }
  EXPECT_TRUE(store.load().of<Location>().empty());
}

TEST_F(StoreFile, RefusesAFileOfANewerProgram) {
  { store::Store store(options()); }
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "INSERT INTO schema_version (version) VALUES (999)";
  }
  EXPECT_THROW(store::Store{options()}, store::StoreError);
}

TEST_F(StoreFile, RefusesSomebodyElsesDatabaseAndGarbage) {
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE theirs (x INTEGER)";
  }
  EXPECT_THROW(store::Store{options()}, store::StoreError);
  FILE* f = fopen(options().file.c_str(), "w");
  for (int i = 0; i < 1000; ++i) fputs("garbage", f);
  fclose(f);
  EXPECT_THROW(store::Store{options()}, store::StoreError);
  EXPECT_THROW(store::Store({.file = "/nonexistent/dir/x.db", .vfs = {}}), store::StoreError);
}

}  // namespace
}  // namespace roamdesk::test

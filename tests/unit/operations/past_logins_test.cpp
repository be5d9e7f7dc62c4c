#include "pbx-core/operations/past_logins.hpp"

#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "pbx-core/store/migrations.hpp"
#include "tests/unit/store/fixture.hpp"

namespace roamdesk::core {
namespace {

using namespace std::chrono_literals;

const WallTime now_{std::chrono::hours{1000}};

// The caller's thread: runs what is posted to it, until nothing has come for a while that a store would need.
struct Caller {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> tasks;

  void post(std::function<void()> task) {
    const std::scoped_lock lock{mutex};
    tasks.push_back(std::move(task));
    wake.notify_one();
  }
  void run(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      std::unique_lock lock{mutex};
      ASSERT_TRUE(wake.wait_for(lock, 10s, [&] { return !tasks.empty(); }));
      auto task = std::move(tasks.front());
      tasks.pop_front();
      lock.unlock();
      task();
    }
  }
};

struct PastLogins : testing::Test {
  test::TemporaryDirectory directory;
  Caller caller;
  std::vector<WallTime> counted;

  store::Store::Options options() const { return {.file = directory.path() / "store.sqlite", .vfs = {}}; }
  static AppendAudit login(Duration ago, bool again = false, const std::string& action = "login") {
    AuditRecord record;
    record.at = now_ - std::chrono::duration_cast<std::chrono::milliseconds>(ago);
    record.action = action;
    record.detail = "extension 101";
    record.again = again;
    return AppendAudit{record};
  }
  void recall(store::Store& store, std::size_t pages) {
    recall_logins(
        store, now_, [this](auto task) { caller.post(std::move(task)); },
        [this](WallTime at) { counted.push_back(at); });
    caller.run(pages);
  }
};

TEST_F(PastLogins, AreThoseOfTheLastDayWithoutRepetitions) {
  store::Store store(options());
  ASSERT_TRUE(test::commit(store, {login(26h), login(24h), login(2h, true), login(1h), login(1h, false, "logout")}));
  recall(store, 1);
  EXPECT_EQ(counted, (std::vector<WallTime>{now_ - 1h, now_ - 24h}));
}

TEST_F(PastLogins, AreAskedForInPagesAsFarBackAsTheyCount) {
  store::Store store(options());
  Changes changes;
  for (int i = 0; i < 500; ++i) changes.push_back(login(30h));
  for (int i = 0; i < 2500; ++i) changes.push_back(login(1h));
  ASSERT_TRUE(test::commit(store, changes));
  recall(store, 3);
  EXPECT_EQ(counted.size(), 2500u);
  EXPECT_TRUE(caller.tasks.empty());
}

// Until a version of the schema the text alone said so.
TEST_F(PastLogins, OfAnOlderStoreKnowTheirRepetitions) {
  {
    soci::session sql(soci::sqlite3, "db=" + options().file.string());
    sql << "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)";
    for (const store::Migration& m : store::migrations()) {
      if (m.version > 9) break;
      for (const std::string& statement : m.statements) sql << statement;
      sql << "INSERT INTO schema_version (version) VALUES (" + std::to_string(m.version) + ")";
    }
    int id = 0;
    for (const char* detail : {"extension 101", "extension 101, again", "again", "extension 101, once again"}) {
      const long long at = now_.time_since_epoch().count() - ++id;
      sql << "INSERT INTO audit (id, at_ms, actor, origin, action, subject, detail) VALUES (" + std::to_string(id) +
                 ", " + std::to_string(at) + ", '', '', 'login', 'HD0001', '" + detail + "')";
    }
    sql << "PRAGMA application_id = " + std::to_string(0x526f616d);
  }
  store::Store store(options());
  recall(store, 1);
  EXPECT_EQ(counted.size(), 2u) << "the first, and the last, whose text only ends alike";
}

}  // namespace
}  // namespace roamdesk::core

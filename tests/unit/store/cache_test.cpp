#include <sqlite3.h>

#include <fmt/format.h>

#include "fixture.hpp"

namespace roamdesk::test {
namespace {

class Cache : public StoreTest {
 protected:
  // SQLite counts no memory in the product.
  static void SetUpTestSuite() { count_memory(1); }
  static void TearDownTestSuite() { count_memory(0); }
  static void count_memory(int on) {
    sqlite3_shutdown();
    ASSERT_EQ(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, on), SQLITE_OK);
    ASSERT_EQ(sqlite3_initialize(), SQLITE_OK);
  }
  // While the store is asked for next to nothing.
  static std::int64_t memory_with(store::Store& store) {
    std::promise<std::int64_t> bytes;
    store.audit({.limit = 1}, [&](const store::AuditPage&) { bytes.set_value(sqlite3_memory_used()); });
    return bytes.get_future().get();
  }
  static Changes many_people() {
    Changes changes;
    for (int n = 10'000; n < 14'000; ++n) changes.push_back(PutExtension{extension(fmt::format("{}", n))});
    return changes;
  }
};

TEST_F(Cache, OfABurstIsGivenBack) {
  auto kept = options(), given_back = options();
  kept.cache_kept = std::chrono::hours{1};
  given_back.cache_kept = std::chrono::milliseconds{0};
  std::int64_t with = 0, without = 0;
  {
    store::Store store(kept);
    ASSERT_TRUE(commit(store, many_people()));
    memory_with(store);
    with = memory_with(store);
  }
  {
    store::Store store(given_back);
    ASSERT_TRUE(commit(store, many_people()));
    memory_with(store);
    without = memory_with(store);
  }
  EXPECT_GT(with, without + 200'000);
}

}  // namespace
}  // namespace roamdesk::test

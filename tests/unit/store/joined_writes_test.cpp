#include <sys/resource.h>

#include <csignal>

#include "crash_vfs.hpp"
#include "fixture.hpp"

namespace roamdesk::test {
namespace {

Changes a_desk_with_a_person(const std::string& number) {
  const std::string id = "HD0" + number;
  return {PutExtension{extension(number)}, PutDesk{desk(id, "001565000" + number)},
          StartSession{session(number, id, number)}};
}

std::uint64_t disk_operations_of_a_commit(bool synchronous) {
  const TemporaryDirectory directory;
  CrashDisk& disk = CrashDisk::instance();
  disk.reset(1);
  store::Store store({.file = directory.path() / "pbx-core.db", .vfs = "crash", .synchronous = synchronous});
  EXPECT_TRUE(commit(store, a_desk_with_a_person("101")));
  const auto before = disk.operations();
  EXPECT_TRUE(commit(store, a_desk_with_a_person("102")));
  return disk.operations() - before;
}

TEST(JoinedWrites, MakeACommitOneWriteAndOneSync) {
  EXPECT_EQ(disk_operations_of_a_commit(true), 2u);
  EXPECT_GT(disk_operations_of_a_commit(false), 8u) << "else there is nothing to join";
}

class LargeTransaction : public StoreTest {};

// SQLite writes, and reads again, what its cache has no room for before the commit.
TEST_F(LargeTransaction, IsReadAsItWasWritten) {
  constexpr int count = 6000;
  const std::string long_name(1000, 'x');
  Changes changes;
  for (int n = 0; n < count; ++n) {
    Extension person = extension(std::to_string(10'000 + (n * 7919) % count));
    person.name = long_name + person.number.value();
    changes.push_back(PutExtension{std::move(person)});
  }
  for (const bool opened_again : {false, true}) {
    store::Store store(options());
    if (!opened_again) {
      ASSERT_TRUE(commit(store, changes));
    }
    const auto all = store.load().extensions;
    ASSERT_EQ(all.size(), static_cast<std::size_t>(count));
    for (const Extension& person : all) ASSERT_EQ(person.name, long_name + person.number.value());
  }
}

// No file of this process may grow.
class FullDisk {
 public:
  FullDisk() {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{1024, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

TEST_F(LargeTransaction, ThatFindsNoRoomIsTakenBackAndTheNextOneIsThere) {
  {
    store::Store store(options());
    ASSERT_TRUE(commit(store, a_desk_with_a_person("101")));
    {
      const FullDisk full;
      EXPECT_FALSE(commit(store, a_desk_with_a_person("102")));
    }
    EXPECT_TRUE(commit(store, a_desk_with_a_person("103")));
  }
  store::Store again(options());
  const auto all = again.load();
  ASSERT_EQ(all.extensions.size(), 2u);
  EXPECT_EQ(all.extensions[0].number.value(), "101");
  EXPECT_EQ(all.extensions[1].number.value(), "103");
  EXPECT_EQ(all.sessions.size(), 2u);
}

}  // namespace
}  // namespace roamdesk::test

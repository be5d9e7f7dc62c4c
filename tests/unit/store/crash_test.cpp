#include <mutex>
#include <set>

#include "crash_vfs.hpp"
#include "fixture.hpp"

namespace roamdesk::test {
namespace {

constexpr int commits = 60;

struct Crashed {
  std::set<std::string> acknowledged;  // before the power went
  std::set<std::string> there;         // after the restart
  bool halves = false;                 // a commit of which only a part is there
  std::uint64_t operations = 0;
};

// Commits pairs of an extension and a desk with a session, and cuts the power before the given disk operation (0: at
// the end, with nothing closed). Then starts again from what survived.
Crashed crash(bool synchronous, std::uint32_t seed, std::uint64_t cut_before) {
  const TemporaryDirectory before, after;
  CrashDisk& disk = CrashDisk::instance();
  disk.reset(seed);
  { store::Store prepared({.file = before.path() / "pbx-core.db", .vfs = {}}); }  // the schema is there and synced
  Crashed result;
  {
    store::Store store({.file = before.path() / "pbx-core.db", .vfs = "crash", .synchronous = synchronous});
    const std::uint64_t start = disk.operations();
    if (cut_before) disk.cut_before_operation(cut_before);
    std::promise<void> all;
    std::mutex mutex;
    for (int i = 0; i < commits; ++i) {
      const std::string number = std::to_string(100 + i);
      const std::string id = "HD0" + number;
      const std::string mac_text = "0015650" + std::string("00000").replace(2, 3, number);
      store.commit(
          {PutExtension{extension(number)}, PutDesk{desk(id, mac_text)}, StartSession{session(number, id, number)}},
          [&, number, i](Result<void, store::StoreFault> r) {
            const std::lock_guard lock(mutex);
            // We run on the thread that writes: if the power is on here, it was on at the commit's end.
            if (r.has_value() && !disk.dead()) result.acknowledged.insert(number);
            if (i == commits - 1) all.set_value();
          });
      if (i % 7 == 0) commit(store, {});  // so that there are many groups, not one
    }
    all.get_future().get();
    result.operations = disk.operations() - start;
    disk.cut();
  }
  disk.restore(after.path());
  store::Store again({.file = after.path() / "pbx-core.db", .vfs = {}});
  const store::Snapshot all = again.load();
  for (const Extension& e : all.extensions) result.there.insert(e.number.value());
  result.halves = all.desks.size() != all.extensions.size() || all.sessions.size() != all.extensions.size();
  return result;
}

std::size_t lost(const Crashed& crashed) {
  std::size_t n = 0;
  for (const std::string& number : crashed.acknowledged) n += !crashed.there.contains(number);
  return n;
}

TEST(Crash, LosesNothingThatWasAcknowledgedWhereverThePowerGoes) {
  const std::uint64_t operations = crash(true, 1, 0).operations;
  ASSERT_GT(operations, 15u);
  std::size_t acknowledged = 0;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    const Crashed crashed = crash(true, seed, 1 + (seed * 7919u) % operations);
    EXPECT_EQ(lost(crashed), 0u) << "seed " << seed;
    EXPECT_FALSE(crashed.halves) << "seed " << seed;
    acknowledged += crashed.acknowledged.size();
  }
  EXPECT_GT(acknowledged, 60u);  // the power went in the middle, not before everything
}

// The control: the same crash, without the fsyncs. If this loses nothing, the test above proves nothing.
TEST(Crash, LosesAcknowledgedCommitsWithoutSynchronousFull) {
  std::size_t losses = 0;
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    const Crashed crashed = crash(false, seed, 0);
    EXPECT_EQ(crashed.acknowledged.size(), static_cast<std::size_t>(commits));
    losses += lost(crashed);
  }
  EXPECT_GT(losses, 0u);
}

}  // namespace
}  // namespace roamdesk::test

#include "pbx-core/operations/past_calls.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "tests/unit/store/fixture.hpp"

namespace roamdesk::core {
namespace {

using namespace std::chrono_literals;

const WallTime start_of_it{std::chrono::hours{1000}};

struct PastCalls : testing::Test {
  test::TemporaryDirectory directory;
  store::Store store{{.file = directory.path() / "store.sqlite", .vfs = {}}};
  std::vector<std::string> counted;

  static AppendCallRecord call(const std::string& id, Duration ended_ago, const std::string& trunk = "provider") {
    CallRecord record;
    record.call = id;
    record.from = "101";
    record.trunk = trunk;
    record.ended = start_of_it - std::chrono::duration_cast<std::chrono::milliseconds>(ended_ago);
    record.started = record.ended - 1min;
    return AppendCallRecord{record};
  }
  // Until `pages` pages have come.
  void recall(std::size_t pages) {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::function<void()>> tasks;
    recall_outside_calls(
        store, start_of_it,
        [&](std::function<void()> task) {
          const std::scoped_lock lock{mutex};
          tasks.push_back(std::move(task));
          wake.notify_one();
        },
        [this](const CallRecord& record) { counted.push_back(record.call); });
    for (std::size_t i = 0; i < pages; ++i) {
      std::unique_lock lock{mutex};
      ASSERT_TRUE(wake.wait_for(lock, 10s, [&] { return !tasks.empty(); }));
      const auto task = std::move(tasks.front());
      tasks.pop_front();
      lock.unlock();
      task();
    }
    EXPECT_TRUE(tasks.empty());
  }
};

TEST_F(PastCalls, AreThoseByTrunksThatEndedWithinTheHour) {
  ASSERT_TRUE(test::commit(store, {call("old", 61min), call("long ago", 30h), call("kept", 59min),
                                   call("inside", 2min, ""), call("new", 0s)}));
  recall(1);
  EXPECT_EQ(counted, (std::vector<std::string>{"new", "kept"}));
}

TEST_F(PastCalls, AreAskedForInPagesAsFarBackAsTheyCount) {
  Changes changes;
  for (int i = 0; i < 1500; ++i) changes.push_back(call("old", 2h));
  for (int i = 0; i < 2500; ++i) changes.push_back(call("new", 30min));
  ASSERT_TRUE(test::commit(store, changes));
  recall(3);
  EXPECT_EQ(counted.size(), 2500u);
}

}  // namespace
}  // namespace roamdesk::core

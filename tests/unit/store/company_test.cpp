#include <gmock/gmock.h>

#include <future>
#include <latch>

#include "fixture.hpp"

namespace roamdesk::test {
namespace {

using Urgency = store::Store::Urgency;

CallRecord record(const std::string& from) {
  CallRecord call;
  call.from = from;
  call.to = "102";
  call.started = at(1);
  call.ended = at(2);
  return call;
}

class Company : public testing::Test {
 protected:
  // Long enough that only what the test does ends the wait.
  static constexpr std::chrono::milliseconds forever = std::chrono::hours{1};
  store::Store::Options options(std::chrono::milliseconds waits) const {
    return {.file = directory_.path() / "store.sqlite", .vfs = {}, .dialogs_behind = waits};
  }
  std::vector<std::string> stored(store::Store& store) const {
    std::promise<std::vector<std::string>> answer;
    store.call_records({}, [&](const store::CallPage& page) {
      std::vector<std::string> callers;
      for (const CallRecord& call : page.records) callers.push_back(call.from);
      answer.set_value(callers);
    });
    return answer.get_future().get();
  }

  TemporaryDirectory directory_;
};

TEST_F(Company, IsWhatCallsWaitForThatEndAfterEachOther) {
  store::Store store(options(forever));
  const auto before = store.transactions();
  std::latch written{3};
  for (const char* caller : {"101", "103", "104"})
    store.commit(
        {AppendCallRecord{record(caller)}}, [&](auto) { written.count_down(); }, Urgency::in_company);
  EXPECT_EQ(store.transactions(), before);
  EXPECT_TRUE(commit(store, {PutExtension{extension("105")}}));
  written.wait();
  EXPECT_EQ(store.transactions(), before + 1);
}

TEST_F(Company, ThatDoesNotComeIsNotWaitedForLongerThanSaid) {
  store::Store store(options(std::chrono::milliseconds{1}));
  std::promise<bool> done;
  store.commit(
      {AppendCallRecord{record("101")}}, [&](const auto& result) { done.set_value(result.has_value()); },
      Urgency::in_company);
  EXPECT_TRUE(done.get_future().get());
}

TEST_F(Company, KeepsTheOrderInWhichChangesWereMade) {
  store::Store store(options(forever));
  std::vector<int> order;
  store.commit(
      {AppendCallRecord{record("101")}}, [&](auto) { order.push_back(1); }, Urgency::in_company);
  std::promise<void> last;
  store.commit({PutExtension{extension("105")}}, [&](auto) {
    order.push_back(2);
    last.set_value();
  });
  last.get_future().get();
  EXPECT_THAT(order, testing::ElementsAre(1, 2));
}

TEST_F(Company, IsNotWaitedForByThoseWhoRead) {
  store::Store store(options(forever));
  store.commit({AppendCallRecord{record("101")}}, nullptr, Urgency::in_company);
  EXPECT_THAT(stored(store), testing::ElementsAre("101"));
}

TEST_F(Company, IsNotWaitedForAtTheEnd) {
  {
    store::Store store(options(forever));
    store.commit({AppendCallRecord{record("101")}}, nullptr, Urgency::in_company);
  }
  store::Store store(options(forever));
  EXPECT_THAT(stored(store), testing::ElementsAre("101"));
}

}  // namespace
}  // namespace roamdesk::test

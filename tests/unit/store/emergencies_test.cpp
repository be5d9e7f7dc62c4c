#include <gmock/gmock.h>

#include "fixture.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::test {
namespace {

TEST(EmergencyRecords, AreKeptUntilTheyAreDeleted) {
  const TemporaryDirectory directory;
  const store::Store::Options options{.file = directory.path() / "store.sqlite", .vfs = {}};
  Emergency known{.id = "e1", .at = at(5)};
  known.place = {SiteId{"branch-1"}, "192.0.2.7:5060", "112", Mac::parse("001565000001"),
                 "HD0001",           "Room \"5\"\r\n", "101", "Ünal"};
  known.test = known.routed = true;
  known.location = "hq-2", known.callback = "+4930123";
  Emergency stranger{.id = "e2", .at = at(6)};
  stranger.place = {local_site(), "192.0.2.8:5060", "112"};
  {
    store::Store store(options);
    ASSERT_TRUE(commit(store, {Put<Emergency>{known}, Put<Emergency>{stranger}}).has_value());
    known.acknowledged = at(7);
    known.acknowledged_by = "otto";
    ASSERT_TRUE(commit(store, {Put<Emergency>{known}}).has_value());
  }
  store::Store store(options);
  EXPECT_THAT(store.load().of<Emergency>(), testing::ElementsAre(known, stranger));
  ASSERT_TRUE(commit(store, {Delete<Emergency>{"e2"}, Delete<Emergency>{"e3"}}).has_value());
  EXPECT_THAT(store.load().of<Emergency>(), testing::ElementsAre(known));
}

}  // namespace
}  // namespace roamdesk::test

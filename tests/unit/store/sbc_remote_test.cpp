#include <gmock/gmock.h>

#include "fixture.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::test {
namespace {

TEST(SbcRecords, KeepWhatIsWishedOfThemAndTheirLinesPast) {
  const TemporaryDirectory directory;
  const store::Store::Options options{.file = directory.path() / "store.sqlite", .vfs = {}};
  Sbc plain{"berlin", "Europe/Berlin", "", "", {}};
  Sbc wished = plain;
  wished.name = "hamburg";
  wished.wishes = {LogLevel::debug, 0, 63};
  {
    store::Store store(options);
    ASSERT_TRUE(
        commit(store, {PutSbc{plain}, PutSbc{wished}, Put<LineMonth>{{"hamburg", "1 2 3 4 5 6 7\n"}}}).has_value());
    ASSERT_TRUE(commit(store, {Put<LineMonth>{{"hamburg", "8 9 0 0 0 0 0\n"}}}).has_value());
  }
  store::Store store(options);
  EXPECT_THAT(store.load().of<Sbc>(), testing::ElementsAre(plain, wished));
  EXPECT_THAT(store.load().of<LineMonth>(), testing::ElementsAre(LineMonth{"hamburg", "8 9 0 0 0 0 0\n"}));
  wished.wishes = {};
  ASSERT_TRUE(commit(store, {PutSbc{wished}, Delete<LineMonth>{"hamburg"}}).has_value());
  EXPECT_THAT(store.load().of<Sbc>(), testing::ElementsAre(plain, wished));
  wished.wishes.sip_dscp = 64;
  EXPECT_FALSE(commit(store, {PutSbc{wished}}).has_value());
}

}  // namespace
}  // namespace roamdesk::test

#include <gmock/gmock.h>

#include "fixture.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::test {
namespace {

FirmwareFile file(char hash, const std::string& name) {
  return {.sha256 = std::string(64, hash),
          .name = name,
          .vendor = phones::Vendor::yealink,
          .version = "108.86.0.90",
          .models = {"T46U", "T48U"},
          .bytes = 60'000'000'000,
          .added = at(5)};
}

TEST(FirmwareRecords, OutliveTheProgram) {
  const TemporaryDirectory directory;
  const store::Store::Options options{.file = directory.path() / "store.sqlite", .vfs = {}};
  const auto rom = file('a', "T46U.rom");
  FirmwarePin pin{.model = "yealink:T46U", .version = "108.86.0.90", .from = "22:00", .until = "04:30"};
  pin.also_in_use = pin.paused = true;
  FirmwareTurn turn{.mac = "805ec0112233", .version = "108.86.0.90", .tries = 2, .began = at(7)};
  {
    store::Store store(options);
    ASSERT_TRUE(commit(store, {Put<FirmwareFile>{rom}, Put<FirmwarePin>{pin}, Put<FirmwareTurn>{turn}}).has_value());
    turn.began.reset();
    turn.ended = at(9);
    turn.fetched = true;
    ASSERT_TRUE(commit(store, {Put<FirmwareTurn>{turn}}).has_value());
  }
  store::Store store(options);
  const auto all = store.load();
  EXPECT_THAT(all.of<FirmwareFile>(), testing::ElementsAre(rom));
  EXPECT_THAT(all.of<FirmwarePin>(), testing::ElementsAre(pin));
  EXPECT_THAT(all.of<FirmwareTurn>(), testing::ElementsAre(turn));
  ASSERT_TRUE(
      commit(store, {Delete<FirmwareFile>{rom.sha256}, Delete<FirmwarePin>{pin.model}, Delete<FirmwareTurn>{turn.mac}})
          .has_value());
  EXPECT_TRUE(store.load().of<FirmwareFile>().empty());
}

TEST(FirmwareRecords, HaveOneFileOfANameAndVersion) {
  const TemporaryDirectory directory;
  store::Store store({.file = directory.path() / "store.sqlite", .vfs = {}});
  ASSERT_TRUE(commit(store, {Put<FirmwareFile>{file('a', "T46U.rom")}}).has_value());
  EXPECT_FALSE(commit(store, {Put<FirmwareFile>{file('b', "T46U.rom")}}).has_value());
  EXPECT_TRUE(commit(store, {Put<FirmwareFile>{file('b', "T48U.rom")}}).has_value());
  auto nameless = file('c', "");
  EXPECT_FALSE(commit(store, {Put<FirmwareFile>{nameless}}).has_value());
}

}  // namespace
}  // namespace roamdesk::test

#include "pbx-core/store/pepper.hpp"

#include <sys/stat.h>

#include <fstream>

#include "fixture.hpp"

namespace roamdesk::test {
namespace {

TEST(Pepper, IsMadeOnceAndPrivate) {
  const TemporaryDirectory directory;
  const Secret first = store::load_or_make_pepper(directory.path());
  EXPECT_EQ(first.reveal().size(), 64u);
  EXPECT_EQ(store::load_or_make_pepper(directory.path()), first);
  struct stat about {};
  ASSERT_EQ(::stat((directory.path() / "pepper.key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(Pepper, IsRefusedWhereOthersMayReadItOrItIsDamaged) {
  const TemporaryDirectory directory;
  store::load_or_make_pepper(directory.path());
  std::filesystem::permissions(directory.path() / "pepper.key", std::filesystem::perms{0644});
  EXPECT_THROW(store::load_or_make_pepper(directory.path()), store::StoreError);
  std::filesystem::permissions(directory.path() / "pepper.key", std::filesystem::perms{0600});
  std::ofstream(directory.path() / "pepper.key") << "short";
  EXPECT_THROW(store::load_or_make_pepper(directory.path()), store::StoreError);
  EXPECT_THROW(store::load_or_make_pepper("/nonexistent"), store::StoreError);
}

}  // namespace
}  // namespace roamdesk::test

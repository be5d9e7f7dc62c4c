#include <gmock/gmock.h>

#include "fixture.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::test {
namespace {

TEST(SnippetRecords, OutliveTheProgram) {
  const TemporaryDirectory directory;
  const store::Store::Options options{.file = directory.path() / "store.sqlite", .vfs = {}};
  Snippet snippet{"yealink:T46U", "a = 1\n"};
  {
    store::Store store(options);
    ASSERT_TRUE(commit(store, {Put<Snippet>{snippet}}).has_value());
    snippet.text = "a = 2\nb = {{X}} 'ä'\n";
    ASSERT_TRUE(commit(store, {Put<Snippet>{snippet}}).has_value());
    EXPECT_FALSE(commit(store, {Put<Snippet>{{"snom", ""}}}).has_value());
  }
  store::Store store(options);
  EXPECT_THAT(store.load().of<Snippet>(), testing::ElementsAre(snippet));
  ASSERT_TRUE(commit(store, {Delete<Snippet>{snippet.model}}).has_value());
  EXPECT_TRUE(store.load().of<Snippet>().empty());
}

}  // namespace
}  // namespace roamdesk::test

#include "sbc/lan/content_cache.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace roamdesk::sbc {
namespace {

struct Cache : testing::Test {
  Cache() {
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk-XXXXXX").string();
    folder = std::filesystem::path{::mkdtemp(name.data())} / "firmware";
  }
  ~Cache() override { std::filesystem::remove_all(folder.parent_path()); }
  static std::string hash(const std::string& text) { return crypto::sha256_hex(text); }
  static void fill(ContentCache& cache, const std::string& text) {
    ASSERT_TRUE(cache.begin(hash(text), text.size()));
    ASSERT_TRUE(cache.append(hash(text), text));
  }
  std::filesystem::path folder;
  ContentCache::Limits limits{.in_all = 100, .left_free = 0};
};

TEST_F(Cache, GivesWayOfTheOneThatWasAskedForLongestAgo) {
  ContentCache cache{folder, limits};
  const std::string a(40, 'a'), b(40, 'b'), c(40, 'c');
  fill(cache, a);
  fill(cache, b);
  EXPECT_TRUE(cache.find(hash(a), 40));
  fill(cache, c);
  EXPECT_TRUE(cache.find(hash(a), 40));
  EXPECT_FALSE(cache.find(hash(b), 40));
  EXPECT_LE(cache.held(), limits.in_all);
}

TEST_F(Cache, TakesNothingThatIsTooLargeOrIsNoHash) {
  ContentCache cache{folder, limits};
  EXPECT_FALSE(cache.begin(hash("x"), 101));
  EXPECT_FALSE(cache.begin("../../etc/passwd", 10));
  EXPECT_FALSE(cache.begin(hash("x"), 0));
  limits.left_free = UINT64_MAX / 2;
  ContentCache full{folder, limits};
  EXPECT_FALSE(full.begin(hash("x"), 10)) << "the disk's last room isn't ours";
}

TEST_F(Cache, GivesTheLastPieceWhenTheHashIsRight) {
  ContentCache cache{folder, limits};
  const std::string text = "0123456789";
  const auto source = cache.begin(hash(text), text.size());
  ASSERT_TRUE(source);
  EXPECT_TRUE(cache.append(hash(text), "01234"));
  std::string got;
  EXPECT_EQ(source->read(0, 100, got), http::BodySource::State::some);
  EXPECT_EQ(got, "01234");
  EXPECT_EQ(source->read(5, 100, got), http::BodySource::State::not_yet);
  EXPECT_FALSE(cache.append(hash(text), "5678x"));
  EXPECT_EQ(source->read(5, 100, got), http::BodySource::State::failed);
  EXPECT_FALSE(cache.find(hash(text), text.size()));
  EXPECT_EQ(cache.held(), 0u);
}

TEST_F(Cache, KeepsWhatIsWholeOverARestartAndNothingElse) {
  {
    ContentCache cache{folder, limits};
    fill(cache, std::string(30, 'a'));
    cache.begin(hash("cut short"), 9);
    cache.append(hash("cut short"), "cut");
  }
  ContentCache cache{folder, limits};
  EXPECT_TRUE(cache.find(hash(std::string(30, 'a')), 30));
  EXPECT_FALSE(cache.find(hash("cut short"), 9));
  EXPECT_EQ(cache.held(), 30u);
  EXPECT_FALSE(cache.find(hash(std::string(30, 'a')), 31)) << "of another size: it isn't that";
}

TEST_F(Cache, ForgetsWhatDoesntCome) {
  ContentCache cache{folder, limits};
  const auto source = cache.begin(hash("abc"), 3);
  cache.give_up(hash("abc"));
  std::string got;
  EXPECT_EQ(source->read(0, 3, got), http::BodySource::State::failed);
  EXPECT_FALSE(cache.append(hash("abc"), "abc"));
  EXPECT_EQ(cache.held(), 0u);
}

}  // namespace
}  // namespace roamdesk::sbc

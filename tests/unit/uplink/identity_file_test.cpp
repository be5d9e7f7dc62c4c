#include "sbc/uplink/identity_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "common/crypto/random.hpp"

namespace roamdesk::sbc {
namespace {

struct IdentityFile : testing::Test {
  std::filesystem::path dir =
      std::filesystem::temp_directory_path() / ("roamdesk_identity_" + std::to_string(getpid()));
  ~IdentityFile() override { std::filesystem::remove_all(dir); }
};

TEST_F(IdentityFile, ComesBackAsItWasStoredAndIsPrivate) {
  EXPECT_FALSE(load_identity(dir));
  const auto authority = crypto::Authority::create("ca", crypto::random_bytes(16), WallTime{});
  const auto identity =
      authority.make_server({"branch-1"}, crypto::random_bytes(16), WallTime{}, std::chrono::hours{24});
  store_identity(dir, identity);
  const auto loaded = load_identity(dir);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->key, identity.key);
  EXPECT_EQ(loaded->certificate, identity.certificate);
  EXPECT_EQ(loaded->authority, identity.authority);
  struct stat info {};
  ASSERT_EQ(::stat(identity_file(dir).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(IdentityFile, AnythingElseIsRefusedInWords) {
  std::filesystem::create_directories(dir);
  std::ofstream{identity_file(dir)} << "nonsense";
  EXPECT_THROW(load_identity(dir), std::runtime_error);
}

}  // namespace
}  // namespace roamdesk::sbc

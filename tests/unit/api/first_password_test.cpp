#include <fstream>

#include "fixture.hpp"

// Passwords that somebody else has chosen: their user is asked for another one, and what was written down goes.
namespace roamdesk::test {
namespace {

class APasswordOfAnothersChoice : public ApiTest {
 protected:
  bool asked(const std::string& token) {
    return call("GET", "/me", "", token).body.at("must_change_password").as_bool();
  }
};

TEST_F(APasswordOfAnothersChoice, IsAskedAboutUntilItsUserHasChosenOne) {
  ASSERT_EQ(admin("POST", "/users",
                  R"({"name":"rita","password":"a good password","role":"reader","must_change_password":true})")
                .status,
            201);
  std::string rita = log_in("rita", "a good password");
  EXPECT_TRUE(asked(rita));
  EXPECT_EQ(call("PATCH", "/users/rita", R"({"must_change_password":false})", rita).status, 403) << "not by saying so";
  EXPECT_EQ(call("PATCH", "/users/rita", R"({"password":"my own password"})", rita).status, 200);
  rita = log_in("rita", "my own password");
  EXPECT_FALSE(asked(rita));
  // An administrator gives one anew; without a word of it nothing is asked, as before.
  ASSERT_EQ(admin("PATCH", "/users/rita", R"({"password":"the next password","must_change_password":true})").status,
            200);
  EXPECT_TRUE(asked(log_in("rita", "the next password")));
  EXPECT_TRUE(store_->load().users.at(1).must_change_password) << "after a restart as well";
  EXPECT_FALSE(asked(user("otto", "operator")));
}

TEST_F(APasswordOfAnothersChoice, ThatTheStartMadeUpGoesFromTheDiskOnceItIsChanged) {
  const auto file = api::first_password_file(directory_);
  options_.first_password = file;
  start();
  const auto write = [&] { std::ofstream(file) << "made up\n"; };
  write();
  const std::string rita = user("rita", "administrator");
  EXPECT_EQ(admin("PATCH", "/users/rita", R"({"password":"a better password"})").status, 200);
  EXPECT_EQ(admin("PATCH", "/users/admin", R"({"password":"short"})").status, 422);
  EXPECT_TRUE(std::filesystem::exists(file)) << "another one's, and one that was refused";
  EXPECT_EQ(admin("PATCH", "/users/admin", R"({"password":"a better password"})").status, 200);
  EXPECT_FALSE(std::filesystem::exists(file));
  write();
  EXPECT_EQ(call("DELETE", "/users/admin", "", log_in("rita", "a better password")).status, 204);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(APasswordOfAnothersChoice, IsThatOfTheFirstStartWhereNobodyGaveOne) {
  for (const bool given : {true, false}) {
    store::Store store{{.file = directory_ / (given ? "given.db" : "made-up.db"), .vfs = {}}};
    std::vector<User> users;
    const auto first =
        api::make_first_administrator(users, store, *hasher_, Secret{given ? "a good password" : ""}, directory_, {});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->user.must_change_password, !given);
  }
}

}  // namespace
}  // namespace roamdesk::test

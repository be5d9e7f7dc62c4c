#include "common/http/message.hpp"

#include <gtest/gtest.h>

namespace roamdesk::test {
namespace {

TEST(HttpMessage, DecodesPathsAndQueries) {
  http::Request r;
  r.target = "/provision/ab%2Fc?x=1&y=%41+b&z";
  EXPECT_EQ(r.path(), "/provision/ab/c");
  EXPECT_EQ(r.query("x"), "1");
  EXPECT_EQ(r.query("y"), "A+b");
  EXPECT_EQ(r.query("z"), "");
  EXPECT_EQ(r.query("w"), std::nullopt);
  for (const char* broken : {"/%", "/%4", "/%zz", "/%00"}) {
    r.target = broken;
    EXPECT_EQ(r.path(), "") << broken;
  }
}

TEST(HttpMessage, FindsCookies) {
  http::Request r;
  r.fields = {{"cookie", "a=1; b=2;c=3"}, {"Cookie", "d="}};
  EXPECT_EQ(r.cookie("b"), "2");
  EXPECT_EQ(r.cookie("c"), "3");
  EXPECT_EQ(r.cookie("d"), "");
  EXPECT_EQ(r.cookie("e"), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::test

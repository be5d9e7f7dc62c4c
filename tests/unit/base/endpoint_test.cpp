#include "common/base/endpoint.hpp"

#include <gtest/gtest.h>

#include "common/base/secret.hpp"
#include "common/phones/mac.hpp"

namespace roamdesk {
namespace {

TEST(Endpoint, IsReadAndWrittenAlike) {
  EXPECT_EQ(to_string(*parse_endpoint("192.0.2.1:5060")), "192.0.2.1:5060");
  EXPECT_EQ(to_string(*parse_endpoint("0.0.0.0:65535")), "0.0.0.0:65535");
}

TEST(Endpoint, InAnyOtherFormIsRefused) {
  for (const auto* text : {"", "192.0.2.1", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2:5060",
                           "192.0.2.256:1", "192.0.2.01:1", " 192.0.2.1:1", "192.0.2.1:1 ", "192.0.2.1:+1", "::1:5060"})
    EXPECT_FALSE(parse_endpoint(text)) << text;
  EXPECT_TRUE(parse_endpoint("192.0.2.1:0", true));
}

TEST(Mac, IsTakenInAnyCaseAndGivenInLowerCase) {
  EXPECT_EQ(Mac::parse("001565AaBbCc")->text(), "001565aabbcc");
  for (const auto* text : {"", "00:15:65:aa:bb:cc", "001565aabbc", "001565aabbccd", "00156 aabbcc", "g01565aabbcc"})
    EXPECT_FALSE(Mac::parse(text)) << text;
}

TEST(Secret, PrintsAsStars) { EXPECT_EQ(fmt::format("pin={}", Secret{"7391"}), "pin=***"); }

}  // namespace
}  // namespace roamdesk

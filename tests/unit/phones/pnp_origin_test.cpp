#include "common/phones/pnp_origin.hpp"

#include <gtest/gtest.h>

#include "common/sip/parse.hpp"

namespace roamdesk::phones {
namespace {

std::string asking(const std::string& event, const std::string& method = "SUBSCRIBE") {
  return method +
         " sip:MAC%3a805ec0112233@224.0.1.75 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1\r\n"
         "From: <sip:x@224.0.1.75>;tag=1\r\nTo: <sip:x@224.0.1.75>\r\nCall-ID: 1\r\nCSeq: 1 " +
         method + "\r\n" + event + "\r\nContent-Length: 0\r\n\r\n";
}

TEST(PnpOrigin, IsWrittenIntoWhatAsksForAProfileHoweverItIsSpelt) {
  for (const auto* event : {"Event: ua-profile;profile-type=\"device\"", "o: UA-Profile", "event:ua-profile",
                            "Event:\r\n ua-profile;vendor=x"}) {
    const auto plain = asking(event);
    EXPECT_FALSE(came_by_unicast(*sip::parse(plain)));
    const auto marked = mark_unicast(plain);
    ASSERT_TRUE(marked) << event;
    const auto parsed = sip::parse(*marked);
    ASSERT_TRUE(parsed) << event;
    EXPECT_TRUE(came_by_unicast(*parsed)) << event;
    EXPECT_EQ(parsed->header("Event"), sip::parse(plain)->header("Event"));
  }
}

TEST(PnpOrigin, LeavesEverythingElseAsItIs) {
  for (const auto& message : {asking("Event: dialog"), asking("Event: ua-profile", "NOTIFY"), std::string{"\r\n\r\n"},
                              std::string{"SUBSCRIBE ua-profile"}, std::string{}})
    EXPECT_FALSE(mark_unicast(message)) << message;
}

}  // namespace
}  // namespace roamdesk::phones

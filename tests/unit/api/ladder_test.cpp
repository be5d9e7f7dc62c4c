#include "fixture.hpp"

namespace roamdesk::test {
namespace {

TEST_F(ApiTest, ShowsACallsMessagesBetweenItsPartiesAndTheCore) {
  const sip::FlowAddress flow{SiteId{"branch-1"}, sip::Transport::udp, *parse_endpoint("10.0.0.1:5060"),
                              *parse_endpoint("10.0.0.2:5060")};
  api::Domain::CallTrace trace;
  trace.state = api::CallState::ended;
  trace.sip.parties = {{"101", SiteId{"branch-1"}}, {"102", local_site()}};
  trace.sip.messages = {
      {WallTime{}, true, 0, flow,
       "INVITE sip:102@x SIP/2.0\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n"},
      {WallTime{}, false, 0, flow, "SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE\r\nX: \xff\xc3\xa9\r\n\r\n"}};
  trace.sip.dropped = 3;
  on_domain([&] { domain_.traces_["c1"] = trace; });
  const auto body = admin("GET", "/calls/c1/ladder").body;
  EXPECT_EQ(body.at("state"), "ended");
  EXPECT_EQ(body.at("dropped"), 3);
  ASSERT_EQ(body.at("parties").as_array().size(), 3u);
  EXPECT_EQ(body.at("parties").at(1).at("id"), "core");
  const auto& asked = body.at("messages").at(0);
  EXPECT_EQ(asked.at("from"), "d1");
  EXPECT_EQ(asked.at("to"), "core");
  EXPECT_EQ(asked.at("summary"), "INVITE (SDP)");
  EXPECT_TRUE(asked.at("status").is_null());
  const auto& answered = body.at("messages").at(1);
  EXPECT_EQ(answered.at("from"), "core");
  EXPECT_EQ(answered.at("kind"), "response");
  EXPECT_EQ(answered.at("status"), 180);
  EXPECT_EQ(answered.at("reason"), "Ringing");
  EXPECT_EQ(answered.at("method"), "INVITE");
  // JSON is UTF-8, SIP any bytes.
  EXPECT_NE(std::string(answered.at("text").as_string()).find("X: ?\xc3\xa9"), std::string::npos);
  EXPECT_EQ(admin("GET", "/calls/c2/ladder").status, 404);
  EXPECT_EQ(admin("GET", "/calls/c2/pcap").status, 404);
}

}  // namespace
}  // namespace roamdesk::test

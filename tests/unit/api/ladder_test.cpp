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

class CallMediaApi : public ApiTest {
 protected:
  CallMediaApi() {
    options_.look_at_media = [this](const std::vector<media::StreamId>& streams, const auto& done) {
      looked_ = streams;
      done({{media::StreamId{7}, 1000, 20, 3, 1.5}});
    };
    start();
  }
  void is_up(bool at_site) {
    on_domain([&] {
      domain_.media_["c1"] = {at_site,
                              {{"101", local_site(), "PCMA", media::StreamId{7}},
                               {"102", SiteId{"branch-1"}, "", media::StreamId{8}},
                               {"103", SiteId{"branch-1"}, "", std::nullopt}}};
    });
  }
  std::vector<media::StreamId> looked_;
};

TEST_F(CallMediaApi, SaysHowEachPartysVoiceComesWhileTheyTalk) {
  is_up(false);
  const auto voice = admin("GET", "/calls/c1/media").body;
  EXPECT_EQ(looked_, (std::vector{media::StreamId{7}, media::StreamId{8}}));
  EXPECT_EQ(voice.at("media"), "core");
  const auto& caller = voice.at("parties").at(0);
  EXPECT_EQ(caller.at("number"), "101");
  EXPECT_EQ(caller.at("codec"), "PCMA");
  EXPECT_EQ(boost::json::serialize(caller.at("heard")), R"({"packets":1000,"lost":20,"dropped":3,"jitter_ms":1.5E0})");
  EXPECT_TRUE(voice.at("parties").at(1).at("codec").is_null());
  EXPECT_TRUE(voice.at("parties").at(1).at("heard").is_null()) << "its stream has gone meanwhile";
  EXPECT_TRUE(voice.at("parties").at(2).at("heard").is_null());
  EXPECT_EQ(admin("GET", "/calls/c2/media").status, 404);
}

TEST_F(CallMediaApi, SaysOfACallAtHomeInABranchThatTheCoreHearsNothing) {
  is_up(true);
  const auto voice = admin("GET", "/calls/c1/media").body;
  EXPECT_EQ(voice.at("media"), "site");
  EXPECT_TRUE(voice.at("parties").at(0).at("heard").is_null());
  EXPECT_TRUE(looked_.empty()) << "zeros would be a lie";
}

}  // namespace
}  // namespace roamdesk::test

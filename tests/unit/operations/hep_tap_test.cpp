#include "pbx-core/operations/hep_tap.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "common/hep/encode.hpp"

namespace roamdesk::core {
namespace {
using testing::HasSubstr;
using testing::Not;

class HepTapTest : public testing::Test {
 protected:
  HepTapTest() {
    const auto at = collector_.open(Endpoint{IpAddress{0x7f000001}, 0});
    config_.collector = at.value();
    tap_.emplace(io_, config_);
  }
  // What the collector has heard since the last time.
  std::string heard() {
    io_.restart();
    io_.run_for(std::chrono::milliseconds{50});
    return std::exchange(heard_, {});
  }
  static sip::Flow flow() {
    return {sip::FlowId{7},
            {SiteId{"branch-1"}, sip::Transport::udp, *parse_endpoint("192.168.1.5:5060"),
             *parse_endpoint("192.168.1.77:5060")}};
  }

  boost::asio::io_context io_;
  std::string heard_;
  net::UdpSocket collector_{io_, [this](const net::Datagram& datagram) { heard_ += datagram.bytes; }};
  Config::Hep config_;
  std::optional<HepTap> tap_;
};

// The file's address is what a phone proves itself by.
TEST_F(HepTapTest, TakesOutTheAddressOfAPhonesFileAndDigits) {
  tap_->received(flow(), "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: c1\r\n\r\n", WallTime{});
  EXPECT_THAT(heard(), HasSubstr("OPTIONS"));
  tap_->sent(sip::FlowId{7},
             "NOTIFY sip:MAC SIP/2.0\r\nCall-ID: c1\r\nEvent: ua-profile\r\nContent-Type: application/url\r\n\r\n"
             "http://192.0.2.1:5000/provision/token-of-the-phone/",
             WallTime{});
  EXPECT_THAT(heard(), testing::AllOf(HasSubstr("ua-profile"), Not(HasSubstr("token-of-the-phone"))));
  tap_->received(flow(),
                 "INFO sip:a@b SIP/2.0\r\nCall-ID: c1\r\nCSeq: 2 INFO\r\nContent-Type: application/dtmf-relay\r\n\r\n"
                 "Signal=8\r\n",
                 WallTime{});
  EXPECT_THAT(heard(), Not(HasSubstr("Signal")));
  tap_->received(flow(),
                 "INVITE sip:a@b SIP/2.0\r\nCall-ID: c2\r\nAuthorization: Digest response=\"secret\"\r\n"
                 "Content-Type: application/sdp\r\n\r\n"
                 "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\n",
                 WallTime{});
  EXPECT_THAT(heard(), testing::AllOf(HasSubstr("v=0"), Not(HasSubstr("secret")), Not(HasSubstr("c2VjcmV0"))));
}

TEST_F(HepTapTest, DropsAndCountsWhatCantBeSentAndWaitsForNobody) {
  tap_->sent(sip::FlowId{8}, "OPTIONS sip:a@b SIP/2.0\r\n\r\n", WallTime{});
  EXPECT_EQ(tap_->counts().dropped, 1u) << "nobody knows from where to where";
  const std::string large = "OPTIONS sip:a@b SIP/2.0\r\nX: " + std::string(hep::largest, 'x') + "\r\n\r\n";
  tap_->received(flow(), large, WallTime{});
  EXPECT_EQ(tap_->counts().dropped, 2u);
  tap_->received(flow(), "\r\n\r\n", WallTime{});
  EXPECT_EQ(tap_->counts().dropped + tap_->counts().sent, 2u) << "a keepalive is no message";
  collector_.close();
  for (int i = 0; i < 1000; ++i) tap_->received(flow(), "OPTIONS sip:a@b SIP/2.0\r\n\r\n", WallTime{});
  EXPECT_EQ(tap_->counts().dropped + tap_->counts().sent, 1002u) << "nobody is there";
  tap_->closed(flow());
  const auto before = tap_->counts().dropped;
  tap_->sent(sip::FlowId{7}, "OPTIONS sip:a@b SIP/2.0\r\n\r\n", WallTime{});
  EXPECT_EQ(tap_->counts().dropped, before + 1);
}

}  // namespace
}  // namespace roamdesk::core

#include <gtest/gtest.h>

#include "common/tunnel/wire.hpp"
#include "tests/unit/tunnel/samples.hpp"

namespace roamdesk::tunnel {
namespace {

crypto::Bytes body_of(const Frame& frame) {
  crypto::Bytes bytes;
  append_frame(frame, bytes);
  EXPECT_EQ(load<std::uint32_t>(bytes.data()), bytes.size() - 4);
  bytes.erase(bytes.begin(), bytes.begin() + 4);
  return bytes;
}

TEST(FrameCodec, ReadsNoFieldTwiceAndLeavesNoneOut) {
  for (const auto& frame : sample_frames()) {
    const auto defaults = std::visit([]<class F>(const F&) { return Frame{F{}}; }, frame);
    EXPECT_EQ(frame == defaults, body_of(frame).size() == 1)
        << name_of(frame) << " has fields, and they are as they were";
  }
}

TEST(FrameCodec, ReadsWhatItWrote) {
  for (const auto& frame : sample_frames()) {
    ASSERT_TRUE(fits(frame)) << name_of(frame);
    const auto parsed = parse_frame(body_of(frame));
    ASSERT_TRUE(parsed) << name_of(frame) << ": " << describe(parsed.error());
    EXPECT_EQ(*parsed, frame) << name_of(frame);
  }
}

TEST(FrameCodec, RefusesEveryTruncation) {
  for (const auto& frame : sample_frames()) {
    const auto body = body_of(frame);
    for (std::size_t size = 0; size < body.size(); ++size) {
      EXPECT_FALSE(parse_frame(crypto::ByteView{body}.first(size))) << name_of(frame) << " cut to " << size;
    }
  }
}

TEST(FrameCodec, RefusesTrailingBytes) {
  for (const auto& frame : sample_frames()) {
    auto body = body_of(frame);
    body.push_back(0);
    EXPECT_EQ(parse_frame(body).error(), FrameError::trailing) << name_of(frame);
  }
}

// The bytes of docs/tunnel.md's example: another implementation would write these.
TEST(FrameCodec, WritesTheDocumentedBytes) {
  crypto::Bytes bytes;
  append_frame(FlowOpen{FlowNumber{2}, Transport::udp, face, phone}, bytes);
  EXPECT_EQ(crypto::to_hex(bytes),
            "00000012"
            "20"
            "00000002"
            "01"
            "c0a8010513c4"
            "c0a8016413c6");
  bytes.clear();
  append_frame(Sip{FlowNumber{2}, "\r\n"}, bytes);
  EXPECT_EQ(crypto::to_hex(bytes),
            "00000009"
            "22"
            "00000002"
            "0002"
            "0d0a");
}

TEST(FrameCodec, RefusesUnknownTypes) {
  EXPECT_EQ(parse_frame(crypto::Bytes{0}).error(), FrameError::unknown_type);
  EXPECT_EQ(parse_frame(crypto::Bytes{255, 1, 2}).error(), FrameError::unknown_type);
  EXPECT_EQ(parse_frame({}).error(), FrameError::truncated);
}

TEST(FrameCodec, RefusesValuesOutsideTheirRange) {
  auto body = body_of(FlowOpen{FlowNumber{2}, Transport::udp, face, phone});
  body[5] = 4;  // transport
  EXPECT_EQ(parse_frame(body).error(), FrameError::bad_value);
  body = body_of(FlowClose{FlowNumber{2}});
  body[4] = 0;  // flow 0
  EXPECT_EQ(parse_frame(body).error(), FrameError::bad_value);
  body = body_of(FlowStanding{FlowNumber{2}, sip::Standing::peer});
  body[5] = 4;  // standing
  EXPECT_EQ(parse_frame(body).error(), FrameError::bad_value);
  body = body_of(HttpBody{HttpId{1}, true, ""});
  body[5] = 2;  // a flag
  EXPECT_EQ(parse_frame(body).error(), FrameError::bad_value);
  body = body_of(Goodbye{Reason::busy, ""});
  body[1] = static_cast<std::uint8_t>(Reason::lost);  // never on the wire
  EXPECT_EQ(parse_frame(body).error(), FrameError::bad_value);
}

TEST(FrameCodec, RefusesFieldsOverTheirLimits) {
  EXPECT_TRUE(fits(Sip{FlowNumber{2}, std::string(max_sip_message, 'x')}));
  EXPECT_FALSE(fits(Sip{FlowNumber{2}, std::string(max_sip_message + 1, 'x')}));
  EXPECT_FALSE(fits(HttpBody{HttpId{1}, true, std::string(max_http_body + 1, 'x')}));
  EXPECT_FALSE(fits(Media{crypto::Bytes(max_media_datagram + 1)}));
  Hello hello;
  hello.lans.resize(33);
  EXPECT_FALSE(fits(hello));
  HttpRequest request{HttpId{1}, face, phone, "GET", "/", {}};
  request.headers.resize(65);
  EXPECT_FALSE(fits(request));
  request.headers.assign(64, HttpHeader{"a", std::string(2000, 'x')});
  EXPECT_FALSE(fits(request)) << "each header fits, all together don't";
  EXPECT_FALSE(fits(FlowClose{})) << "flow 0";
  // What a liar writes is refused as well.
  crypto::Bytes body{50, 0, 0, 0, 1, 1, 0x40, 0x01};  // http_body, 16385 bytes
  body.resize(body.size() + 16385);
  EXPECT_EQ(parse_frame(body).error(), FrameError::too_long);
  EXPECT_EQ(parse_frame(crypto::Bytes(max_frame + 1)).error(), FrameError::too_long);
}

TEST(FrameRules, EachSideMaySendItsOwnOnly) {
  EXPECT_TRUE(may_send(Side::sbc, Hello{}));
  EXPECT_FALSE(may_send(Side::core, Hello{}));
  EXPECT_TRUE(may_send(Side::core, StreamOpen{}));
  EXPECT_FALSE(may_send(Side::sbc, StreamOpen{}));
  EXPECT_TRUE(may_send(Side::sbc, Sip{}) && may_send(Side::core, Sip{}));
  EXPECT_FALSE(may_send(Side::core, HttpRequest{}));
  EXPECT_TRUE(may_send(Side::core, FlowStanding{}));
  EXPECT_FALSE(may_send(Side::sbc, FlowStanding{})) << "who is there is the core's to know";
}

TEST(FrameCodec, NamesNoAddressOfIpv6SinceABranchsNetworksHaveNone) {
  const Endpoint six = *parse_endpoint("[2001:db8::1]:5060");
  EXPECT_FALSE(fits(FlowOpen{FlowNumber{2}, Transport::udp, face, six}));
  EXPECT_FALSE(fits(FlowOpen{FlowNumber{2}, Transport::udp, six, phone}));
  EXPECT_TRUE(fits(FlowOpen{FlowNumber{2}, Transport::udp, face, *parse_endpoint("[::ffff:192.168.1.9]:5060")}));
}

}  // namespace
}  // namespace roamdesk::tunnel

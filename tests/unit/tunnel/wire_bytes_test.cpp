#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/tunnel/samples.hpp"

namespace roamdesk::tunnel {
namespace {

// The bytes of version 1 of the protocol: an SBC of last year's writes and reads these.
std::vector<std::pair<Frame, const char*>> frames_and_bytes() {
  Hello hello;
  hello.software = "sbc 1.2";
  hello.name = "branch-1";
  hello.instance = id_of<InstanceId>(1);
  hello.core = id_of<InstanceId>(2);
  hello.session = id_of<TunnelSessionId>(3);
  hello.received = 77;
  hello.prefers_aes = false;
  hello.lans = {Lan{IpAddress{0xc0a80105}, 5060, 5061, 5000, 123, {20000, 29999}, true},
                Lan{IpAddress{0x0a000001}, 1, 2, 3, 4, {5, 6}, false}};
  Welcome welcome;
  welcome.software = "core 1.2";
  welcome.core = id_of<InstanceId>(4);
  welcome.session = id_of<TunnelSessionId>(5);
  welcome.resumed = true;
  welcome.received = 88;
  welcome.media_session = 0xdeadbeef;
  welcome.epoch = 9;
  welcome.cipher = crypto::Cipher::chacha20_poly1305;
  welcome.wall_ms = 1790000000000;
  const FlowNumber flow{6};
  const HttpId http{8};
  return {{hello,
           "00000072010001000773626320312e3200086272616e63682d31010101010101010101010101010101010202020202020202"
           "020202020202020203030303030303030303030303030303000000000000004d0002c0a8010513c413c51388007b4e20752f"
           "010a00000100010002000300040005000600"},
          {welcome,
           "000000450200010008636f726520312e32040404040404040404040404040404040505050505050505050505050505050501"
           "0000000000000058deadbeef000902000001a0c4506c00"},
          {Goodbye{Reason::revoked, "deleted"}, "0000000b0302000764656c65746564"},
          {Ping{1, 2}, "000000110400000000000000010000000000000002"},
          {Pong{3, 4}, "000000110500000000000000030000000000000004"},
          {Ack{5}, "00000009060000000000000005"},
          {Enrol{"branch-1", Secret{"secret"}, "-----BEGIN"},
           "0000001f0700086272616e63682d310006736563726574000a2d2d2d2d2d424547494e"},
          {Issued{"certificate", "authority"}, "0000001908000b63657274696669636174650009617574686f72697479"},
          {Renew{"-----BEGIN"}, "0000000d09000a2d2d2d2d2d424547494e"},
          {NextEpoch{3}, "000000030a0003"},
          {WantEpoch{}, "000000010b"},
          {Media{{1, 2, 3}}, "000000060c0003010203"},
          {LinkReport{20000, 1500, 1, 12, 4}, "000000120d00004e20000005dc010000000c00000004"},
          {FlowOpen{flow, Transport::tcp, face, phone}, "00000012200000000602c0a8010513c4c0a8016413c6"},
          {FlowClose{flow}, "000000052100000006"},
          {FlowStanding{flow, sip::Standing::registered}, "00000006230000000602"},
          {Sip{flow, "REGISTER sip:pbx SIP/2.0\r\n\r\n"},
           "000000232200000006001c5245474953544552207369703a706278205349502f322e300d0a0d0a"},
          {HttpRequest{http, face, phone, "GET", "/provision/x", {{"User-Agent", "Yealink"}, {"Range", ""}}},
           "000000433000000008c0a8010513c4c0a8016413c60003474554000c2f70726f766973696f6e2f7802000a557365722d4167"
           "656e7400075965616c696e6b000552616e67650000"},
          {HttpHead{http, 404, {{"Content-Type", "text/plain"}}},
           "000000223100000008019401000c436f6e74656e742d54797065000a746578742f706c61696e"},
          {HttpBody{http, false, std::string("\0\xff", 2)}, "0000000a320000000800000200ff"},
          {HttpCancel{http}, "000000053300000008"},
          {LanCertificateWanted{"-----BEGIN"}, "0000000d34000a2d2d2d2d2d424547494e"},
          {LanCertificate{"certificate"}, "0000000e35000b6365727469666963617465"},
          {HttpsOffered{{HttpsOffered::At{{face.address, 5001}}}}, "000000083601c0a801051389"},
          {StreamOpen{7, {face.address, 20000}}, "0000000b4000000007c0a801054e20"},
          {StreamRemote{7, {phone.address, 4000}, phone.address, 2, 9, 101, 0},
           "000000134100000007c0a801640fa0c0a8016402096500"},
          {StreamRemote{7, {phone.address, 4000}, phone.address, 2, 9, 101, StreamRemote::send | StreamRemote::at_once},
           "000000134100000007c0a801640fa0c0a8016402096503"},
          {StreamConnect{7, 8}, "00000009420000000700000008"},
          {StreamDisconnect{7}, "000000054300000007"},
          {StreamClose{7}, "000000054400000007"},
          {StreamFailed{7, "the port is taken"}, "000000184500000007001174686520706f72742069732074616b656e"},
          {StreamQuality{7, true, 1000, 10, 3, 2500},
           "0000002246000000070100000000000003e8000000000000000a0000000000000003000009c4"},
          {StreamSealed{{7, {phone.address, 4000}, phone.address, 2, 9, 101, false},
                        SrtpSuite::aes_cm_128_hmac_sha1_32,
                        Secret{"ours"},
                        Secret{"them"}},
           "000000204700000007c0a801640fa0c0a80164020965000300046f75727300047468656d"}};
}

TEST(WireBytes, AreThoseOfProtocolVersion1) {
  ASSERT_EQ(protocol_version, 1) << "another version has other bytes";
  for (const auto& [frame, hex] : frames_and_bytes()) {
    crypto::Bytes bytes;
    append_frame(frame, bytes);
    EXPECT_EQ(crypto::to_hex(bytes), hex) << name_of(frame);
    const auto parsed = parse_frame(crypto::ByteView{bytes}.subspan(4));
    ASSERT_TRUE(parsed) << name_of(frame) << ": " << describe(parsed.error());
    EXPECT_EQ(*parsed, frame) << name_of(frame);
  }
}

}  // namespace
}  // namespace roamdesk::tunnel

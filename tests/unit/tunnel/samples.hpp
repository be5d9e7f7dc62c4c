#pragma once
#include <vector>

#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::tunnel {

template <class Id>
Id id_of(std::uint8_t byte) {
  std::array<std::uint8_t, 16> bytes;
  bytes.fill(byte);
  return Id{bytes};
}

inline const Endpoint face{Ipv4{0xc0a80105}, 5060}, phone{Ipv4{0xc0a80164}, 5062};

// One of every type, each field different from its default.
inline std::vector<Frame> sample_frames() {
  Hello hello;
  hello.software = "sbc 1.2";
  hello.name = "branch-1";
  hello.instance = id_of<InstanceId>(1);
  hello.core = id_of<InstanceId>(2);
  hello.session = id_of<TunnelSessionId>(3);
  hello.received = 77;
  hello.prefers_aes = false;
  hello.lans = {Lan{Ipv4{0xc0a80105}, 5060, 5061, 5000, 123, 20000, 29999, true},
                Lan{Ipv4{0x0a000001}, 1, 2, 3, 4, 5, 6, false}};
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
  return {hello,
          welcome,
          Goodbye{Reason::revoked, "deleted"},
          Ping{1, 2},
          Pong{3, 4},
          Ack{5},
          Enrol{"branch-1", Secret{"secret"}, "-----BEGIN"},
          Issued{"certificate", "authority"},
          Renew{"-----BEGIN"},
          NextEpoch{3},
          WantEpoch{},
          Media{{1, 2, 3}},
          LinkReport{20000, 1500, 1, 12, 4},
          FlowOpen{flow, Transport::tcp, face, phone},
          FlowClose{flow},
          FlowStanding{flow, sip::Standing::registered},
          Sip{flow, "REGISTER sip:pbx SIP/2.0\r\n\r\n"},
          HttpRequest{http, face, phone, "GET", "/provision/x", {{"User-Agent", "Yealink"}, {"Range", ""}}},
          HttpHead{http, 404, {{"Content-Type", "text/plain"}}},
          HttpBody{http, false, std::string("\0\xff", 2)},
          HttpCancel{http},
          StreamOpen{7, {face.address, 20000}},
          StreamRemote{7, {phone.address, 4000}, phone.address, 2, 9, 101, false},
          StreamConnect{7, 8},
          StreamDisconnect{7},
          StreamClose{7},
          StreamFailed{7, "the port is taken"},
          StreamQuality{7, true, 1000, 10, 3, 2500}};
}

}  // namespace roamdesk::tunnel

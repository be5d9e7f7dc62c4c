#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/secret.hpp"
#include "common/crypto/aead.hpp"
#include "common/crypto/bytes.hpp"
#include "common/sip/standing.hpp"

// The control stream's frames (docs/tunnel.md §3). Frames that only one side may send say so; the session refuses the
// others.
namespace roamdesk::tunnel {

inline constexpr std::uint16_t protocol_version = 1;

// 16 random bytes each. An instance names a running program, a session what survives the loss of a connection.
using InstanceId = Strong<struct InstanceTag, std::array<std::uint8_t, 16>>;
using TunnelSessionId = Strong<struct TunnelSessionTag, std::array<std::uint8_t, 16>>;
// Numbers a flow in a session: odd from the core, even from the SBC; 0 is none; never reused within the session.
using FlowNumber = Strong<struct FlowNumberTag, std::uint32_t>;
using HttpId = Strong<struct HttpTag, std::uint32_t>;  // chosen by the SBC, never reused within a connection

enum class Transport : std::uint8_t { udp = 1, tcp = 2, tls = 3 };

// Where this SBC's phones see it, one for each of its LANs.
struct Lan {
  Ipv4 address;
  std::uint16_t sip = 0, sips = 0, provisioning = 0;  // 0: not offered
  std::uint16_t ntp = 0;
  std::uint16_t rtp_first = 0, rtp_last = 0;
  bool pnp = false;
  friend bool operator==(const Lan&, const Lan&) = default;
};

// ---- connection -----------------------------------------------------------------------------------------------------
// SBC, first frame. `session` and `core` are zero at the first contact of this instance.
struct Hello {
  std::uint16_t protocol = protocol_version;
  std::string software;
  std::string name;  // must be the certificate's
  InstanceId instance;
  InstanceId core;             // the core it last spoke to
  TunnelSessionId session;     // the session it would like to resume
  std::uint64_t received = 0;  // reliable frames received in that session
  bool prefers_aes = true;     // AES in hardware
  std::vector<Lan> lans;       // at most 32
  friend bool operator==(const Hello&, const Hello&) = default;
};
// Core, the answer. Unless `resumed`, every stream and flow of before is gone: the SBC closes its streams and announces
// its flows anew.
struct Welcome {
  std::uint16_t protocol = protocol_version;
  std::string software;
  InstanceId core;
  TunnelSessionId session;
  bool resumed = false;
  std::uint64_t received = 0;
  std::uint32_t media_session = 0;
  std::uint16_t epoch = 0;
  crypto::Cipher cipher = crypto::Cipher::aes_128_gcm;
  std::uint64_t wall_ms = 0;  // the core's clock, UTC, milliseconds since 1970
  friend bool operator==(const Welcome&, const Welcome&) = default;
};
enum class Reason : std::uint8_t {
  superseded = 1,  // a newer connection has this identity
  revoked,         // the SBC was deleted or its certificate replaced
  shutting_down,   // the sender ends; come back
  version,         // no common protocol version
  protocol_error,  // a frame that can't be, or isn't the sender's to send
  not_enrolled,    // no client certificate, and not an enrolment
  wrong_name,      // hello's name isn't the certificate's / enrolment for an SBC that doesn't exist
  secret_used,     // enrolment: the key was used already
  secret_expired,  // enrolment: the key is older than 24 h
  secret_unknown,  // enrolment: not a key of this SBC
  bad_request,     // enrolment: the certificate request is malformed or its key unsuitable
  busy,            // too many connections; come back
  overload,        // a bounded queue ran over
  // Never on the wire: how a connection ends when nobody says so.
  lost,         // closed without a goodbye, or TLS failed
  silent,       // nothing heard for too long
  unreachable,  // no connection came about
};
// Either. The last frame of a connection.
struct Goodbye {
  Reason reason = Reason::shutting_down;
  std::string text;
  friend bool operator==(const Goodbye&, const Goodbye&) = default;
};
struct Ping {
  std::uint64_t token = 0;
  std::uint64_t received = 0;  // reliable frames received so far: an acknowledgement
  friend bool operator==(const Ping&, const Ping&) = default;
};
struct Pong {
  std::uint64_t token = 0;
  std::uint64_t received = 0;
  friend bool operator==(const Pong&, const Pong&) = default;
};
struct Ack {
  std::uint64_t received = 0;
  friend bool operator==(const Ack&, const Ack&) = default;
};
// SBC. Only frame allowed without a client certificate.
struct Enrol {
  std::string name;
  Secret secret;
  std::string request;  // PKCS#10, PEM
  friend bool operator==(const Enrol&, const Enrol&) = default;
};
// Core: the answer to Enrol (refusals are Goodbye) and to Renew.
struct Issued {
  std::string certificate, authority;  // PEM
  friend bool operator==(const Issued&, const Issued&) = default;
};
// SBC.
struct Renew {
  std::string request;
  friend bool operator==(const Renew&, const Renew&) = default;
};
// Core: media keys of this epoch are in force from now on.
struct NextEpoch {
  std::uint16_t epoch = 0;
  friend bool operator==(const NextEpoch&, const NextEpoch&) = default;
};
// SBC: its counter nears the limit.
struct WantEpoch {
  friend bool operator==(const WantEpoch&, const WantEpoch&) = default;
};
// Either: a sealed media datagram, where UDP doesn't pass.
struct Media {
  crypto::Bytes datagram;
  friend bool operator==(const Media&, const Media&) = default;
};

// ---- SIP ------------------------------------------------------------------------------------------------------------
// Either: from now on `flow` names this. SIP PnP comes as a UDP flow whose face is the LAN's SIP address and port.
struct FlowOpen {
  FlowNumber flow;
  Transport transport = Transport::udp;
  Endpoint face, peer;
  friend bool operator==(const FlowOpen&, const FlowOpen&) = default;
};
struct FlowClose {
  FlowNumber flow;
  friend bool operator==(const FlowClose&, const FlowClose&) = default;
};
// Core: what it knows of who is there; said where it changes. The SBC keeps flows, and hears them, by it.
struct FlowStanding {
  FlowNumber flow;
  sip::Standing standing = sip::Standing::unproven;
  friend bool operator==(const FlowStanding&, const FlowStanding&) = default;
};
struct Sip {
  FlowNumber flow;
  std::string message;  // one whole message, at most 65,535 bytes
  friend bool operator==(const Sip&, const Sip&) = default;
};

// ---- provisioning ---------------------------------------------------------------------------------------------------
struct HttpHeader {
  std::string name, value;
  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};
// SBC. Requests have no body.
struct HttpRequest {
  HttpId id;
  Endpoint face, peer;
  std::string method, path;
  std::vector<HttpHeader> headers;  // at most 64
  friend bool operator==(const HttpRequest&, const HttpRequest&) = default;
};
// Core: one head, then bodies of at most 16 KiB, the last of which says so.
struct HttpHead {
  HttpId id;
  std::uint16_t status = 200;
  std::vector<HttpHeader> headers;
  friend bool operator==(const HttpHead&, const HttpHead&) = default;
};
struct HttpBody {
  HttpId id;
  bool last = true;
  std::string bytes;
  friend bool operator==(const HttpBody&, const HttpBody&) = default;
};
// Either: nobody waits for it any more / it can't be completed.
struct HttpCancel {
  HttpId id;
  friend bool operator==(const HttpCancel&, const HttpCancel&) = default;
};

// ---- media orders (core) and reports (SBC); streams are media::StreamId's values
// -------------------------------------------
struct StreamOpen {
  std::uint32_t stream = 0;
  Endpoint local;
  friend bool operator==(const StreamOpen&, const StreamOpen&) = default;
};
struct StreamRemote {
  std::uint32_t stream = 0;
  Endpoint rtp;  // port 0: nothing to send to yet
  Ipv4 signalling;
  std::uint8_t codec = 0;  // media::Codec's value, 0..3
  std::uint8_t codec_payload = 0;
  std::uint8_t event_payload = 255;  // 255: telephone-event wasn't negotiated
  bool send = true;
  friend bool operator==(const StreamRemote&, const StreamRemote&) = default;
};
// Bridged at the SBC; replaces what either was connected to. A stream that isn't connected sends to the core.
struct StreamConnect {
  std::uint32_t a = 0, b = 0;
  friend bool operator==(const StreamConnect&, const StreamConnect&) = default;
};
struct StreamDisconnect {
  std::uint32_t stream = 0;
  friend bool operator==(const StreamDisconnect&, const StreamDisconnect&) = default;
};
struct StreamClose {
  std::uint32_t stream = 0;
  friend bool operator==(const StreamClose&, const StreamClose&) = default;
};
struct StreamFailed {
  std::uint32_t stream = 0;
  std::string why;
  friend bool operator==(const StreamFailed&, const StreamFailed&) = default;
};
// After StreamClose, and every 5 s while the stream is up.
struct StreamQuality {
  std::uint32_t stream = 0;
  bool closed = false;
  std::uint64_t received = 0, lost = 0, dropped = 0;
  std::uint32_t jitter_us = 0;
  friend bool operator==(const StreamQuality&, const StreamQuality&) = default;
};
// Either, every 5 s: what the sender measures on the media path, and how much it serves.
struct LinkReport {
  std::uint32_t rtt_us = 0;    // 0: unknown
  std::uint32_t loss_ppm = 0;  // of the datagrams sent to the sender of this report
  std::uint8_t udp = 0;        // 1: its media goes by UDP, 0: by the stream
  std::uint32_t phones = 0, streams = 0;
  friend bool operator==(const LinkReport&, const LinkReport&) = default;
};

using Frame =
    std::variant<Hello, Welcome, Goodbye, Ping, Pong, Ack, Enrol, Issued, Renew, NextEpoch, WantEpoch, Media, FlowOpen,
                 FlowClose, FlowStanding, Sip, HttpRequest, HttpHead, HttpBody, HttpCancel, StreamOpen, StreamRemote,
                 StreamConnect, StreamDisconnect, StreamClose, StreamFailed, StreamQuality, LinkReport>;

}  // namespace roamdesk::tunnel

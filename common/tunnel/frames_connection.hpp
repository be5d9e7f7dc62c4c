#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/port_range.hpp"
#include "common/base/secret.hpp"
#include "common/crypto/aead.hpp"
#include "common/crypto/bytes.hpp"
#include "common/tunnel/frame_trait.hpp"

// The connection itself: greeting, keepalive, enrolment, media keys, and media where UDP doesn't pass.
namespace roamdesk::tunnel {

inline constexpr std::uint16_t protocol_version = 1;

// 16 random bytes each. An instance names a running program, a session what survives the loss of a connection.
using InstanceId = Strong<struct InstanceTag, std::array<std::uint8_t, 16>>;
using TunnelSessionId = Strong<struct TunnelSessionTag, std::array<std::uint8_t, 16>>;

// Where this SBC's phones see it, one for each of its LANs.
struct Lan {
  IpAddress address;
  std::uint16_t sip = 0, sips = 0, provisioning = 0;  // 0: not offered
  std::uint16_t ntp = 0;
  PortRange rtp;
  bool pnp = false;
  static void fields(auto& archive, auto& lan) {
    archive.address(lan.address);
    archive.number(lan.sip);
    archive.number(lan.sips);
    archive.number(lan.provisioning);
    archive.number(lan.ntp);
    archive.number(lan.rtp.first);
    archive.number(lan.rtp.last);
    archive.flag(lan.pnp);
  }
  friend bool operator==(const Lan&, const Lan&) = default;
};

// The first frame. `session` and `core` are zero at the first contact of this instance.
struct Hello {
  static constexpr FrameTrait trait{1, "hello", Sender::sbc, FrameClass::connection};

  std::uint16_t protocol = protocol_version;
  std::string software;
  std::string name;  // must be the certificate's
  InstanceId instance;
  InstanceId core;             // the core it last spoke to
  TunnelSessionId session;     // the session it would like to resume
  std::uint64_t received = 0;  // reliable frames received in that session
  bool prefers_aes = true;     // AES in hardware
  std::vector<Lan> lans;       // at most 32
  static void fields(auto& archive, auto& frame) {
    archive.number(frame.protocol);
    archive.text(frame.software, most_software);
    archive.text(frame.name, most_name);
    archive.id(frame.instance);
    archive.id(frame.core);
    archive.id(frame.session);
    archive.number(frame.received);
    archive.flag(frame.prefers_aes);
    archive.list(frame.lans, most_lans);
  }
  friend bool operator==(const Hello&, const Hello&) = default;
};

// The answer to Hello. Unless `resumed`, every stream and flow of before is gone: the SBC closes its streams and
// announces its flows again.
struct Welcome {
  static constexpr FrameTrait trait{2, "welcome", Sender::core, FrameClass::connection};

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
  static void fields(auto& archive, auto& frame) {
    archive.number(frame.protocol);
    archive.text(frame.software, most_software);
    archive.id(frame.core);
    archive.id(frame.session);
    archive.flag(frame.resumed);
    archive.number(frame.received);
    archive.present(frame.media_session);
    archive.number(frame.epoch);
    archive.enumeration(frame.cipher, crypto::Cipher::aes_128_gcm, crypto::Cipher::chacha20_poly1305);
    archive.number(frame.wall_ms);
  }
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
  // Never on the wire: how a connection ends without a goodbye.
  lost,         // closed without a goodbye, or TLS failed
  silent,       // nothing heard for too long
  unreachable,  // no connection came about
};

// The last frame of a connection.
struct Goodbye {
  static constexpr FrameTrait trait{3, "goodbye", Sender::both, FrameClass::connection};

  Reason reason = Reason::shutting_down;
  std::string text;
  static void fields(auto& archive, auto& frame) {
    archive.enumeration(frame.reason, Reason::superseded, Reason::overload);
    archive.text(frame.text, most_text);
  }
  friend bool operator==(const Goodbye&, const Goodbye&) = default;
};

struct Ping {
  static constexpr FrameTrait trait{4, "ping", Sender::both, FrameClass::connection};

  std::uint64_t token = 0;
  std::uint64_t received = 0;  // reliable frames received so far: an acknowledgement
  static void fields(auto& archive, auto& frame) {
    archive.number(frame.token);
    archive.number(frame.received);
  }
  friend bool operator==(const Ping&, const Ping&) = default;
};

struct Pong {
  static constexpr FrameTrait trait{5, "pong", Sender::both, FrameClass::connection};

  std::uint64_t token = 0;
  std::uint64_t received = 0;
  static void fields(auto& archive, auto& frame) {
    archive.number(frame.token);
    archive.number(frame.received);
  }
  friend bool operator==(const Pong&, const Pong&) = default;
};

struct Ack {
  static constexpr FrameTrait trait{6, "ack", Sender::both, FrameClass::connection};

  std::uint64_t received = 0;
  static void fields(auto& archive, auto& frame) { archive.number(frame.received); }
  friend bool operator==(const Ack&, const Ack&) = default;
};

// The only frame that is allowed without a client certificate.
struct Enrol {
  static constexpr FrameTrait trait{7, "enrol", Sender::sbc, FrameClass::connection};

  std::string name;
  Secret secret;
  std::string request;  // PKCS#10, PEM
  static void fields(auto& archive, auto& frame) {
    archive.text(frame.name, most_name);
    archive.secret(frame.secret, most_name);
    archive.text(frame.request, most_pem);
  }
  friend bool operator==(const Enrol&, const Enrol&) = default;
};

// The answer to Enrol (refusals are Goodbye) and to Renew.
struct Issued {
  static constexpr FrameTrait trait{8, "issued", Sender::core, FrameClass::connection};

  std::string certificate, authority;  // PEM
  static void fields(auto& archive, auto& frame) {
    archive.text(frame.certificate, most_pem);
    archive.text(frame.authority, most_pem);
  }
  friend bool operator==(const Issued&, const Issued&) = default;
};

// Asks for a new certificate, before the one in force ends.
struct Renew {
  static constexpr FrameTrait trait{9, "renew", Sender::sbc, FrameClass::connection};

  std::string request;
  static void fields(auto& archive, auto& frame) { archive.text(frame.request, most_pem); }
  friend bool operator==(const Renew&, const Renew&) = default;
};

// Media keys of this epoch are in force from now on.
struct NextEpoch {
  static constexpr FrameTrait trait{10, "next_epoch", Sender::core, FrameClass::connection};

  std::uint16_t epoch = 0;
  static void fields(auto& archive, auto& frame) { archive.number(frame.epoch); }
  friend bool operator==(const NextEpoch&, const NextEpoch&) = default;
};

// The SBC's counter of datagrams nears the limit.
struct WantEpoch {
  static constexpr FrameTrait trait{11, "want_epoch", Sender::sbc, FrameClass::connection};
  static void fields(auto&, auto&) {}
  friend bool operator==(const WantEpoch&, const WantEpoch&) = default;
};

// A sealed media datagram, where UDP doesn't pass.
struct Media {
  static constexpr FrameTrait trait{12, "media", Sender::both, FrameClass::media};

  crypto::Bytes datagram;
  static void fields(auto& archive, auto& frame) { archive.bytes(frame.datagram, max_media_datagram); }
  friend bool operator==(const Media&, const Media&) = default;
};

// Every 5 s: what the sender measures on the media path, and how much it serves.
struct LinkReport {
  static constexpr FrameTrait trait{13, "link_report", Sender::both, FrameClass::connection};

  std::uint32_t rtt_us = 0;    // 0: unknown
  std::uint32_t loss_ppm = 0;  // of the datagrams sent to the sender of this report
  std::uint8_t udp = 0;        // 1: its media goes by UDP, 0: by the stream
  std::uint32_t phones = 0, streams = 0;
  static void fields(auto& archive, auto& frame) {
    archive.number(frame.rtt_us);
    archive.number(frame.loss_ppm);
    archive.at_most(frame.udp, 1);
    archive.number(frame.phones);
    archive.number(frame.streams);
  }
  friend bool operator==(const LinkReport&, const LinkReport&) = default;
};

using ConnectionFrames =
    FrameList<Hello, Welcome, Goodbye, Ping, Pong, Ack, Enrol, Issued, Renew, NextEpoch, WantEpoch, Media, LinkReport>;

}  // namespace roamdesk::tunnel

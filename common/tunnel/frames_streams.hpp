#pragma once
#include <cstdint>
#include <string>

#include "common/base/endpoint.hpp"
#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"
#include "common/tunnel/frame_trait.hpp"

// Orders for media (core) and reports of it (SBC). Streams are media::StreamId's values.
namespace roamdesk::tunnel {

struct StreamOpen {
  static constexpr FrameTrait trait{64, "stream_open", Sender::core, FrameClass::signalling};

  std::uint32_t stream = 0;
  Endpoint local;
  static void fields(auto& archive, auto& frame) {
    archive.present(frame.stream);
    archive.endpoint(frame.local);
  }
  friend bool operator==(const StreamOpen&, const StreamOpen&) = default;
};

struct StreamRemote {
  static constexpr FrameTrait trait{65, "stream_remote", Sender::core, FrameClass::signalling};

  std::uint32_t stream = 0;
  Endpoint rtp;  // port 0: nothing to send to yet
  IpAddress signalling;
  std::uint8_t codec = 0;  // media::Codec's value, 0..4
  std::uint8_t codec_payload = 0;
  std::uint8_t event_payload = 255;                     // 255: telephone-event wasn't negotiated
  static constexpr std::uint8_t send = 1, at_once = 2;  // as in media::SetRemote
  std::uint8_t flags = send;
  static void fields(auto& archive, auto& frame) {
    archive.present(frame.stream);
    archive.endpoint(frame.rtp);
    archive.address(frame.signalling);
    archive.at_most(frame.codec, 4);
    archive.at_most(frame.codec_payload, 127);
    archive.number(frame.event_payload);
    archive.at_most(frame.flags, send | at_once);
  }
  friend bool operator==(const StreamRemote&, const StreamRemote&) = default;
};

// The same where the phone's side is SRTP.
struct StreamSealed {
  static constexpr FrameTrait trait{71, "stream_sealed", Sender::core, FrameClass::signalling};

  StreamRemote remote;
  SrtpSuite suite{};
  // Master key and salt of what the SBC sends to the phone, and of what the phone sends: srtp_key_size(suite) bytes.
  Secret ours, theirs;
  static void fields(auto& archive, auto& frame) {
    StreamRemote::fields(archive, frame.remote);
    archive.enumeration(frame.suite, SrtpSuite::aead_aes_256_gcm, SrtpSuite::aes_cm_128_hmac_sha1_32);
    archive.secret(frame.ours, most_srtp_key);
    archive.secret(frame.theirs, most_srtp_key);
  }
  friend bool operator==(const StreamSealed&, const StreamSealed&) = default;
};

// Bridged at the SBC; replaces what either was connected to. A stream that isn't connected sends to the core.
struct StreamConnect {
  static constexpr FrameTrait trait{66, "stream_connect", Sender::core, FrameClass::signalling};

  std::uint32_t a = 0, b = 0;
  static void fields(auto& archive, auto& frame) {
    archive.present(frame.a);
    archive.present(frame.b);
  }
  friend bool operator==(const StreamConnect&, const StreamConnect&) = default;
};

struct StreamDisconnect {
  static constexpr FrameTrait trait{67, "stream_disconnect", Sender::core, FrameClass::signalling};

  std::uint32_t stream = 0;
  static void fields(auto& archive, auto& frame) { archive.present(frame.stream); }
  friend bool operator==(const StreamDisconnect&, const StreamDisconnect&) = default;
};

struct StreamClose {
  static constexpr FrameTrait trait{68, "stream_close", Sender::core, FrameClass::signalling};

  std::uint32_t stream = 0;
  static void fields(auto& archive, auto& frame) { archive.present(frame.stream); }
  friend bool operator==(const StreamClose&, const StreamClose&) = default;
};

struct StreamFailed {
  static constexpr FrameTrait trait{69, "stream_failed", Sender::sbc, FrameClass::signalling};

  std::uint32_t stream = 0;
  std::string why;
  static void fields(auto& archive, auto& frame) {
    archive.present(frame.stream);
    archive.text(frame.why, most_text);
  }
  friend bool operator==(const StreamFailed&, const StreamFailed&) = default;
};

// After StreamClose, and every 5 s while the stream is up.
struct StreamQuality {
  static constexpr FrameTrait trait{70, "stream_quality", Sender::sbc, FrameClass::signalling};

  std::uint32_t stream = 0;
  bool closed = false;
  std::uint64_t received = 0, lost = 0, dropped = 0;
  std::uint32_t jitter_us = 0;
  static void fields(auto& archive, auto& frame) {
    archive.present(frame.stream);
    archive.flag(frame.closed);
    archive.number(frame.received);
    archive.number(frame.lost);
    archive.number(frame.dropped);
    archive.number(frame.jitter_us);
  }
  friend bool operator==(const StreamQuality&, const StreamQuality&) = default;
};

using StreamsFrames = FrameList<StreamOpen, StreamRemote, StreamConnect, StreamDisconnect, StreamClose, StreamFailed,
                                StreamQuality, StreamSealed>;

}  // namespace roamdesk::tunnel

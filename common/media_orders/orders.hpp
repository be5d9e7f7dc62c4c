#pragma once
#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"
#include "common/base/time.hpp"

// What signalling tells a media plane, and what it hears back. The same orders drive the core's own relay and, as
// control frames, an SBC's (architecture, "The one idea": the core decides, the SBC obeys).
namespace roamdesk::media {

// Chosen by the signalling side, unique in the running core, never reused; on the tunnel it names the packets' stream
// too.
using StreamId = Strong<struct StreamTag, std::uint32_t>;

// `image`: no RTP but the UDPTL of T.38 (RFC 3362), whose datagrams pass as they are.
enum class Codec : std::uint8_t { pcmu, pcma, g722, other, image };

// One leg of a call at one phone. `local` is the RTP address that the phone sees (RTCP is local.port + 1, even/odd
// pair), picked by the core out of the site's port range.
struct OpenStream {
  StreamId stream;
  SiteId site;
  Endpoint local;
  // The leg that it will be connected with, if that is there already: media threads have both on one, where they can.
  std::optional<StreamId> beside{};
};

// The keys of a stream that is SRTP at the phone's side: of RFC 4568, a master key with its salt for each direction, of
// srtp_key_size(suite) bytes.
struct Sealing {
  SrtpSuite suite{};
  // Of what we send; of what the phone sends.
  Secret ours, theirs;
  friend bool operator==(const Sealing&, const Sealing&) = default;
};

// What the phone's SDP said: where to send to, and from whom packets are taken (Latch).
struct SetRemote {
  StreamId stream;
  // c= and m=; port 0: nothing to send to yet.
  Endpoint rtp;
  IpAddress signalling;
  // The leg's first audio codec.
  Codec codec = Codec::pcmu;
  // telephone-event (RFC 4733); nullopt where it wasn't negotiated.
  std::optional<std::uint8_t> event_payload;
  std::uint8_t codec_payload = 0;
  // We may send to the phone (it isn't sendonly or inactive).
  bool send = true;
  // The payload types that its SDP maps to audio. Others may be events of a phone that didn't say so; digits are heard
  // in the core only, so it needn't reach an SBC.
  std::bitset<128> audio_payloads{};
  // An administrator named this peer (a trunk): it is sent to at `rtp` at once, at whatever IP that is. Its media
  // gateways may stand elsewhere than its signalling, and wait for our first packet.
  bool at_once = false;
  // nullopt: plain RTP. With keys, plain RTP isn't heard.
  std::optional<Sealing> srtp{};
};

// Relays both ways between two streams, wherever their phones are. Replaces what either was connected to.
struct Connect {
  StreamId a, b;
};
struct Disconnect {
  StreamId stream;
};
struct CloseStream {
  StreamId stream;
};

// Which playing of a stream; chosen by who orders it, so that the end of one isn't taken for that of the next.
using PlayId = Strong<struct PlayTag, std::uint32_t>;

// Plays the prompts one behind the other in the leg's codec (G.711). Replaces what plays. Ends with PlayEnded.
struct Play {
  StreamId stream;
  std::vector<std::string> prompts;
  bool repeat = false;
  PlayId id{};
};
struct StopPlaying {
  StreamId stream;
};
// Digits (RFC 4733 or in-band tones, whichever delivers first on this stream; the other one is then ignored) are
// reported from now on. A digit that is detected stops what plays (barge-in) when `barge_in`.
struct Collect {
  StreamId stream;
  bool on = true;
  bool barge_in = true;
};

// A recording's name, chosen by who orders it; never used twice.
using RecordingId = Strong<struct RecordingTag, std::uint64_t>;

// Keeps what the phone says from the next packet of G.711 on, in the law of the leg's codec; ends what is recorded of
// the stream already. Always answered by a RecordingEnded. The core's engine records, wherever the phone is.
struct Record {
  StreamId stream;
  RecordingId id;
  // It ends by itself when this long has passed since the order, or so much audio was kept (8000 bytes are a second).
  std::chrono::seconds longest{120};
  std::uint64_t most_bytes = 8000 * 120;
};
struct StopRecording {
  StreamId stream;
};

using Order = std::variant<OpenStream, SetRemote, Connect, Disconnect, CloseStream, Play, StopPlaying, Collect, Record,
                           StopRecording>;

struct DigitHeard {
  StreamId stream;
  // 0-9 * # A-D, once for each key press.
  char digit;
  // When the packet that told it came in; nullopt where the time wasn't taken.
  std::optional<TimePoint> at;
};
// Played to its end, or stopped by a digit; not where it was stopped or replaced by order.
struct PlayEnded {
  StreamId stream;
  PlayId id{};
};
enum class RecordingEnd : std::uint8_t {
  // By StopRecording, or by another Record of the stream.
  stopped,
  stream_closed,
  // Record::longest, Record::most_bytes.
  too_long,
  too_big,
  // It never began: no such stream, no G.711, recordings have no place here, or there is one of that id.
  refused,
  // The disk didn't take it in time, or not at all (it is full); what was written before is kept.
  too_slow,
  failed
};
// The recording is complete: nothing is written to it any more.
struct RecordingEnded {
  StreamId stream;
  RecordingId id;
  // Of the audio that was kept.
  std::chrono::milliseconds duration{};
  RecordingEnd why{};
};
// The port is taken, for example.
struct StreamFailed {
  StreamId stream;
  std::string why;
};
// On close: packets from the phone.
struct StreamQuality {
  StreamId stream;
  std::uint64_t received = 0, lost = 0, dropped = 0;
  double jitter_ms = 0;
};
// The SBC that sealed this stream has lost how far its keys were used. They seal nothing any more, since a keystream
// must never be used twice (RFC 3711 §9.1): the stream says and hears nothing until a SetRemote brings other ones.
struct SealLost {
  StreamId stream;
};
using Event = std::variant<DigitHeard, PlayEnded, RecordingEnded, StreamFailed, StreamQuality, SealLost>;

}  // namespace roamdesk::media

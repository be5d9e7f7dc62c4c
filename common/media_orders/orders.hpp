#pragma once
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/time.hpp"

// What signalling tells a media plane, and what it hears back. The same orders drive the core's own relay and, as
// control frames, an SBC's (architecture, "The one idea": the core decides, the SBC obeys).
namespace roamdesk::media {

// Chosen by the signalling side, unique in the running core, never reused; on the tunnel it names the packets' stream
// too.
using StreamId = Strong<struct StreamTag, std::uint32_t>;

enum class Codec : std::uint8_t { pcmu, pcma, g722, other };

// One leg of a call at one phone. `local` is the RTP address that the phone sees (RTCP is local.port + 1, even/odd
// pair), picked by the core out of the site's port range.
struct OpenStream {
  StreamId stream;
  SiteId site;
  Endpoint local;
};

// What the phone's SDP said: where to send to, and from whom packets are taken (Latch).
struct SetRemote {
  StreamId stream;
  Endpoint rtp;  // c= and m=; port 0: nothing to send to yet
  Ipv4 signalling;
  Codec codec = Codec::pcmu;                  // the leg's first audio codec
  std::optional<std::uint8_t> event_payload;  // telephone-event (RFC 4733), none where it wasn't negotiated
  std::uint8_t codec_payload = 0;
  bool send = true;  // we may send to the phone (it isn't sendonly/inactive)
  // The payload types that its SDP maps to audio. Others may be events of a phone that didn't say so; digits are heard
  // in the core only, so it needn't reach an SBC.
  std::bitset<128> audio_payloads{};
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

// Which playing of a stream; chosen by whoever orders it, so that the end of one isn't taken for that of the next.
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

using Order = std::variant<OpenStream, SetRemote, Connect, Disconnect, CloseStream, Play, StopPlaying, Collect>;

struct DigitHeard {
  StreamId stream;
  char digit;                   // 0-9 * # A-D, once for each key press
  std::optional<TimePoint> at;  // when the packet that told it came in; none where nobody looked at the clock
};
// Played to its end, or stopped by a digit; not where it was stopped or replaced by order.
struct PlayEnded {
  StreamId stream;
  PlayId id{};
};
struct StreamFailed {
  StreamId stream;
  std::string why;
};                      // e.g. the port is taken
struct StreamQuality {  // on close
  StreamId stream;
  std::uint64_t received = 0, lost = 0, dropped = 0;  // packets from the phone
  double jitter_ms = 0;
};
using Event = std::variant<DigitHeard, PlayEnded, StreamFailed, StreamQuality>;

}  // namespace roamdesk::media

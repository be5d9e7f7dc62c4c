#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"

// Session descriptions (RFC 4566) in offers and answers (RFC 3264), as a B2BUA with media relay needs them: what it
// understands is typed, everything else stays text in its order.
namespace roamdesk::sdp {

enum class SdpFault : std::uint8_t {
  too_large = 1,  // over 8 KB, 8 media, or 64 lines in a section
  malformed,      // not `x=value` lines, no v=0 or no o= line, an unreadable m= or c= line
  control_bytes,  // NUL or another control character
};

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

struct Line {
  char type;
  std::string value;
  friend bool operator==(const Line&, const Line&) = default;
};

struct Media {
  std::string kind;  // "audio"
  std::uint16_t port = 0;
  std::string protocol;              // "RTP/AVP"
  std::vector<std::string> formats;  // payload types, as written
  std::vector<Line> lines;           // i, c, b, k, a in their order
  friend bool operator==(const Media&, const Media&) = default;
};

struct Session {
  std::vector<Line> lines;  // v, o, s, … in their order
  std::vector<Media> media;
  friend bool operator==(const Session&, const Session&) = default;
};

// A codec of an audio line: its payload type and what rtpmap (or RFC 3551) says of it.
struct Codec {
  std::uint8_t payload = 0;
  std::string name;  // "PCMA", upper case; "" where nobody says
  std::uint32_t rate = 8000;
};

Result<Session, SdpFault> parse(std::string_view text);
std::string serialise(const Session& session);

// The first audio line over plain RTP that isn't switched off, else the first such one; null where there is none. A
// phone that offers SRTP beside plain RTP is taken at the latter; one that offers nothing else gets no audio here
// (488).
const Media* audio_of(const Session& session);
// Where its sender wants RTP: c= of the line or of the session, and the port. None: no IPv4 address.
std::optional<Endpoint> endpoint_of(const Session& session, const Media& media);
// a= of the line, else of the session; sendrecv where nobody says. c=0.0.0.0 (RFC 2543 hold) receives nothing.
Direction direction_of(const Session& session, const Media& media);
std::vector<Codec> codecs_of(const Media& media);
std::optional<std::uint8_t> event_payload_of(const Media& media);  // telephone-event/8000

// Who speaks in o=, and where media goes.
struct Self {
  std::uint64_t session = 0, version = 0;
  Endpoint media;
};
// The same description in our name: address, port, RTCP and origin are ours; codecs and direction stay. Media other
// than its first audio are switched off with port 0, in their place (RFC 3264 §6). ICE and key lines go, with their
// a=rtcp.
Session reword(const Session& session, const Self& self);
// G.711 and telephone-event: the answer to `offer`, its direction mirrored; none where it has no G.711 over RTP/AVP.
std::optional<Session> answer_g711(const Session& offer, const Self& self);
Session offer_g711(const Self& self);

}  // namespace roamdesk::sdp

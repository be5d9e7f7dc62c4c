#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"

// Session descriptions (RFC 4566) in offers and answers (RFC 3264), as a B2BUA with media relay needs them: what it
// understands is typed, everything else stays text in its order.
namespace roamdesk::sdp {

enum class SdpFault : std::uint8_t {
  too_large = 1,  // over 32 KB, 32 media, or 512 lines in a section
  malformed,      // doesn't begin with v=0, or has an unreadable m= line
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
  std::vector<std::string> formats;  // payload types, as written; empty for a line that is off, or isn't RTP
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
  std::string name;  // "PCMA", upper case; "" where the SDP doesn't say
  std::uint32_t rate = 8000;
};

// Lines that RFC 4566 doesn't know are left out, blanks at either end of a value as well.
Result<Session, SdpFault> parse(std::string_view text);
std::string serialise(const Session& session);

// The audio line that is taken: the first with keys that we can speak by (RFC 4568) and `srtp` allows, be it RTP/SAVP
// or RTP/AVP, as some phones write an offer of both; else, where SRTP isn't required, the first of plain RTP. Of those
// that are switched off the first, if there is no other; nullptr where there is none at all (488).
const Media* audio_of(const Session& session, Srtp srtp = Srtp::optional);
// A line of T.38 over UDPTL (ITU-T T.38 Annex D, RFC 3362) that isn't switched off: a fax in the place of a call's
// audio. audio_of() gives it where no audio is on, and SRTP isn't required: T.38 has none.
bool is_image(const Media& media);
// Where its sender wants RTP: c= of the line or of the session, and the port. c= may be a host name (RFC 4566 §5.7),
// and some leave it out: then it is `signalling`, the IP that the description came from. nullopt: another address
// family than that one's.
std::optional<Endpoint> endpoint_of(const Session& session, const Media& media, IpAddress signalling = {});
// a= of the line, else of the session; sendrecv where neither says. c=0.0.0.0 (RFC 2543 hold) receives nothing.
Direction direction_of(const Session& session, const Media& media);
std::vector<Codec> codecs_of(const Media& media);
// The payload type of telephone-event/8000; also one that no rtpmap explains, where it is 101 or its fmtp is a list of
// events (RFC 4566 §6: rtpmap is no more than recommended).
std::optional<std::uint8_t> event_payload_of(const Media& media);

// A master key with its salt for each suite, by its value.
using SrtpKeys = std::array<Secret, srtp_suites>;

// Who speaks in o=, and where media goes. `srtp` is what holds with whom the description is for; `keys` are those of
// what we send (nullptr: no line with keys is written), and `suite` the one that was agreed on before.
struct Self {
  std::uint64_t session = 0, version = 0;
  Endpoint media;
  Srtp srtp = Srtp::off;
  const SrtpKeys* keys = nullptr;
  std::optional<SrtpSuite> suite{};
};
// The same offer in our name: address, port, RTCP and origin are ours; codecs and direction stay. Media other than its
// first audio are switched off with port 0, in their place (RFC 3264 §6). ICE and key lines go, with their a=rtcp; keys
// are ours as well. What RFC 4566 demands and the sender left out is put in.
Session reword(const Session& session, const Self& self);
// The same for an answer: it gets exactly the m= lines of `offer`, in their order (RFC 3264 §6), whatever lines it has;
// its audio stands where the offer's is.
Session reword_answer(const Session& answer, const Session& offer, const Self& self);
// G.711 and telephone-event: the answer to `offer`, its direction mirrored; nullopt where it has no G.711, or
// nothing that `self` takes.
std::optional<Session> answer_g711(const Session& offer, const Self& self);
Session offer_g711(const Self& self);

}  // namespace roamdesk::sdp

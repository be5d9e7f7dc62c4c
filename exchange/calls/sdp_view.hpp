#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"
#include "common/media_orders/orders.hpp"

// Session descriptions as calls see them; the one file of this folder that knows common/sdp.
namespace roamdesk::calls::sdp_view {

// A master key with its salt for each suite, by its value.
using Keys = std::array<Secret, srtp_suites>;

// How media with a peer is sealed (RFC 4568). `keys`, of what we send, are there where SRTP isn't off.
struct Seal {
  Srtp srtp = Srtp::off;
  std::shared_ptr<const Keys> keys{};
  // Of its last description that had keys.
  std::optional<SrtpSuite> agreed{};
};

// What the phone's audio line says, or the one of T.38 (Codec::image) that is in its place.
struct Audio {
  Endpoint rtp;
  media::Codec codec = media::Codec::pcmu;
  std::uint8_t codec_payload = 0;
  std::optional<std::uint8_t> event_payload;
  std::bitset<128> audio_payloads;     // payload types that are audio
  bool sends = true, receives = true;  // a=sendrecv, sendonly, recvonly, inactive; c=0.0.0.0 receives nothing
  struct Key {
    SrtpSuite suite{};
    Secret theirs;  // of what the phone sends
  };
  std::optional<Key> key{};  // nullopt: plain RTP
};
// `signalling`: the IP that the description came from, where it names no address (sdp::endpoint_of). nullopt if it
// isn't a session description, or has no audio that `srtp` allows.
std::optional<Audio> read(std::string_view sdp, IpAddress signalling = {}, Srtp srtp = Srtp::optional);
// What two descriptions, an offer and its answer, whichever is which, have agreed upon: "PCMA"; "T.38" of a fax; ""
// where they have no codec in common, or one can't be read.
std::string agreed_codec(std::string_view one, std::string_view other);
// Why it was refused, where SRTP or the IP family is the reason: the text of a Warning (RFC 3261 §20.43); else "".
std::string_view objection(std::string_view sdp, IpAddress signalling, Srtp srtp);

// Who speaks in the o= line, and to where media goes.
struct Origin {
  std::uint64_t session = 0, version = 0;
  Endpoint media;
  Seal seal{};
};
// The same offer or answer in another leg's name: address, ports, origin and keys are ours, everything else is theirs;
// media other than audio, or a fax in its place, is switched off (port 0). An answer gets the m= lines of `offer`,
// which it answers; "" for an offer.
// "" where it can't be read, or `origin` can't say it: a fax where SRTP is required.
std::string reword(std::string_view sdp, std::string_view offer, const Origin& origin);
// The same as one would say it who speaks and hears; "" where it can't be read, or has no audio.
std::string opened(std::string_view sdp);
// The answer to `offer` of who has said `known`, and means it still whatever the direction; "" where it would have to
// say another thing: none of its codecs is offered, or another payload type of events.
std::string answer_as_before(std::string_view offer, std::string_view known, const Origin& origin);
// An offer of ours to a phone that was to hear nothing: it hears us from now on, and still isn't heard.
std::string held(const std::string& sdp);
// G.711 and telephone-event. nullopt if the offer has no G.711.
std::optional<std::string> answer_g711(std::string_view offer, const Origin& origin);
// Of two phones that have both made an offer: the answer to `offer` that the maker of `other` could give; "" where they
// have no codec in common.
std::string common_answer(std::string_view offer, std::string_view other, const Origin& origin);
std::string offer_g711(const Origin& origin);

}  // namespace roamdesk::calls::sdp_view

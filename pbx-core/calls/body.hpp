#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/endpoint.hpp"
#include "common/media/orders.hpp"

// Session descriptions as calls see them; the one file of this folder that knows common/sdp.
namespace roamdesk::calls::body {

// What the phone's audio line says.
struct Audio {
  Endpoint rtp;
  media::Codec codec = media::Codec::pcmu;
  std::uint8_t codec_payload = 0;
  std::optional<std::uint8_t> event_payload;
  bool sends = true, receives = true;  // a=sendrecv, sendonly, recvonly, inactive; c=0.0.0.0 receives nothing
};
// None: it isn't a session description, or has no audio.
std::optional<Audio> read(const std::string& sdp);

// Who speaks in the o= line, and to where media goes.
struct Origin {
  std::uint64_t session = 0, version = 0;
  Endpoint media;
};
// The same offer or answer in another leg's name: address, ports and origin are ours, everything else is theirs; media
// other than audio is switched off (port 0). "" where it can't be read.
std::string reword(const std::string& sdp, const Origin& origin);
// G.711 and telephone-event. None: the offer has no G.711.
std::optional<std::string> answer_g711(const std::string& offer, const Origin& origin);
std::string offer_g711(const Origin& origin);

}  // namespace roamdesk::calls::body

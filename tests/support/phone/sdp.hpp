#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace roamdesk::phone {

// A session description with one audio stream, as a phone writes it (RFC 8866, RFC 3264).
struct Media {
  std::string address;
  std::uint16_t port = 0;
  std::string direction = "sendrecv";
  std::string codecs = "8 0 101";  // payload types, the best first; of 0, 8, 9, 18 and 101
  unsigned version = 1;            // of the description, within its session
  std::string more{};              // lines of the stream, each with its CRLF: a=ptime:20, a=crypto:…
  std::string profile = "RTP/AVP";
};
std::string sdp(const Media& media);

// "192.0.2.1:4000" of the first audio stream; empty where there is none.
std::string media_of(std::string_view sdp);
std::string direction_of(std::string_view sdp);
// What answers a direction of the other side (RFC 3264 §6.1).
std::string turned(const std::string& direction);

}  // namespace roamdesk::phone

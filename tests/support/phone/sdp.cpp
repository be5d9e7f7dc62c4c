#include "tests/support/phone/sdp.hpp"

#include <array>
#include <utility>

namespace roamdesk::phone {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> names{
    {{"0", "a=rtpmap:0 PCMU/8000\r\n"},
     {"8", "a=rtpmap:8 PCMA/8000\r\n"},
     {"9", "a=rtpmap:9 G722/8000\r\n"},
     {"18", "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n"},
     {"101", "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"}}};

}  // namespace

std::string sdp(const Media& media) {
  const std::string_view family = media.address.find(':') == std::string::npos ? " IN IP4 " : " IN IP6 ";
  std::string text;
  text.reserve(400);
  text.append("v=0\r\no=phone 20001 ").append(std::to_string(media.version)).append(family).append(media.address);
  text.append("\r\ns=-\r\nc=").append(family.substr(1)).append(media.address).append("\r\nt=0 0\r\nm=audio ");
  text.append(std::to_string(media.port)).append(" ").append(media.profile).append(" ").append(media.codecs);
  text.append("\r\n");
  for (std::string_view left = media.codecs; !left.empty();) {
    const auto one = left.substr(0, left.find(' '));
    left.remove_prefix(std::min(one.size() + 1, left.size()));
    for (const auto& [type, lines] : names)
      if (type == one) text.append(lines);
  }
  text.append(media.more).append("a=").append(media.direction).append("\r\n");
  return text;
}

std::string media_of(std::string_view sdp) {
  const auto c = sdp.find("c=IN IP4 "), m = sdp.find("m=audio ");
  if (c == std::string_view::npos || m == std::string_view::npos) return {};
  const auto address = sdp.substr(c + 9, sdp.find_first_of("\r\n", c) - c - 9);
  const auto port = sdp.substr(m + 8, sdp.find(' ', m + 8) - m - 8);
  return std::string{address}.append(":").append(port);
}

std::string direction_of(std::string_view sdp) {
  for (const char* word : {"sendonly", "recvonly", "inactive"})
    if (sdp.find(std::string{"a="} + word) != std::string_view::npos) return word;
  return "sendrecv";
}

std::string turned(const std::string& direction) {
  return direction == "sendonly" ? "recvonly" : direction == "recvonly" ? "sendonly" : direction;
}

}  // namespace roamdesk::phone

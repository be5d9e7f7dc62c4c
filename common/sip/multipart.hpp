#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/sip/message.hpp"

// Bodies of several parts (RFC 2046 §5.1), as RFC 5621 has them in SIP. What is read are views into the message.
namespace roamdesk::sip {

// True where `content_type` is `wanted` ("application/sdp") apart from case, blanks and parameters.
bool is_media_type(std::string_view content_type, std::string_view wanted);

// The body of type `wanted`: the whole one, or the part of a multipart body, also where multiparts stand in each other
// (4 deep, 32 parts in all). Of several the first one, in multipart/alternative the last one, which its sender prefers
// (RFC 2046 §5.1.4). A part isn't taken whose Content-Disposition is other than `session` (RFC 3959's early-session is
// no offer and no answer), or that is encoded. Parts that aren't wanted are passed over, whatever they hold.
std::optional<std::string_view> find_body(std::string_view content_type, std::string_view body,
                                          std::string_view wanted);

// Content-Disposition says `handling=optional` (RFC 3261 §20.11): a receiver that doesn't understand the body ignores
// it.
bool is_optional(std::string_view content_disposition);

// One part of a body that we write.
struct BodyPart {
  std::string content_type;
  // Content-ID, Content-Disposition, …; no line ends in them.
  std::vector<Header> headers{};
  std::string body;
};
// Gives the message a body of these parts, multipart/mixed, in their order. `boundary`: letters and digits, at most 70,
// that stand in none of the parts: a random token.
void set_parts(Message& message, const std::vector<BodyPart>& parts, const std::string& boundary);

}  // namespace roamdesk::sip

#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace roamdesk::phone {

// A dialog as one of its sides has it (RFC 3261 §12).
struct Dialog {
  std::string call_id;
  std::string local, remote;  // From and To of this side's requests, with their tags
  std::string target;         // the request URI
  std::string routes;         // Route lines, each with its CRLF
  std::uint32_t cseq = 0;     // the last one that this side has used

  // Of the side that got the request which opens it.
  static Dialog answering(std::string_view request, std::string_view own_tag);
  // Of the side that asked: what a response that makes or confirms it says (§12.1.2, §13.2.2.4).
  void learn(std::string_view response);
  // The remote target (§12.2): what a Contact says, where there is one.
  void aim(std::string_view message);
  // Whether a request of the other side belongs to it.
  bool has(std::string_view request) const;

  std::string local_tag() const;
  std::string remote_tag() const;
};

}  // namespace roamdesk::phone

#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "common/sip/message.hpp"

// Who has sent a call on before it came here: Diversion (RFC 5806), and History-Info (RFC 7044) as RFC 7544 reads it.
namespace roamdesk::sip {

struct Diversion {
  NameAddr address;    // of who has sent it on; without header parameters
  std::string reason;  // RFC 5806: "user-busy", "no-answer", "unconditional", ...; "" where it isn't said
  friend bool operator==(const Diversion&, const Diversion&) = default;
};

// The first one first; 32 at most. Of a request that has both headers, the longer list.
std::vector<Diversion> diversions(const Message& request);

// The headers that say it: one Diversion each, the last one on top (RFC 5806 §4).
std::vector<Header> diversion_headers(const std::vector<Diversion>& by);
// One History-Info, from the first of `by`, which isn't empty, to where the call goes now.
Header history_info_header(const std::vector<Diversion>& by, const Uri& to);

}  // namespace roamdesk::sip

#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/sip/message.hpp"

namespace roamdesk::calls {

// The early dialogs that an INVITE of ours has made, one for each To tag (RFC 3261 §12.1.2), as far as their reliable
// provisional responses go (RFC 3262 §4).
class EarlyDialogs {
 public:
  // True: a PRACK is due, and what the response says counts. False: it came again, one before it is missing, or it has
  // no RSeq that can be read.
  bool acknowledges(const sip::Message& response);

 private:
  std::vector<std::pair<std::string, std::uint32_t>> newest_{};  // To tag, RSeq
};

}  // namespace roamdesk::calls

#include "exchange/calls/early_dialogs.hpp"

#include <algorithm>

#include "common/sip/call_headers.hpp"

namespace roamdesk::calls {
namespace {

constexpr std::size_t most_early = 16;  // of one INVITE, as the transaction layer has it of 2xx

}  // namespace

bool EarlyDialogs::acknowledges(const sip::Message& response) {
  const auto rseq = sip::rseq(response);
  if (!rseq) return false;
  const auto tag = response.to.tag();
  const auto known = std::find_if(newest_.begin(), newest_.end(), [&](const auto& one) { return one.first == tag; });
  if (known != newest_.end()) {
    if (*rseq != known->second + 1) return false;
    known->second = *rseq;
    return true;
  }
  if (newest_.size() >= most_early) return false;
  newest_.emplace_back(tag, *rseq);
  return true;
}

}  // namespace roamdesk::calls

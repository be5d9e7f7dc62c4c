#pragma once
#include <string>

#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::calls {

struct Options {
  // sip.domain: host of the From, To and P-Asserted-Identity URIs that peers are shown.
  std::string domain;
  std::string software;  // User-Agent and Server
  Times times{};
  Limits limits{};
  sip::Owner owner{};  // of the requests that calls send
};

}  // namespace roamdesk::calls

#pragma once
#include <cstdint>
#include <string>

#include "common/base/time.hpp"
#include "common/phones/mac.hpp"
#include "common/sip/dialog.hpp"
#include "common/sip/flow.hpp"
#include "exchange/model/extension_number.hpp"

namespace roamdesk::presence {

// A lamp that goes on in the next process: somebody's subscription to an extension of ours.
struct CarriedSubscription {
  Mac device = *Mac::parse("000000000000");
  bool is_mailbox = false;  // the package: message-summary; else dialog
  ExtensionNumber watched{};
  sip::FlowAddress flow{};
  sip::Dialog dialog{};
  std::string event_id{};
  std::uint32_t version = 0;  // of the next description
  Duration left{};            // until it runs out
  bool shows_something = false;
};

}  // namespace roamdesk::presence

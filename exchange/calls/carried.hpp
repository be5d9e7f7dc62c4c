#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/endpoint.hpp"
#include "common/base/srtp.hpp"
#include "common/media_orders/orders.hpp"
#include "common/sip/dialog.hpp"
#include "common/sip/flow.hpp"
#include "exchange/calls/alias.hpp"
#include "exchange/calls/leg_id.hpp"
#include "exchange/calls/session_timer.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::calls {

// One leg of a call that goes on in the next process.
struct CarriedLeg {
  // The o= line names it, and the person's lamp.
  LegId id;
  bool outgoing = false;
  // Its toll, and of its manner what isn't the trunk's own, are its surroundings' to carry.
  Caller who{};
  Party shown{};
  sip::Dialog dialog{};
  sip::FlowAddress flow{};
  Alias alias{};
  bool takes_update = false;
  media::StreamId stream{};
  Endpoint media{};
  std::string remote_sdp{}, local_sdp{};
  std::uint64_t sdp_version = 0;
  // Keys aren't carried: how far they were used ends with the process that has counted it.
  Srtp srtp = Srtp::off;
  std::optional<SrtpSuite> suite{};
  SessionTimer::State session{};
};

// A call between two parties that is up, and in which nothing is on its way: all that a later process needs to go on
// with it. Times are said as how long ago they were.
struct CarriedCall {
  CallId id{};
  Party from{}, to{};
  Duration begun{}, answered{};
  std::optional<Endpoint> emergency_from{};
  bool quiet = false;
  std::optional<Help> help{};
  std::size_t transfers = 0;
  CarriedLeg caller{}, callee{};
};

}  // namespace roamdesk::calls

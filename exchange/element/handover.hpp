#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "exchange/calls/carried.hpp"
#include "exchange/emergency/admission.hpp"
#include "exchange/emergency/callback_book.hpp"
#include "exchange/model/emergency_place.hpp"
#include "exchange/presence/carried_subscription.hpp"
#include "exchange/presence/subscription_server.hpp"
#include "exchange/routing/carried_toll.hpp"

// What a process that is asked to end leaves to the next one, so that calls go on.
namespace roamdesk::element {

// Of a call for help: where it comes from, and where help calls back to.
struct CarriedHelp {
  emergency::Source source{};
  emergency::Caller caller{};
  std::string callback{};  // "" for none
  std::chrono::seconds window{};
  EmergencyPlace place{};
  bool handed_on = false;
};

// A trunk, or an extension's account upstream: their numbers are other ones in each process, their names aren't.
struct CarriedPeer {
  calls::PeerId peer{};
  bool is_account = false;
  std::string name{};
};

struct Handover {
  // Later nobody waits for it: phones have hung up, and SBCs have closed the streams.
  static constexpr std::chrono::seconds patience{30};
  // More aren't taken from a file, whoever wrote it.
  static constexpr std::size_t most_calls = calls::Limits{}.legs / 2, most_peers = 2 * most_calls,
                               most_subscriptions = presence::SubscriptionLimits{}.total;

  struct Call {
    calls::CarriedCall call{};
    std::optional<routing::CarriedToll> caller_toll{}, callee_toll{};
    std::optional<CarriedHelp> help{};
  };
  WallTime at{};
  // As whom the branches know the program; its own business.
  std::string instance{};
  std::vector<CarriedPeer> peers{};
  std::vector<Call> calls{};
  std::vector<presence::CarriedSubscription> subscriptions{};

  // Written just before `now`; a clock that was set back meanwhile makes it an old one.
  bool is_fresh(WallTime now) const { return now >= at && now - at <= patience; }
};

}  // namespace roamdesk::element

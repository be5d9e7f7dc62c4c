#pragma once
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/time.hpp"
#include "common/media_orders/orders.hpp"
#include "exchange/model/emergency_place.hpp"

namespace roamdesk::api {

enum class CallState { ringing, up, held, ended };

// A call as the API shows it.
struct CallView {
  std::string id, from, to;
  CallState state = CallState::ringing;
  WallTime since{};
  bool media_at_site = false;  // else anchored at the core
  std::optional<EmergencyPlace> emergency{};
  std::vector<SiteId> sites{};  // where its phones are; a trunk's end is at none
};

// The voice of a call that is up. `at_site`: the branch carries it, and the core hears none.
struct CallMedia {
  struct Party {
    std::string number;
    SiteId site;
    std::string codec;  // "PCMA"; "" while nothing is agreed
    std::optional<media::StreamId> stream;
  };
  bool at_site = false;
  std::vector<Party> parties{};  // the caller first
};

}  // namespace roamdesk::api

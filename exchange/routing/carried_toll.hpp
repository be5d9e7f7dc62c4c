#pragma once
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "exchange/model/extension_number.hpp"

namespace roamdesk::routing {

// A call through a trunk that goes on in the next process, as it is counted. Times are said as how long ago they were.
struct CarriedToll {
  std::string trunk{};
  ExtensionNumber person{};  // "" for none
  bool costs = true;
  Duration begun{};
  std::optional<Duration> answered{};
};

}  // namespace roamdesk::routing

#pragma once
#include <functional>

#include "pbx-core/administration/administration.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/operations/metrics.hpp"
#include "pbx-core/operations/notifier.hpp"
#include "pbx-core/operations/rounds.hpp"

namespace roamdesk::core {

// Who hears of what the element has to tell: the log, the figures, the event stream, and people outside. What it refers
// to outlives it.
std::function<void(const element::Notice&)> publisher(administration::Administration& administration, api::Api& api,
                                                      Metrics& metrics, Notifier& notifier, Rounds& rounds);

}  // namespace roamdesk::core

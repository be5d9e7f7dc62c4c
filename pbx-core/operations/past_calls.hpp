#pragma once
#include <functional>

#include "common/base/time.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::core {

// Asks the store for the records of the calls by trunks that ended within the hour before `now`, in pages, the latest
// first, 50,000 at most, and hands each to `count`. `post` runs what it is given on the caller's thread, where `count`
// is called.
void recall_outside_calls(store::Store& store, WallTime now, std::function<void(std::function<void()>)> post,
                          std::function<void(const CallRecord&)> count);

}  // namespace roamdesk::core

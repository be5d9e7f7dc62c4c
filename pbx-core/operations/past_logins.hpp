#pragma once
#include <functional>
#include <vector>

#include "common/base/time.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::core {

// Asks the store's audit for the logins of the last 25 hours before `now`, in pages, 20,000 records at most, and hands
// each one's time to `count`. Logins of persons who were at the desk already aren't among them. `post` runs what it is
// given on the caller's thread, where `count` is called.
void recall_logins(store::Store& store, WallTime now, std::function<void(std::function<void()>)> post,
                   std::function<void(WallTime at)> count);

}  // namespace roamdesk::core

#pragma once
#include <filesystem>
#include <vector>

#include "pbx-core/administration/administration.hpp"
#include "pbx-core/door/door.hpp"
#include "pbx-core/watch/intruders.hpp"
#include "pbx-core/watch/machine.hpp"
#include "pbx-core/watch/watcher.hpp"

namespace roamdesk::core {

// Looks at all that may be wrong here, and has the watcher tell of it. Signalling thread.
class WrongNow {
 public:
  // `https`: the file with HTTPS's certificate; "" where HTTPS isn't spoken.
  WrongNow(std::filesystem::path state_dir, std::filesystem::path https)
      : state_dir_(std::move(state_dir)), https_(std::move(https)) {}
  // Every few seconds.
  void look(const administration::Administration& administration, const door::Door& door,
            std::uint64_t http_crowded_out, watch::Watcher& watcher, element::Now now);

 private:
  std::filesystem::path state_dir_, https_;
  watch::Floods floods_;
  watch::Machine machine_;
  std::optional<TimePoint> looked_;  // at the machine
};

}  // namespace roamdesk::core

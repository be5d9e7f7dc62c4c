#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pbx-core/administration/administration.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/door/door.hpp"
#include "pbx-core/operations/crowded_log.hpp"
#include "pbx-core/operations/nightly_backup.hpp"
#include "pbx-core/operations/notifier.hpp"
#include "pbx-core/platform/https_certificate.hpp"
#include "pbx-core/watch/intruders.hpp"
#include "pbx-core/watch/machine.hpp"
#include "pbx-core/watch/watcher.hpp"

namespace roamdesk::core {

// Looks at how everything is: has what is wrong told, and the dashboard know what has changed. Signalling thread.
class WrongNow {
 public:
  WrongNow(const Config& config, const HttpsCertificate& https, administration::Administration& administration,
           api::Api& api, Notifier& notifier);
  // Every few seconds. `full`: where backups found no room.
  void look(const door::Door& door, std::uint64_t http_crowded_out, const std::vector<FullDisk>& full,
            element::Now now);
  // At a log-in to the console or the API, from this address.
  void wrong_password(const std::string& peer);
  watch::Watcher& watcher() { return watcher_; }

 private:
  administration::Administration& administration_;
  api::Api& api_;
  std::filesystem::path state_dir_, https_;  // https_: the certificate; "" where HTTPS isn't spoken
  watch::Watcher watcher_;
  CrowdedLog crowded_log_;
  watch::Floods floods_;
  watch::Machine machine_;
  std::optional<TimePoint> looked_;  // at the machine
};

}  // namespace roamdesk::core

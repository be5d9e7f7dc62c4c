#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "common/base/time.hpp"
#include "common/base/token_bucket.hpp"
#include "common/tunnel/frames_operation.hpp"

namespace roamdesk::sbc {

// What the core asks of this program's end, or the machine's. The program ends by itself, and systemd starts it again;
// for the machine it writes a request, which sbc-reboot (config/debian) takes as root. Signalling thread.
class Restarts {
 public:
  struct Settings {
    std::filesystem::path request;                                    // written here, in state_dir
    std::filesystem::path rebooter = "/usr/lib/roamdesk/sbc-reboot";  // without it the machine isn't restarted
    bool is_supervised = false;                                       // something starts this program again
    std::function<void()> end;  // ends the program, soon: the answer leaves before
  };
  static constexpr net::Rate rate{4.0 / 3600, 4};
  static constexpr auto patience = std::chrono::seconds{60};  // sbc-reboot begins within a second where it is there

  explicit Restarts(Settings settings) : settings_(std::move(settings)) {}

  // `streams`: of calls, at the branch.
  tunnel::RestartNews handle(const tunnel::RestartOrder& order, std::size_t streams, TimePoint now);
  // Every second: a request that nobody takes isn't left for a later day.
  void look(TimePoint now);

 private:
  // Why not; "" where it is done.
  std::string carry_out(const tunnel::RestartOrder& order, std::size_t streams, TimePoint now);

  Settings settings_;
  net::TokenBucket bucket_;
  std::set<std::string> done_;  // orders of this program's life that were carried out: bounded by the rate
  std::optional<TimePoint> written_;
};

}  // namespace roamdesk::sbc

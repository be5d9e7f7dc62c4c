#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/package.hpp"
#include "common/tunnel/frames_update.hpp"

namespace roamdesk::rollout {

// What the core sees of a branch at this moment.
struct Facts {
  bool exists = true;  // the SBC wasn't deleted
  bool connected = false;
  std::string connection{};           // another text for each connection
  std::string instance{};             // of the program there
  std::string software{};             // "sbc 0.1.0"
  std::optional<Package> package{};   // that it says it is from; nullopt: too old for updates, or from none
  std::size_t calls = 0;              // with somebody there, ringing ones too
  std::vector<std::string> phones{};  // MACs that are registered and can be reached
  // Of this branch, raised since the step began: "phone_gone 001565000001".
  std::vector<std::string> alarms{};
  // Calls there since the core's start that ended because they couldn't go through, and that did.
  std::size_t calls_failed = 0, calls_through = 0;
  std::optional<tunnel::UpdateNews> news{};  // its last word
};

}  // namespace roamdesk::rollout

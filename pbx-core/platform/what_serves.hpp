#pragma once
#include <filesystem>
#include <optional>

namespace roamdesk::core {

// Where the packages put it, and where the one is that the unit runs instead after an upgrade that was taken back
// (config/debian, core-upgrade).
struct InstalledAt {
  std::filesystem::path program = "/usr/bin/pbx-core";
  std::filesystem::path rolled_back = "/var/lib/roamdesk/core/rolled-back/bin/pbx-core";
};

// The program that serves in place of `own`: where `own` is the installed one, and another version was put back.
// nullopt: there is none, or somebody else than the installed one's owner could have written it.
std::optional<std::filesystem::path> serves_in_place_of(const std::filesystem::path& own, const InstalledAt& at = {});

// What is typed as `pbx-core …` goes to the version that serves, whose store it is: becomes that program. Comes back
// where this is the one, or ROAMDESK_ITSELF is set: core-upgrade tries out what is installed.
void hand_to_what_serves(char** argv);

}  // namespace roamdesk::core

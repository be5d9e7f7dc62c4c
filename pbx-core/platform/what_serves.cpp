#include "pbx-core/platform/what_serves.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>

namespace roamdesk::core {
namespace fs = std::filesystem;

std::optional<fs::path> serves_in_place_of(const fs::path& own, const InstalledAt& at) {
  if (own != at.program) return std::nullopt;
  std::error_code fault;
  const auto found = fs::canonical(at.rolled_back, fault);
  if (fault || found == own) return std::nullopt;
  struct stat ours {
  }, theirs{};
  if (::stat(own.c_str(), &ours) != 0 || ::stat(found.c_str(), &theirs) != 0) return std::nullopt;
  const bool is_whole = S_ISREG(theirs.st_mode) && (theirs.st_mode & S_IXUSR) != 0;
  const bool is_trusted = theirs.st_uid == ours.st_uid && (theirs.st_mode & (S_IWGRP | S_IWOTH)) == 0;
  return is_whole && is_trusted ? std::optional{found} : std::nullopt;
}

void hand_to_what_serves(char** argv) {
  if (std::getenv("ROAMDESK_ITSELF")) return;
  std::error_code fault;
  const auto own = fs::read_symlink("/proc/self/exe", fault);
  if (const auto found = serves_in_place_of(own)) ::execv(found->c_str(), argv);
}

}  // namespace roamdesk::core

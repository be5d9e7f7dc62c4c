#include "pbx-core/platform/share_directory.hpp"

#include <cstdlib>

namespace roamdesk::core {

std::filesystem::path share_directory() {
  if (const char* named = std::getenv("ROAMDESK_SHARE")) return named;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "share" / "roamdesk";
}

}  // namespace roamdesk::core

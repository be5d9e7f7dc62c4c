#include <algorithm>

#include "pbx-core/console/assets.hpp"

namespace roamdesk::console {

const Asset* find(std::string_view path) {
  const auto all = assets();
  const auto found = std::ranges::lower_bound(all, path, {}, &Asset::path);
  return found != all.end() && found->path == path ? &*found : nullptr;
}

}  // namespace roamdesk::console

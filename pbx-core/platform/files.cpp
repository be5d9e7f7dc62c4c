#include "pbx-core/platform/files.hpp"

#include <fstream>
#include <iterator>

namespace roamdesk::core {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace roamdesk::core

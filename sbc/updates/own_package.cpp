#include "sbc/updates/own_package.hpp"

#include <fstream>
#include <string>

namespace roamdesk::sbc {

std::optional<Package> read_package(const std::filesystem::path& file) {
  std::ifstream stream{file};
  std::string line;
  if (!std::getline(stream, line)) return std::nullopt;
  return parse_package(line);
}

std::optional<Package> own_package() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  return read_package(program.parent_path().parent_path() / "share" / "roamdesk" / "sbc.package");
}

}  // namespace roamdesk::sbc

#include "common/phones/grammar.hpp"

namespace roamdesk::phones {

std::string without_scheme(std::string_view directory) {
  constexpr std::string_view scheme = "http://";
  if (directory.starts_with(scheme)) directory.remove_prefix(scheme.size());
  if (directory.ends_with('/')) directory.remove_suffix(1);
  return std::string{directory};
}

std::optional<Mac> mac_before(std::string_view name, std::string_view ending) {
  if (name.size() != 12 + ending.size() || !name.ends_with(ending)) return std::nullopt;
  return Mac::parse(name.substr(0, 12));
}

}  // namespace roamdesk::phones

#include "common/phones/firmware.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/phones/vendor_facts.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::phones {
namespace {

constexpr std::size_t shortest_file = 5, longest_file = 100, shortest_version = 3, longest_version = 40;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '_';
  });
}

bool ends_with(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() && sip::equal_ignoring_case(name.substr(name.size() - ending.size()), ending);
}

}  // namespace

bool is_firmware_name(Vendor vendor, std::string_view name) {
  if (!is_supported(vendor) || name.size() < shortest_file || name.size() > longest_file) return false;
  if (name.front() == '.' || !is_plain(name)) return false;
  const auto endings = *grammar_of(vendor).firmware.endings;
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view each) { return ends_with(name, each); });
}

bool is_main_firmware(Vendor vendor, std::string_view name) {
  return is_supported(vendor) && ends_with(name, grammar_of(vendor).firmware.endings->front());
}

std::string firmware_endings(Vendor vendor) {
  return is_supported(vendor) ? fmt::format("{}", fmt::join(*grammar_of(vendor).firmware.endings, ", ")) : "";
}

bool is_firmware_version(std::string_view version) {
  return version.size() >= shortest_version && version.size() <= longest_version && is_plain(version) &&
         version.front() >= '0' && version.front() <= '9';
}

std::optional<std::string> firmware_mismatch(const Model& model, std::string_view version) {
  const auto* facts = facts_of(model.vendor);
  const std::string_view known = model.known_good_firmware;
  if (facts == nullptr || !*facts->firmware_names_hardware || known.empty()) return std::nullopt;
  const auto ours = known.substr(0, known.find('.')), theirs = version.substr(0, version.find('.'));
  // "0" where the model's own number isn't known.
  if (ours == "0" || ours == theirs) return std::nullopt;
  return fmt::format("firmware of {} begins with {}.", model.name, ours);
}

}  // namespace roamdesk::phones

#include "common/phones/model.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "common/phones/vendor_facts.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::phones {
namespace {

constexpr std::size_t longest_name = 64;

std::string_view take_group(std::string_view& text) {
  const auto end = std::min(text.find('.'), text.size());
  const auto group = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return group;
}

std::optional<std::uint64_t> number(std::string_view group) {
  if (group.empty()) return 0;
  return sip::parse_number(group, UINT64_MAX);
}

// The model as one word to compare by: "SIP-T46U" and "t46u" are one, "X6U Pro" and "X6U-Pro" too.
std::string plain_name(const VendorFacts* facts, std::string_view name) {
  std::string plain;
  for (const char c : name)
    if (c != ' ' && c != '-' && c != '_') plain += sip::lower(c);
  if (facts == nullptr) return plain;
  for (const auto prefix : *facts->model_prefixes)
    if (plain.size() > prefix.size() && plain.starts_with(prefix)) {
      plain.erase(0, prefix.size());
      break;
    }
  return plain;
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  a = a.substr(0, longest_name);
  b = b.substr(0, longest_name);
  while (!a.empty() || !b.empty()) {
    const auto left = take_group(a), right = take_group(b);
    const auto x = number(left), y = number(right);
    if (x && y) {
      if (*x != *y) return *x < *y ? -1 : 1;
    } else if (const int order = left.compare(right)) {
      return order < 0 ? -1 : 1;
    }
  }
  return 0;
}

bool firmware_ok(const Model& model, std::string_view firmware) {
  std::string_view good = model.known_good_firmware;
  if (good.empty() || firmware.empty()) return true;
  if (const auto* facts = facts_of(model.vendor); facts != nullptr && *facts->firmware_names_hardware) {
    take_group(good);
    take_group(firmware);
  }
  return compare_versions(firmware, good) >= 0;
}

KeyPlace place_of_key(const Model& model, std::size_t index) {
  KeyPlace place;
  std::size_t pages_before = 0;
  for (const auto& group : model.groups) {
    if (index < group.pages * group.keys) {
      place.page = pages_before + index / group.keys + 1;
      return place;
    }
    index -= group.pages * group.keys;
    pages_before += group.pages;
  }
  const std::size_t on_screen = model.keys - std::min(model.physical_keys, model.keys);
  if (model.physical_keys > 0 && index >= on_screen) {
    // They are in sight whatever the screen's page: drawn as one behind its pages.
    if (model.keys_per_page > 0) place.page = (on_screen + model.keys_per_page - 1) / model.keys_per_page + 1;
    return place;
  }
  if (model.keys_per_page > 0) place.page = index / model.keys_per_page + 1;
  if (model.key_rows == 0) return place;
  const std::size_t on_page = model.keys_per_page > 0 ? index % model.keys_per_page : index;
  place.row = on_page % model.key_rows + 1;
  place.column = on_page / model.key_rows + 1;
  return place;
}

const Model* ModelList::exact(Vendor vendor, std::string_view name) const {
  const auto* facts = facts_of(vendor);
  const std::string wanted = plain_name(facts, name.substr(0, longest_name));
  if (wanted.empty()) return nullptr;
  for (const auto& model : models_) {
    if (model.vendor != vendor) continue;
    if (plain_name(facts, model.name) == wanted) return &model;
    for (const auto& alias : model.aliases)
      if (plain_name(facts, alias) == wanted) return &model;
  }
  return nullptr;
}

Model ModelList::find(Vendor vendor, std::string_view name) const {
  if (const auto* model = exact(vendor, name)) return *model;
  if (const auto* generic = exact(vendor, "generic")) return *generic;
  Model model;
  model.vendor = vendor;
  model.name = "generic";
  return model;
}

}  // namespace roamdesk::phones

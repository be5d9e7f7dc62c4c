#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/provisioning/phone_view.hpp"

namespace roamdesk::provisioning {

struct ShownKey {
  KeyType kind = KeyType::none;
  std::string value, label;
  friend bool operator==(const ShownKey&, const ShownKey&) = default;
};

struct KeyLayout {
  std::vector<ShownKey> keys;  // exactly as many as the model has
  // Of all expansion modules that the model can have, one module behind the other.
  std::vector<ShownKey> modules;
  std::vector<Key> not_shown;  // the person's keys for which there is no place, in their order
  // Which of `keys` are the person's, empty places among them; the others are ours or stay empty.
  std::size_t first_own = 0, own = 0;
  std::size_t own_on_modules = 0;  // the first ones of `modules`
  friend bool operator==(const KeyLayout&, const KeyLayout&) = default;
};

// What of a phone decides about its keys. Refers to what the caller keeps.
struct KeysOf {
  const phones::Model& model;
  Occupancy occupancy;
  std::string_view label;  // on the screen: "HD0001", "101"
  std::string_view hot_desk_code, logout_code;
  std::span<const Key> own;  // the person's, in their order
};

// Contract §4: *Log in* or *Log out* first, then a line key where calls need one, then the person's keys in their
// order, empty places ("none") kept; a physical key can't be a line, nor one of a module: its place stays empty.
// Keys behind the phone's last one go on on its modules, where the model's are used: whether one is attached nobody
// knows. A dedicated phone: line key where needed, then the keys. An empty place that doesn't fit isn't reported.
KeyLayout lay_out_keys(const KeysOf& phone);
KeyLayout lay_out_keys(const PhoneView& view);

}  // namespace roamdesk::provisioning

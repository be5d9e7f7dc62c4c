#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/provisioning/phone_view.hpp"

namespace roamdesk::provisioning {

// How a key of this type is written for this model: as itself, as a number that is dialled or whose lamp is watched, or
// as an empty place ("none") where the model hasn't the function. What is said so is the same to who presses it.
KeyType written_as(const phones::Model& model, KeyType type);
// The types that the model's keys can be, in the enum's order; "none" isn't among them.
std::vector<KeyType> key_types_of(const phones::Model& model);

struct ShownKey {
  KeyType kind = KeyType::none;
  std::string value, label;
  friend bool operator==(const ShownKey&, const ShownKey&) = default;
};

struct KeyLayout {
  std::vector<ShownKey> keys;  // exactly as many as the model has
  // Of all expansion modules that the model can have, one module behind the other.
  std::vector<ShownKey> modules;
  // The person's keys for which there is no place, or which the model hasn't, in their order.
  std::vector<Key> not_shown;
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
// order, empty places ("none") kept; a physical key can't be a line, nor one of a module, nor one behind `line_keys`:
// its place stays empty. Keys behind the phone's last one go on on its modules, where the model's are used: whether one
// is attached nobody knows. A dedicated phone: line key where needed, then the keys. An empty place that doesn't fit
// isn't reported. The place of a key that the model hasn't stays empty, and that of one that picks up where keys have
// no lamps.
KeyLayout lay_out_keys(const KeysOf& phone);
KeyLayout lay_out_keys(const PhoneView& view);

}  // namespace roamdesk::provisioning

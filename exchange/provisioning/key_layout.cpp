#include "exchange/provisioning/key_layout.hpp"

#include <algorithm>

#include "exchange/provisioning/text.hpp"

namespace roamdesk::provisioning {
namespace {

// A key without anything to dial is an empty place.
KeyType kind_of(const Key& key) {
  const auto value = value_of_key(key.type);
  const bool dials = value == KeyValue::number || value == KeyValue::extension;
  return dials && clean_number(key.value).empty() ? KeyType::none : key.type;
}

KeyType if_known(const phones::Model& model, phones::KeyFunction function, KeyType own, KeyType other) {
  const auto& known = model.key_functions;
  return std::find(known.begin(), known.end(), function) != known.end() ? own : other;
}

}  // namespace

KeyType written_as(const phones::Model& model, KeyType type) {
  switch (type) {
    case KeyType::none:
    case KeyType::blf:
    case KeyType::speed_dial:
    case KeyType::line:
      return type;
    case KeyType::dnd:
      return if_known(model, phones::KeyFunction::dnd, type, KeyType::none);
    case KeyType::hold:
      return if_known(model, phones::KeyFunction::hold, type, KeyType::none);
    case KeyType::transfer:
      return if_known(model, phones::KeyFunction::transfer, type, KeyType::none);
    case KeyType::forward:
      return if_known(model, phones::KeyFunction::forward, type, KeyType::none);
    case KeyType::voicemail:
      // A waiting message is shown by the phone itself.
      return if_known(model, phones::KeyFunction::voicemail, type, KeyType::speed_dial);
    case KeyType::pickup:
      return model.screen_lamps || model.physical_keys > 0 ? KeyType::blf : KeyType::none;
    case KeyType::park:
    case KeyType::group_login:
    case KeyType::night_switch:
      return KeyType::blf;
  }
  return KeyType::none;
}

std::vector<KeyType> key_types_of(const phones::Model& model) {
  std::vector<KeyType> types;
  for (std::size_t at = 1; at < words<KeyType>.size() && model.keys > 0; ++at)
    if (const auto type = static_cast<KeyType>(at); written_as(model, type) != KeyType::none) types.push_back(type);
  return types;
}

KeyLayout lay_out_keys(const KeysOf& phone) {
  KeyLayout layout;
  const std::size_t places = phone.model.keys;
  const std::size_t lines = phone.model.line_keys == 0 ? places : phone.model.line_keys;
  const std::size_t of_modules =
      phone.model.module_keys_used ? phone.model.module_keys * std::max<std::size_t>(phone.model.modules, 1) : 0;
  const auto add = [&](ShownKey key) {
    if (layout.keys.size() >= places) return false;
    layout.keys.push_back(std::move(key));
    return true;
  };
  if (phone.occupancy == Occupancy::idle_desk) add({KeyType::speed_dial, std::string{phone.hot_desk_code}, "Log in"});
  if (phone.occupancy == Occupancy::occupied_desk)
    add({KeyType::speed_dial, std::string{phone.logout_code}, "Log out"});
  if (phone.model.needs_line_key) add({KeyType::line, "", std::string{phone.label}});
  layout.first_own = layout.keys.size();
  if (phone.occupancy != Occupancy::idle_desk) {
    for (const auto& key : phone.own) {
      auto kind = kind_of(key);
      const bool on_screen = layout.keys.size() < places - std::min(phone.model.physical_keys, places);
      const bool dark = on_screen && !phone.model.screen_lamps;
      const bool unknown = kind != KeyType::none && written_as(phone.model, kind) == KeyType::none;
      if (unknown || (kind == KeyType::pickup && dark) ||
          (kind == KeyType::line && layout.keys.size() < places && !(on_screen && layout.keys.size() < lines))) {
        layout.not_shown.push_back(key);
        kind = KeyType::none;
      }
      ShownKey shown{kind, kind == KeyType::none ? "" : key.value, kind == KeyType::none ? "" : key.label};
      if (shown.label.empty() && kind != KeyType::none)
        shown.label = kind == KeyType::line ? std::string{phone.label} : key.value;
      if (add(shown)) continue;
      const bool on_module = layout.modules.size() < of_modules;
      if (kind != KeyType::none && (!on_module || kind == KeyType::line)) layout.not_shown.push_back(key);
      if (on_module) layout.modules.push_back(kind == KeyType::line ? ShownKey{} : std::move(shown));
    }
  }
  layout.own = layout.keys.size() - layout.first_own;
  layout.own_on_modules = layout.modules.size();
  layout.keys.resize(places);
  layout.modules.resize(phone.model.module_keys * std::max<std::size_t>(phone.model.modules, 1));
  return layout;
}

KeyLayout lay_out_keys(const PhoneView& view) {
  return lay_out_keys(KeysOf{.model = view.model,
                             .occupancy = view.occupancy,
                             .label = view.account.label,
                             .hot_desk_code = view.hot_desk_code,
                             .logout_code = view.logout_code,
                             .own = view.keys});
}

}  // namespace roamdesk::provisioning

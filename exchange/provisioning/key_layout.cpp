#include "exchange/provisioning/key_layout.hpp"

#include <algorithm>

#include "exchange/provisioning/text.hpp"

namespace roamdesk::provisioning {
namespace {

// A key without anything to dial is an empty place.
KeyType kind_of(const Key& key) {
  const bool dials = key.type == KeyType::blf || key.type == KeyType::speed_dial;
  return dials && clean_number(key.value).empty() ? KeyType::none : key.type;
}

}  // namespace

KeyLayout lay_out_keys(const KeysOf& phone) {
  KeyLayout layout;
  const std::size_t places = phone.model.keys;
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
      if (kind == KeyType::line && !on_screen && layout.keys.size() < places) {
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

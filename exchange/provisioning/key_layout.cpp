#include "exchange/provisioning/key_layout.hpp"

#include "exchange/provisioning/text.hpp"

namespace roamdesk::provisioning {
namespace {

// A key without anything to dial is an empty place.
KeyType kind_of(const Key& key) {
  const bool dials = key.type == KeyType::blf || key.type == KeyType::speed_dial;
  return dials && clean_number(key.value).empty() ? KeyType::none : key.type;
}

}  // namespace

KeyLayout lay_out_keys(const PhoneView& view) {
  KeyLayout layout;
  const std::size_t places = view.model.keys;
  const auto add = [&](ShownKey key) {
    if (layout.keys.size() >= places) return false;
    layout.keys.push_back(std::move(key));
    return true;
  };
  if (view.occupancy == Occupancy::idle_desk) add({KeyType::speed_dial, view.hot_desk_code, "Log in"});
  if (view.occupancy == Occupancy::occupied_desk) add({KeyType::speed_dial, view.logout_code, "Log out"});
  if (view.model.needs_line_key) add({KeyType::line, "", view.account.label});
  layout.first_own = layout.keys.size();
  if (view.occupancy != Occupancy::idle_desk) {
    for (const auto& key : view.keys) {
      const auto kind = kind_of(key);
      ShownKey shown{kind, kind == KeyType::none ? "" : key.value, kind == KeyType::none ? "" : key.label};
      if (shown.label.empty() && kind != KeyType::none)
        shown.label = kind == KeyType::line ? view.account.label : key.value;
      if (!add(std::move(shown)) && kind != KeyType::none) layout.not_shown.push_back(key);
    }
  }
  layout.own = layout.keys.size() - layout.first_own;
  layout.keys.resize(places);
  return layout;
}

}  // namespace roamdesk::provisioning

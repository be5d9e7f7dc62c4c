#include "exchange/provisioning/key_layout.hpp"

#include "exchange/provisioning/text.hpp"

namespace roamdesk::provisioning {
namespace {

// A key without anything to dial is an empty place.
KeyKind kind_of(const Key& key) {
  const bool dialable = !clean_number(key.value).empty();
  if (key.type == "blf" && dialable) return KeyKind::blf;
  if (key.type == "speed_dial" && dialable) return KeyKind::speed_dial;
  if (key.type == "line") return KeyKind::line;
  return KeyKind::none;
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
  if (view.occupancy == Occupancy::idle_desk) add({KeyKind::speed_dial, view.hot_desk_code, "Log in"});
  if (view.occupancy == Occupancy::occupied_desk) add({KeyKind::speed_dial, view.logout_code, "Log out"});
  if (view.model.needs_line_key) add({KeyKind::line, "", view.account.label});
  layout.first_own = layout.keys.size();
  if (view.occupancy != Occupancy::idle_desk) {
    for (const auto& key : view.keys) {
      const auto kind = kind_of(key);
      ShownKey shown{kind, kind == KeyKind::none ? "" : key.value, kind == KeyKind::none ? "" : key.label};
      if (shown.label.empty() && kind != KeyKind::none)
        shown.label = kind == KeyKind::line ? view.account.label : key.value;
      if (!add(std::move(shown)) && kind != KeyKind::none) layout.not_shown.push_back(key);
    }
  }
  layout.own = layout.keys.size() - layout.first_own;
  layout.keys.resize(places);
  return layout;
}

}  // namespace roamdesk::provisioning

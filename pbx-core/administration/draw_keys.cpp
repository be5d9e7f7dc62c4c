#include "exchange/provisioning/key_layout.hpp"
#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {
std::optional<api::DrawnKeys> Administration::draw_keys(phones::Vendor vendor, const std::string& model,
                                                        const Extension& person) const {
  const phones::Model* found = provisioner_.models().exact(vendor, model);
  if (!found) return std::nullopt;
  // Of a phone's view only this decides about keys: no address, token or MAC is needed.
  provisioning::PhoneView view{.model = *found, .mac = *Mac::parse("000000000000")};
  view.occupancy = provisioning::Occupancy::occupied_desk;
  view.account.label = person.number.value();
  view.logout_code = settings().logout_code;
  view.keys = person.keys;
  const provisioning::KeyLayout layout = provisioning::lay_out_keys(view);

  api::DrawnKeys drawn;
  for (std::size_t i = 0; i < layout.keys.size(); ++i) {
    const provisioning::ShownKey& shown = layout.keys[i];
    const phones::KeyPlace place = phones::place_of_key(*found, i);
    const bool own = i >= layout.first_own && i < layout.first_own + layout.own;
    drawn.keys.push_back({i + 1, place.page, place.row, place.column, {shown.kind, shown.value, shown.label}, own});
  }
  drawn.not_shown = layout.not_shown;
  return drawn;
}

}  // namespace roamdesk::administration

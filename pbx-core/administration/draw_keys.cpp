#include "exchange/provisioning/key_layout.hpp"
#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {
std::optional<api::DrawnKeys> Administration::draw_keys(phones::Vendor vendor, const std::string& model,
                                                        const Extension& person) const {
  const phones::Model* found = provisioner_.models().exact(vendor, model);
  if (!found) return std::nullopt;
  const Settings set = settings();
  const provisioning::KeyLayout layout =
      provisioning::lay_out_keys(provisioning::KeysOf{.model = *found,
                                                      .occupancy = provisioning::Occupancy::occupied_desk,
                                                      .label = person.number.value(),
                                                      .hot_desk_code = set.hot_desk_code,
                                                      .logout_code = set.logout_code,
                                                      .own = person.keys});

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

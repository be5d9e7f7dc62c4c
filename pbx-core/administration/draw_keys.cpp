#include <algorithm>

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
  // Modules as far as the person's keys go; the first one always, so that keys can be put there.
  const std::size_t all = std::max<std::size_t>(found->module_keys, 1);
  const std::size_t each = found->modules == 0 && found->module_size != 0 ? std::min(found->module_size, all) : all;
  const std::size_t used = std::max<std::size_t>((layout.own_on_modules + each - 1) / each, 1);
  const std::size_t modules = found->module_keys_used && found->module_keys > 0 ? used : 0;
  for (std::size_t i = 0; i < std::min(modules * each, layout.modules.size()); ++i) {
    const provisioning::ShownKey& shown = layout.modules[i];
    api::DrawnKey key{layout.keys.size() + i + 1, {}, {}, {}, {shown.kind, shown.value, shown.label},
                      i < layout.own_on_modules};
    key.module = i / each + 1;
    drawn.keys.push_back(std::move(key));
  }
  drawn.not_shown = layout.not_shown;
  return drawn;
}

}  // namespace roamdesk::administration

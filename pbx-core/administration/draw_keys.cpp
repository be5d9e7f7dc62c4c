#include "exchange/provisioning/key_layout.hpp"
#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {
namespace {

// In the words of the API.
std::string type_of(provisioning::KeyKind kind) {
  switch (kind) {
    case provisioning::KeyKind::speed_dial:
      return "speed_dial";
    case provisioning::KeyKind::blf:
      return "blf";
    case provisioning::KeyKind::line:
      return "line";
    case provisioning::KeyKind::none:
      break;
  }
  return "none";
}

}  // namespace

std::optional<api::DrawnKeys> Administration::draw_keys(const std::string& vendor, const std::string& model,
                                                        const Extension& person) const {
  const phones::Model* found = provisioner_.models().exact(phones::parse_vendor(vendor), model);
  if (!found) return std::nullopt;
  // Of a phone's view only this decides about keys: nobody's address, token or MAC is needed.
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
    drawn.keys.push_back(
        {i + 1, place.page, place.row, place.column, {type_of(shown.kind), shown.value, shown.label}, own});
  }
  drawn.not_shown = layout.not_shown;
  return drawn;
}

}  // namespace roamdesk::administration

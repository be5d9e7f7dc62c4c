#include "exchange/provisioning/phone_view.hpp"

namespace roamdesk::provisioning {

std::string directory_url(const PhoneView& view) {
  return "http://" + to_string(view.provisioning) + "/provision/" + view.token + "/";
}

unsigned registration_expiry(const PhoneView& view) { return view.occupancy == Occupancy::dedicated ? 300 : 60; }

}  // namespace roamdesk::provisioning

#include "pbx-core/api/configured.hpp"

namespace roamdesk::api {
namespace json = boost::json;

template <>
json::object configured(const HotDesk& desk) {
  return {{"vendor", phones::to_string(desk.vendor)},
          {"model", desk.model},
          {"site", desk.site.value()},
          {"sbc_address", desk.sbc_address ? to_string(*desk.sbc_address) : ""},
          {"options", shown(desk.options)},
          {"emergency_location", desk.emergency_location}};
}

template <>
json::object configured(const Phone& phone) {
  return {{"assigned", phone.assigned},
          {"extension", phone.extension ? phone.extension->value() : ""},
          {"site", phone.site.value()},
          {"emergency_location", phone.emergency_location.str()},
          {"srtp", phone.srtp ? std::string{word_of(*phone.srtp)} : ""}};
}

}  // namespace roamdesk::api

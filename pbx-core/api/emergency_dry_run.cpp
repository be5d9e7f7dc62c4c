#include "pbx-core/api/emergency_dry_run.hpp"

#include <boost/json/array.hpp>

#include "exchange/emergency/callback_book.hpp"
#include "exchange/emergency/pidf_lo.hpp"
#include "exchange/model/emergency_route.hpp"
#include "exchange/model/location_of.hpp"
#include "exchange/routing/caller_id.hpp"

namespace roamdesk::api {
namespace json = boost::json;
namespace {

// At which number help would call back; "" for none.
std::string callback_of(const Location& location, const HotDesk* desk, const HelpFrom& from,
                        const Directory& directory) {
  emergency::CallbackBook book;
  for (const auto& [number, record] : directory.all<EmergencyCallback>()) book.restore(record);
  const auto taken = book.take(location, {}, {desk ? desk->id : HotDeskId{}, from.device, {}, {}}, from.now);
  return taken ? taken->number : "";
}

}  // namespace

json::object emergency_dry_run(const HelpFrom& from, const Domain& domain) {
  const Directory& directory = domain.directory();
  const auto given = location_given(directory, domain.settings(), from.site, from.device);
  json::object answer{{"location", nullptr},
                      {"given_by", word_of(given.by)},
                      {"route", word_of(emergency_route(directory, given.location))},
                      {"callback", nullptr},
                      {"attempts", json::array{}},
                      {"body", nullptr}};
  if (!given.location) return answer;
  const Location& location = *given.location;
  const Phone* phone = from.device ? directory.phone(*from.device) : nullptr;
  const HotDesk* desk = from.device && !(phone && phone->extension) ? directory.desk_of(*from.device) : nullptr;
  const std::string callback = callback_of(location, desk, from, directory);
  const auto address = address_at(location, desk);

  answer["location"] = location.name;
  if (!callback.empty()) answer["callback"] = callback;
  bool sent = false;
  for (const Trunk* trunk : emergency_trunks(directory, location)) {
    const auto* reference = reference_at(location, trunk->name);
    const auto shown = routing::shown_for_help(*trunk, callback, reference ? reference->from_id : "", from.number);
    const bool by_id = reference && !reference->geolocation_id.empty();
    const bool with_place = !by_id && trunk->geolocation && !emergency::is_empty(address);
    sent = sent || with_place;
    answer["attempts"].as_array().push_back(
        json::object{{"trunk", trunk->name},
                     {"called", from.number},
                     {"caller", shown.from.uri.user},
                     {"location_sent", with_place},
                     {"geolocation_id", by_id ? json::value(reference->geolocation_id) : json::value(nullptr)}});
  }
  if (sent) {
    const auto who = desk ? desk->id.value() : from.device ? from.device->text() : location.name;
    answer["body"] = emergency::pidf_lo({address, "pres:" + who + "@" + from.domain_name, from.device, from.now});
  }
  return answer;
}

}  // namespace roamdesk::api

#include "exchange/element/emergency_calls.hpp"

#include "exchange/element/call_record.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/ivr/prompt.hpp"
#include "exchange/model/location_of.hpp"

namespace roamdesk::element {

std::optional<std::string> EmergencyCalls::number_of(const sip::RequestReceived& e) const {
  const auto& request = e.request;
  if (request.method != "INVITE" || request.to.params.has("tag")) return std::nullopt;
  if (auto service = emergency_service(request.request_uri); !service.empty()) return service;
  const auto& user = request.request_uri.user;
  routing::Dialler dialler;
  dialler.location = location_of(context_.directory, context_.settings(), e.flow.address.site,
                                 registrations_.device_at(e.flow.address));
  for (const auto& number : {user, without_separators(user)}) {
    const auto route = routing::route(number, dialler, context_.codes(), context_.directory);
    if (const auto* emergency = std::get_if<routing::ToEmergency>(&route)) return emergency->number;
  }
  return std::nullopt;
}

EmergencyPlace EmergencyCalls::place_of(const sip::FlowAddress& address, const std::optional<Mac>& phone,
                                        std::string number) const {
  EmergencyPlace place{address.site, to_string(address.peer), std::move(number), phone};
  if (!phone) return place;
  if (const HotDesk* desk = context_.directory.desk_of(*phone)) {
    place.desk = desk->id.value();
    place.location = desk->options.location.value_or("");
  }
  const auto number_of = speakers_.person_at(*phone);
  if (const auto* person = number_of ? context_.directory.extension(*number_of) : nullptr) {
    place.extension = person->number.value();
    place.name = person->name;
  }
  return place;
}

std::optional<EmergencyPlace> EmergencyCalls::place_of(const calls::CallInfo& call) const {
  if (!call.emergency_from) return std::nullopt;
  sip::FlowAddress address;
  address.site = call.from_site;
  address.peer = *call.emergency_from;
  return place_of(address, phone_of(call.from_peer), shown_number(call.to.number));
}

void EmergencyCalls::answer(const sip::RequestReceived& e, const std::string& number) {
  calls::Caller caller;
  // It was asked for no credentials: only its address is sure, and no person's lamp tells of it.
  caller.party.number = to_string(e.flow.address.peer.address);
  const auto phone = registrations_.device_at(e.flow.address);
  if (phone) caller.seen = peer_of(*phone);
  const auto place = place_of(e.flow.address, phone, number);
  const auto source = phone ? phone->text() : place.site.value() + ' ' + caller.party.number;
  const auto now = context_.now.mono;
  caller.quiet = !told_.take(source, !phone, now);
  if (repeats_.take(source)) {
    if (!caller.quiet)
      context_.world.publish(Trouble{"call.emergency_without_route", place.address, number + ", " + to_string(place)});
    const auto actor = !place.extension.empty() ? place.extension : !place.desk.empty() ? place.desk : "phone";
    context_.audit(repeats_.action(), actor, place.address, number, to_string(place) + "; no route is configured");
  }
  calls_.announce_and_refuse(e.tx, e.flow, e.request, std::move(caller), ivr::name(ivr::Prompt::no_emergency_route),
                             503, now);
}

}  // namespace roamdesk::element

#include "exchange/element/call_record.hpp"
#include "exchange/element/element.hpp"
#include "exchange/element/peers.hpp"

// Calls for help (contract §4: never refused, whoever makes them), and who is at an address.
namespace roamdesk::element {

bool Element::is_at(const Mac& device, const sip::FlowAddress& address) const {
  const auto* binding = registrar_.find(device);
  if (!binding || binding->flow.site != address.site || binding->flow.peer.address != address.peer.address)
    return false;
  // Another port of its IP is its own where nobody else is registered at that IP.
  return binding->flow == address || registrar_.at(address.site, address.peer.address).size() == 1;
}

std::optional<Mac> Element::device_at(const sip::FlowAddress& address) const {
  const auto there = registrar_.at(address.site, address.peer.address);
  for (const auto& device : there)
    if (registrar_.find(device)->flow == address) return device;
  return there.size() == 1 ? std::optional{there.front()} : std::nullopt;
}

std::optional<std::string> Element::emergency_of(const sip::Message& request) const {
  if (request.method != "INVITE" || request.to.params.has("tag")) return std::nullopt;
  if (auto service = emergency_service(request.request_uri); !service.empty()) return service;
  const auto& user = request.request_uri.user;
  for (const auto& number : {user, without_separators(user)}) {
    const auto route = routing::route(number, {}, context_.codes(), context_.directory);
    if (const auto* emergency = std::get_if<routing::ToEmergency>(&route)) return emergency->number;
  }
  return std::nullopt;
}

EmergencyPlace Element::place_of(const sip::FlowAddress& address, const std::optional<Mac>& phone,
                                 std::string number) const {
  EmergencyPlace place{address.site, to_string(address.peer), std::move(number), phone};
  if (!phone) return place;
  if (const HotDesk* desk = context_.directory.desk_of(*phone)) {
    place.desk = desk->id.value();
    place.location = desk->options.location.value_or("");
  }
  const auto number_of = person_at(*phone);
  if (const auto* person = number_of ? context_.directory.extension(*number_of) : nullptr) {
    place.extension = person->number.value();
    place.name = person->name;
  }
  return place;
}

std::optional<EmergencyPlace> Element::place_of(const calls::CallInfo& call) const {
  if (!call.emergency_from) return std::nullopt;
  sip::FlowAddress address;
  address.site = call.from_site;
  address.peer = *call.emergency_from;
  return place_of(address, phone_of(call.from_peer), shown_number(call.to.number));
}

void Element::on_emergency(const sip::RequestReceived& e, const std::string& number) {
  calls::Caller caller;
  // Whoever it says it is: only its address is sure, and no person's lamp tells of it.
  caller.party.number = to_string(e.flow.address.peer.address);
  const auto phone = device_at(e.flow.address);
  if (phone) caller.seen = peer_of(*phone);
  const auto place = place_of(e.flow.address, phone, number);
  const auto source = phone ? phone->text() : place.site.value() + ' ' + caller.party.number;
  const auto now = context_.now.mono;
  caller.quiet = !emergencies_told_.take(source, !phone, now);
  if (emergencies_.take(source, now)) {
    if (!caller.quiet)
      world_.publish(Trouble{"call.emergency_without_route", place.address, number + ", " + to_string(place)});
    const auto actor = !place.extension.empty() ? place.extension : !place.desk.empty() ? place.desk : "phone";
    context_.audit("emergency_call", actor, place.address, number, to_string(place) + "; no route is configured");
  }
  calls_.announce_and_refuse(e.tx, e.flow, e.request, std::move(caller), ivr::name(ivr::Prompt::no_emergency_route),
                             503, now);
}

// An in-dialog request (calls::Host).
bool Element::vouches(calls::PeerId peer, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) {
  const auto device = phone_of(peer);
  if (!device) {  // nobody else has a registration, or credentials, here
    refuse({tx, flow, request}, 403);
    return false;
  }
  if (is_at(*device, flow.address)) return true;
  const sip::RequestReceived e{tx, flow, request};
  const auto who = authenticate(e);
  if (!who) return false;
  const auto& account = who->account;
  // The device's own: those that it is registered with; where it isn't, any but of an ended session.
  const auto* binding = registrar_.find(*device);
  const bool current = binding ? binding->digest_user == account.digest_user : account.rights != registrar::Rights::old;
  if (account.device == *device && current && who->rights.takes_place) return true;
  refuse(e, 403);
  return false;
}

bool Element::may_watch(const calls::Caller& by, std::string_view number) {
  // An idle desk watches nobody.
  return by.peer && !by.desk && context_.directory.extension(ExtensionNumber{std::string{number}}) != nullptr;
}

}  // namespace roamdesk::element

#include "exchange/element/emergency_calls.hpp"

#include <algorithm>

#include "exchange/element/call_record.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/ivr/prompt.hpp"
#include "exchange/model/emergency_route.hpp"
#include "exchange/model/location_of.hpp"
#include "exchange/routing/inbound.hpp"

namespace roamdesk::element {
namespace {

constexpr const char* no_route = "no route is configured";

emergency::Source source_of(const emergency::Caller& from, bool stranger) {
  return {from.flow.site, stranger ? to_string(from.flow.peer.address) : from.phone->text(), stranger};
}

}  // namespace

void EmergencyCalls::start() {
  for (const auto& [number, record] : context_.directory.all<EmergencyCallback>()) book_.restore(record);
}

std::optional<routing::ToEmergency> EmergencyCalls::help_of(const sip::RequestReceived& e) const {
  const auto& request = e.request;
  if (request.method != "INVITE" || request.to.params.has("tag")) return std::nullopt;
  if (auto service = emergency_service(request.request_uri); !service.empty())
    return routing::ToEmergency{std::move(service)};
  routing::Dialler dialler;
  dialler.location = location_of(context_.directory, context_.settings(), e.flow.address.site, phone_at(e));
  const auto route = routing::route(request.request_uri.user, dialler, context_.codes(), context_.directory);
  const auto* emergency = std::get_if<routing::ToEmergency>(&route);
  return emergency ? std::optional{*emergency} : std::nullopt;
}

std::optional<Mac> EmergencyCalls::phone_at(const sip::RequestReceived& e) const {
  const auto registered = registrations_.device_at(e.flow.address);
  return registered ? registered : registrations_.left_at(e.flow.address, e.request.from.uri.user);
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
  if (const auto left = left_.find(call.id); left != left_.end() && call.help) return left->second.place;
  if (!call.emergency_from) return std::nullopt;
  sip::FlowAddress address;
  address.site = call.from_site;
  address.peer = *call.emergency_from;
  return place_of(address, phone_of(call.from_peer), shown_number(call.to.number));
}

void EmergencyCalls::write_down(const routing::ToEmergency& help, const EmergencyPlace& place, const Outcome& outcome,
                                bool quiet, std::string more) {
  const auto where = to_string(place) + (help.test ? ", a test" : "") + std::move(more);
  if (!quiet)
    context_.world.publish(
        Trouble{outcome.way ? "call.emergency" : "call.emergency_without_route", place.address,
                help.number + ", " + where + (outcome.words == no_route ? "" : "; " + outcome.words)});
  const auto actor = !place.extension.empty() ? place.extension : !place.desk.empty() ? place.desk : "phone";
  context_.audit(repeats_.action(), actor, place.address, help.number, where + "; " + outcome.words);
}

void EmergencyCalls::answer(const sip::RequestReceived& e, const routing::ToEmergency& help) {
  calls::Caller caller;
  // It was asked for no credentials: only its address is sure, and no person's lamp tells of it.
  caller.party.number = to_string(e.flow.address.peer.address);
  const auto phone = registrations_.device_at(e.flow.address);
  if (phone) caller.seen = peer_of(*phone);
  // A desk whose phone isn't registered any more is where it was; but nothing shows that this is its phone.
  const auto place = place_of(e.flow.address, phone_at(e), help.number);
  const auto source =
      phone ? phone->text() : place.site.value() + ' ' + to_string(e.flow.address.peer.address.source());
  const auto now = context_.now.mono;
  const bool quiet = !told_.take(source, !phone, now);
  // Nothing that is told delays the call.
  const auto outcome = leave(e, help, place, caller);
  if (repeats_.take(source)) write_down(help, place, outcome, quiet);
  if (outcome.way) return;
  caller.quiet = quiet;
  calls_.announce_and_refuse(e.tx, e.flow, e.request, std::move(caller), ivr::name(ivr::Prompt::no_emergency_route),
                             503, now);
}

EmergencyCalls::Outcome EmergencyCalls::find_way(const std::string& number, const EmergencyPlace& place,
                                                 const emergency::Caller& from, bool stranger) {
  const Location* location = location_of(context_.directory, context_.settings(), place.site, place.phone);
  if (!location || emergency_trunks(context_.directory, *location).empty()) return {{}, no_route};
  const auto open = ways_.open(*location);
  if (open.empty()) return {{}, "no trunk of location " + location->name + " can carry a call"};
  Way way;
  way.source = source_of(from, stranger);
  const auto admitted = admission_.take(way.source, context_.now.mono);
  if (!admitted.leaves) return {{}, "too many calls for help from there"};
  way.takes_line = admitted.takes_line;
  way.window = location->callback_window;

  const HotDesk* desk = place.desk.empty() ? nullptr : context_.directory.desk(HotDeskId{place.desk});
  const auto callback = book_.take(*location, open.front().trunk->name, from, context_.now.wall);
  if (callback) store(*callback);
  way.callback = callback ? callback->number : "";
  EmergencyWays::Told told;
  told.number = number_of_service(number, location->address.country);
  told.callback = way.callback;
  const auto who = !place.desk.empty() ? place.desk : place.phone ? place.phone->text() : location->name;
  told.whereabouts = {address_at(*location, desk), "pres:" + who + "@" + context_.options.domain, place.phone,
                      context_.now.wall};
  told.references = location->references;
  way.targets = ways_.targets(open, told);
  auto words = "location " + location->name + (way.callback.empty() ? "" : ", callback " + way.callback);
  for (const auto& each : open) words += (&each == &open.front() ? ", trunk " : ", then ") + each.trunk->name;
  return {std::move(way), std::move(words)};
}

EmergencyCalls::Outcome EmergencyCalls::leave(const sip::RequestReceived& e, const routing::ToEmergency& help,
                                              const EmergencyPlace& place, calls::Caller caller) {
  sip::Uri at;
  at.host = host_of(e.flow.address.peer.address);
  at.port = e.flow.address.peer.port;
  const emergency::Caller from{HotDeskId{place.desk}, place.phone,
                               to_string(e.request.contact.empty() ? at : e.request.contact.front().uri),
                               e.flow.address};
  auto outcome = find_way(help.number, place, from, !caller.seen);
  if (!outcome.way) return outcome;
  auto& way = *outcome.way;
  if (!way.callback.empty()) caller.party.number = way.callback;
  caller.help = calls::Help{way.takes_line, ivr::name(ivr::Prompt::no_emergency_route), {}};
  const auto call = calls_.start_call(e.tx, e.flow, e.request, std::move(caller), {help.number, {}},
                                      std::move(way.targets), false, context_.now.mono);
  if (call)
    left_.emplace(*call, Left{way.source, from, way.callback, way.window, place});
  else
    admission_.ended(way.source);
  return outcome;
}

calls::Route EmergencyCalls::send_on(const routing::ToEmergency& help, const calls::Errand& errand) {
  const auto phone = phone_of(errand.by.peer);
  const auto* binding = phone ? registrations_.find(*phone) : nullptr;
  const bool transfer = errand.diverted.empty();
  calls::Route route;
  if (!binding || !transfer || !phone_of(errand.caller.peer)) {
    route.refused = 403;
    const auto source = phone ? phone->text() : errand.by.party.number;
    if (refused_.take(source))
      context_.audit(refused_.action(), errand.by.party.number, source, help.number,
                     transfer ? "an outside party isn't transferred to help" : "no call is diverted to help");
    return route;
  }
  const auto place = place_of(binding->flow, phone, help.number);
  const emergency::Caller from{HotDeskId{place.desk}, phone, binding->contact, binding->flow};
  auto outcome = find_way(help.number, place, from, false);
  const auto& source = phone->text();
  if (repeats_.take(source))
    write_down(help, place, outcome, !told_.take(source, false, context_.now.mono),
               ", transferring " + errand.caller.party.number);
  if (!outcome.way) {
    route.refused = 503;
    stranded_.insert_or_assign(source, place);
    return route;
  }
  auto& way = *outcome.way;
  route.callee = {help.number, {}};
  route.targets = std::move(way.targets);
  route.help = calls::Help{way.takes_line, {}, way.callback};
  left_.insert_or_assign(errand.call, Left{way.source, from, way.callback, way.window, place, false, true});
  return route;
}

bool EmergencyCalls::begins(const calls::CallChanged& changed) {
  const auto found = left_.find(changed.info.id);
  if (found == left_.end()) return changed.began;
  return changed.info.help && !std::exchange(found->second.begun, true);
}

// The call doesn't wait for it.
void EmergencyCalls::store(const EmergencyCallback& record) { context_.commit({Put<EmergencyCallback>{record}}); }

void EmergencyCalls::handle(const calls::CallChanged& changed) {
  const auto found = left_.find(changed.info.id);
  if (found == left_.end()) return;
  // A transfer to help that has failed leaves a call like another.
  const bool failed = found->second.begun && !changed.info.help;
  if (!changed.ended && !failed) return;
  const auto over = left_.extract(found);
  const Left& left = over.mapped();
  admission_.ended(left.source);
  if (left.callback.empty()) return;
  if (const auto record = book_.ended(left.callback, left.caller, left.window, context_.now.wall)) store(*record);
}

std::optional<CarriedHelp> EmergencyCalls::carried(const calls::CallId& call) const {
  const auto found = left_.find(call);
  if (found == left_.end()) return std::nullopt;
  const Left& left = found->second;
  return CarriedHelp{left.source, left.caller, left.callback, left.window, left.place, left.handed_on};
}

void EmergencyCalls::adopt(const calls::CallId& call, CarriedHelp help) {
  admission_.adopt(help.source);
  left_.emplace(call, Left{std::move(help.source), std::move(help.caller), std::move(help.callback), help.window,
                           std::move(help.place), true, help.handed_on});
}

void EmergencyCalls::handle(const calls::HelpHandedOn& handed) {
  auto entry = left_.extract(handed.from);
  if (!entry) return;
  entry.key() = handed.to;
  entry.mapped().handed_on = true;
  left_.insert(std::move(entry));
}

std::size_t EmergencyCalls::calls_of(const Mac& phone) const {
  return static_cast<std::size_t>(std::count_if(left_.begin(), left_.end(), [&](const auto& entry) {
    return entry.second.caller.phone == phone && !entry.second.handed_on;
  }));
}

std::optional<calls::Target> EmergencyCalls::target_of(const EmergencyCallback& record) const {
  const HotDesk* desk = context_.directory.desk(record.desk);
  const auto phone = desk ? std::optional{desk->mac} : record.phone;
  const calls::Party shown{desk ? desk->id.value() : record.number, {}};
  const auto* binding = phone ? registrations_.find(*phone) : nullptr;
  // Registered as the desk or as a person: it is the desk's phone.
  if (binding)
    if (auto flow = registrations_.flow_of(*binding))
      return calls::Target{std::move(*flow), binding->contact, peer_of(*phone), shown};
  auto flow = context_.world.find_or_open(record.flow);
  if (!flow) return std::nullopt;
  return calls::Target{std::move(*flow), record.contact, phone ? peer_of(*phone) : peer_of(record.flow.peer), shown};
}

bool EmergencyCalls::take_callback(trunks::TrunkNumber trunk, const sip::RequestReceived& e,
                                   const calls::Caller& from) {
  const Trunk& by = *outside_.record(trunk);
  for (const auto& number : routing::numbers_called(by, e.request)) {
    const auto* record = book_.find(number, context_.now.wall);
    if (!record) continue;
    // Another trunk may say what it likes of whom it calls.
    const auto& all = context_.directory.all<Location>();
    const auto location = all.find(record->location);
    const bool its_own =
        record->trunk == by.name ||
        (location != all.end() && std::find(location->second.trunks.begin(), location->second.trunks.end(), by.name) !=
                                      location->second.trunks.end());
    auto target = its_own ? target_of(*record) : std::nullopt;
    if (!target) continue;
    auto caller = from;
    caller.help = calls::Help{};
    const auto rung = target->party;
    context_.audit("emergency_callback", "trunk", to_string(e.flow.address.peer), number,
                   "trunk " + by.name + "; rings " + rung.number);
    caller.toll = trunk_calls_.count_callback(by);
    const auto toll = *caller.toll;
    const auto call = calls_.start_call(e.tx, e.flow, e.request, std::move(caller), rung, {std::move(*target)}, false,
                                        context_.now.mono);
    if (!call) trunk_calls_.over(toll, true);
    return true;
  }
  return false;
}

}  // namespace roamdesk::element

#include "exchange/element/trunk_calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "exchange/calls/privacy.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/trunks/requests.hpp"

namespace roamdesk::element {
namespace {

// A location's number, which a call for help shows: ours, and no person's.
bool is_callback(const Directory& directory, const std::string& number) {
  if (!number.starts_with('+')) return false;
  const auto& all = directory.all<Location>();
  return std::any_of(all.begin(), all.end(), [&](const auto& entry) {
    const auto& numbers = entry.second.callbacks;
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
  });
}

}  // namespace

calls::Manner TrunkCalls::manner_of(const Trunk& trunk) const {
  calls::Manner manner;
  if (auto route = trunks::route_of(trunk)) manner.route.push_back(std::move(*route));
  manner.calls = trunk.calls ? trunk.calls : std::numeric_limits<std::size_t>::max();
  manner.reserved_in = trunk.calls_reserved_in;
  manner.reliable = trunk.reliable;
  manner.late_offers = trunk.late_offers;
  return manner;
}

calls::Manner TrunkCalls::manner_of(const Trunk& trunk, calls::PeerId peer) const {
  auto manner = manner_of(trunk);
  if (!account_of(peer)) return manner;
  // Of one account; the upstream's own are counted by `calls_`.
  manner.calls = calls::Limits{}.calls_of_peer;
  manner.reserved_in = 0;
  return manner;
}

calls::Caller TrunkCalls::caller_of(trunks::TrunkNumber trunk, const sip::Flow& flow,
                                    const sip::Message& invite) const {
  const Trunk& record = *outside_.record(trunk);
  auto who = routing::caller_from(record, invite);
  calls::Caller caller;
  caller.peer = peer_of(trunk);
  caller.hidden = who.hidden;
  caller.party = {std::move(who.identity.number), std::move(who.identity.name)};
  if (caller.party.number.empty() || context_.directory.extension(ExtensionNumber{caller.party.number}))
    caller.party.number = who.hidden ? calls::anonymous().number : "unknown";
  auto manner = manner_of(record, *caller.peer);
  manner.contact = trunks::contact_of(record, flow, flow.address.face, false);
  caller.manner = std::make_shared<const calls::Manner>(std::move(manner));
  return caller;
}

calls::Caller TrunkCalls::caller_of(upstream::AccountNumber account, const sip::Flow& flow,
                                    const sip::Message& invite) const {
  auto record = *upstreams_.record(account);
  // Its numbers are what is dialled there, and no number of a country that would have to be completed.
  record.country.clear();
  auto who = routing::caller_from(record, invite);
  calls::Caller caller;
  caller.peer = peer_of(account);
  caller.hidden = who.hidden;
  caller.party = {std::move(who.identity.number), std::move(who.identity.name)};
  auto& [number, display] = caller.party;
  if (context_.directory.extension(ExtensionNumber{number})) {
    display = display.empty() ? number : fmt::format("{} ({})", display, number);
    number.clear();
  }
  if (number.empty()) number = who.hidden ? calls::anonymous().number : "unknown";
  auto manner = manner_of(record, *caller.peer);
  manner.contact = trunks::contact_of(record, flow, flow.address.face, false);
  caller.manner = std::make_shared<const calls::Manner>(std::move(manner));
  return caller;
}

routing::Identity TrunkCalls::identity_of(const calls::Party& party) const {
  const auto* person = context_.directory.extension(ExtensionNumber{party.number});
  if (!person) return {party.number, party.display};
  return {person->outside_number.empty() ? party.number : person->outside_number, person->name};
}

TrunkCalls::Way TrunkCalls::way_of(const routing::ToOutside& route, const Extension& person, bool hidden) {
  return way(route, person, routing::caller_of(person, hidden || route.hide), {});
}

TrunkCalls::Way TrunkCalls::way_of(const routing::ToUpstream& route, const Extension& person, bool hidden) {
  return way(route, person, routing::caller_of(person, hidden || route.hide), {});
}

TrunkCalls::Way TrunkCalls::way_of(const routing::ToOutside& route, const Extension& person,
                                   const calls::Errand& errand) {
  const auto [caller, forwarders] = shown_of(errand);
  return way(route, person, caller, forwarders);
}

TrunkCalls::Way TrunkCalls::way_of(const routing::ToUpstream& route, const Extension& person,
                                   const calls::Errand& errand) {
  const auto [caller, forwarders] = shown_of(errand);
  return way(route, person, caller, forwarders);
}

std::pair<routing::OutsideCaller, std::vector<routing::Identity>> TrunkCalls::shown_of(
    const calls::Errand& errand) const {
  routing::OutsideCaller caller;
  if (const auto* ours = context_.directory.extension(ExtensionNumber{errand.caller.party.number});
      ours && phone_of(errand.caller.peer)) {
    caller = routing::caller_of(*ours, errand.caller.hidden);
  } else {
    caller.ours = !upstreams_.line_of(errand.caller.peer);
    caller.identity = {errand.caller.party.number, errand.caller.party.display};
    caller.hidden = errand.caller.hidden;
  }
  std::vector<routing::Identity> forwarders;
  for (auto party = errand.diverted.rbegin(); party != errand.diverted.rend(); ++party)
    forwarders.push_back(identity_of(*party));
  // A transfer, too, is sent on by who asks for it.
  if (forwarders.empty() && !caller.ours) forwarders.push_back(identity_of(errand.by.party));
  return {std::move(caller), std::move(forwarders)};
}

calls::Party TrunkCalls::callee_of(const routing::ToUpstream& route) { return {sip::unescape(route.called), {}}; }

calls::Party TrunkCalls::callee_of(const routing::ToOutside& route) {
  return {route.number.e164.empty() ? route.number.dialled : route.number.e164, {}};
}

std::optional<TrunkCalls::Way> TrunkCalls::closed(const Extension& person) {
  const auto limit = calls_.full(person.number, routing::OutsideCalls::of(context_.settings()), context_.now.mono);
  if (!limit) return std::nullopt;
  Way way;
  way.refused = 403;
  way.words = refused_by(*limit, person.number.value(), {});
  way.prompt = ivr::Prompt::limit_reached;
  return way;
}

TrunkCalls::Way TrunkCalls::way(const routing::ToOutside& route, const Extension& person,
                                const routing::OutsideCaller& caller,
                                const std::vector<routing::Identity>& forwarders) {
  if (auto none = closed(person)) return std::move(*none);
  Way way;
  std::optional<std::pair<routing::OutsideLimit, std::string>> full;
  for (const auto& attempt : route.attempts) {
    const auto trunk = outside_.trunks().find(attempt.trunk);
    const auto* record = trunk ? outside_.record(*trunk) : nullptr;
    if (!record || !record->enabled) continue;
    // It is asked once more when it is its turn; known beforehand, the caller hears why.
    if (const auto limit = calls_.full(*record, context_.now.mono)) {
      full = std::pair{*limit, record->name};
      continue;
    }
    const Line line{*record, peer_of(*trunk), outside_.servers_for(*trunk)};
    add(way, line, person, caller, forwarders, attempt.called, callee_of(route));
  }
  if (way.targets.empty()) {
    way.refused = full ? 486 : 503;
    way.words = full ? refused_by(full->first, person.number.value(), full->second) : "No outside line is there";
  }
  return way;
}

TrunkCalls::Way TrunkCalls::way(const routing::ToUpstream& route, const Extension& person,
                                const routing::OutsideCaller& caller,
                                const std::vector<routing::Identity>& forwarders) {
  if (auto none = closed(person)) return std::move(*none);
  Way way;
  const auto place = upstreams_.accounts().of_extension(person.number.value());
  const auto record = place ? upstreams_.record(place->account) : std::nullopt;
  const auto limit = record ? calls_.full(*record, context_.now.mono) : std::nullopt;
  if (record && !limit) {
    const Line line{*record, peer_of(place->account), upstreams_.servers_for(place->account)};
    add(way, line, person, caller, forwarders, route.called, callee_of(route));
  }
  if (way.targets.empty()) {
    way.refused = limit ? 486 : 503;
    way.words = limit ? refused_by(*limit, person.number.value(), record->name) : "The other exchange isn't there";
  }
  return way;
}

void TrunkCalls::add(Way& way, const Line& line, const Extension& person, const routing::OutsideCaller& caller,
                     const std::vector<routing::Identity>& forwarders, const std::string& called,
                     const calls::Party& callee) const {
  auto manner = manner_of(line.record, line.peer);
  manner.payer = person.number.value();
  auto shown = routing::shown_caller(line.record, caller, forwarders, called);
  manner.from = std::move(shown.from);
  manner.headers = std::move(shown.headers);
  manner.to = sip::NameAddr{};
  manner.to->uri = trunks::account_of(line.record);
  manner.to->uri.user = called;
  for (const auto& server : line.servers) {
    auto own = manner;
    own.contact =
        trunks::contact_of(line.record, *server.flow, server.seen_as.value_or(server.flow->address.face), false);
    calls::Target target{*server.flow, to_string(manner.to->uri), line.peer, callee};
    target.manner = std::make_shared<const calls::Manner>(std::move(own));
    if (way.targets.empty())
      way.targets.push_back(std::move(target));
    else
      way.targets.front().then.push_back(std::move(target));
  }
}

void TrunkCalls::replace(Way& way, const sip::Replaces& dialog) {
  const auto say = [&](calls::Target& target) {
    auto manner = *target.manner;
    manner.headers.push_back({"Replaces", to_string(dialog)});
    manner.headers.push_back({"Require", "replaces"});
    target.manner = std::make_shared<const calls::Manner>(std::move(manner));
  };
  for (auto& target : way.targets) {
    say(target);
    for (auto& next : target.then) say(next);
  }
}

// An alarm as well: a stolen password, or a phone that dials by itself, shows here first.
std::string TrunkCalls::refused_by(routing::OutsideLimit limit, const std::string& person, const std::string& trunk) {
  const std::string words = routing::reason_of(limit);
  if (limits_.take(person + " " + std::string{word_of(limit)})) {
    context_.audit(limits_.action(), "extension:" + person, trunk, person, words);
    context_.world.publish(Trouble{limits_.action(), person, words});
  }
  return words;
}

calls::Admission TrunkCalls::admit(calls::PeerId peer, const calls::Manner& manner) {
  const auto trunk = upstreams_.line_of(peer);
  const auto* record = trunk ? outside_.record(*trunk) : nullptr;
  const auto now = context_.now.mono;
  if (!record) return {.status = 503, .words = {}, .trunk_is_full = true};
  if (manner.payer.empty()) return {.toll = calls::TollId{calls_.begin_emergency(*record, now).value()}};
  const auto limits = routing::OutsideCalls::of(context_.settings());
  const auto counted = calls_.begin(ExtensionNumber{manner.payer}, limits, *record, now);
  if (counted) return {.toll = calls::TollId{counted->value()}};
  const auto limit = counted.error();
  return {.status = 403,
          .words = refused_by(limit, manner.payer, record->name),
          .trunk_is_full = routing::is_trunks(limit)};
}

calls::Admission TrunkCalls::admit_test(const Trunk& trunk) {
  const auto counted = calls_.begin(ExtensionNumber{}, {}, trunk, context_.now.mono);
  if (counted) return {.toll = calls::TollId{counted->value()}};
  return {.status = 486, .words = routing::reason_of(counted.error()), .trunk_is_full = true};
}

void TrunkCalls::answered(calls::TollId toll) {
  calls_.answered(routing::OutsideCallId{toll.value()}, context_.now.mono);
}

void TrunkCalls::over(calls::TollId toll, bool carried) {
  const routing::OutsideCallId call{toll.value()};
  if (carried)
    calls_.ended(call, context_.now.mono);
  else
    calls_.taken_back(call);
}

std::optional<calls::TollId> TrunkCalls::count_inbound(const Trunk& trunk) {
  const auto counted = calls_.begin_inbound(trunk);
  return counted ? std::optional{calls::TollId{counted->value()}} : std::nullopt;
}

calls::TollId TrunkCalls::count_callback(const Trunk& trunk) {
  const auto counted = count_inbound(trunk);
  return counted ? *counted : calls::TollId{calls_.begin_emergency(trunk, context_.now.mono).value()};
}

std::optional<routing::CarriedToll> TrunkCalls::carried(calls::TollId toll) const {
  return calls_.carried(routing::OutsideCallId{toll.value()}, context_.now.mono);
}

bool TrunkCalls::adopt(calls::Caller& who, const std::optional<routing::CarriedToll>& toll) {
  const auto account = account_of(who.peer);
  const auto upstream = account ? upstreams_.record(*account) : std::nullopt;
  const auto trunk = trunk_of(who.peer);
  const Trunk* record = upstream ? &*upstream : trunk ? outside_.record(*trunk) : nullptr;
  if (!record || !who.manner || (toll && toll->trunk != record->name)) return false;
  auto manner = manner_of(*record, *who.peer);
  manner.contact = who.manner->contact;
  manner.payer = who.manner->payer;
  manner.help = who.manner->help;
  if (manner.help) manner.late_offers = false;
  who.manner = std::make_shared<const calls::Manner>(std::move(manner));
  if (toll) who.toll = calls::TollId{calls_.adopt(*toll, context_.now.mono).value()};
  return true;
}

void TrunkCalls::remember(const CallRecord& record) {
  if (record.emergency) return;
  // "a": it came or went by that trunk; "a, b": it came by the first and went by the second.
  const auto comma = record.trunk.find(", ");
  const bool hairpin = comma != std::string::npos;
  const auto trunk = hairpin ? record.trunk.substr(comma + 2) : record.trunk;
  const auto* person = context_.directory.extension(ExtensionNumber{record.from});
  if ((!person && !hairpin) || !context_.directory.all<Trunk>().contains(trunk)) return;
  const auto mono = [&](WallTime wall) { return context_.now.mono - (context_.now.wall - wall); };
  calls_.remember({trunk, person ? person->number : ExtensionNumber{}, mono(record.started),
                   record.answered ? std::optional{mono(*record.answered)} : std::nullopt, mono(record.ended)},
                  context_.now.mono);
}

std::vector<sip::Header> TrunkCalls::identity(const Trunk& trunk, const calls::Party& party) const {
  routing::OutsideCaller who;
  if (const auto* person = context_.directory.extension(ExtensionNumber{party.number}))
    who = routing::caller_of(*person, false);
  else
    who = {is_callback(context_.directory, party.number), {party.number, party.display}, calls::is_anonymous(party)};
  return routing::shown_caller(trunk, who, {}, {}).headers;
}

// One server's refusal of one call says nothing of the server, unless it says that it can't serve at all.
void TrunkCalls::handle(const calls::ServerFailed& event) {
  const auto trunk = upstreams_.line_of(event.peer);
  if (!trunk || (event.status != 0 && event.status != 503)) return;
  const auto where = to_string(event.address.peer);
  auto why = event.status ? fmt::format("{} answers {} to INVITE", where, event.status)
                          : fmt::format("{} doesn't answer INVITE", where);
  outside_.trunks().server_failed(*trunk, {event.address.transport, event.address.peer}, std::move(why),
                                  event.retry_after.value_or(std::chrono::seconds{0}), context_.now.mono);
}

void TrunkCalls::handle(const calls::ServerAnswered& event) {
  if (const auto trunk = upstreams_.line_of(event.peer))
    outside_.trunks().server_answered(*trunk, {event.address.transport, event.address.peer}, context_.now.mono);
}

}  // namespace roamdesk::element
